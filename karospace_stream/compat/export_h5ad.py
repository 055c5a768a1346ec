"""The Python interface of the earlier exporter, ``karospace-export``, with the same names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karospace_stream.compat.former_rule import former_rule
from karospace_stream.formats.karospace.layout import names
from karospace_stream.pipeline.api import export


@dataclass(frozen=True, slots=True)
class ExportConfig:
    """Options of `export_h5ad`.

    Attributes
    ----------
    h5ad_path, outdir
        Input file and output folder.
    coords
        Coordinates, such as ``"obsm:spatial"`` or ``"obs:centroid_x_y"``; None finds them.
    annotation_columns
        Columns of ``obs``; None or an empty list for those that rank best.
    genes_mode
        ``"hvgs:N"``, ``"top_mean:N"``, ``"list:PATH"``, or ``"all"``.
    image_path
        Tissue image; None for the one in the file.
    downsample
        Number of random cells to export; None for all.
    gzip
        Whether to compress the files.
    max_asset_mb
        Largest file before compression, in MiB.
    preview
        Whether to draw ``preview.png``.
    dataset_name
        Name of the data set; None for that of the input.
    overwrite
        Whether to replace an existing bundle in ``outdir``, as a whole, once the new one is complete.
    """

    h5ad_path: str | Path
    outdir: str | Path
    coords: str | None = None
    annotation_columns: list[str] | None = None
    genes_mode: str = "hvgs:500"
    image_path: str | Path | None = None
    downsample: int | None = None
    gzip: bool = True
    max_asset_mb: float = 16
    preview: bool = True
    dataset_name: str | None = None
    overwrite: bool = True


def export_h5ad(config: ExportConfig) -> dict[str, Any]:
    """Export a ``.h5ad`` file as a KaroSpace bundle, and return its manifest.

    Parameters
    ----------
    config
        Input, output and options.

    Returns
    -------
    dict
        Contents of ``manifest.json``.

    Raises
    ------
    KaroSpaceError
        As for `karospace_stream.export`.
    """
    export(
        config.h5ad_path,
        config.outdir,
        coords=config.coords or "auto",
        anno=config.annotation_columns or None,
        group_by="none",
        section="none",
        genes=config.genes_mode,
        hvg_flavor=former_rule(config.genes_mode),
        image=config.image_path,
        downsample=config.downsample,
        gzip=config.gzip,
        max_asset_mb=config.max_asset_mb,
        preview=config.preview,
        name=config.dataset_name,
        overwrite=config.overwrite,
    )
    manifest: dict[str, Any] = json.loads((Path(config.outdir) / names.MANIFEST).read_text())
    return manifest

"""The Python interface of ``karospace-export``: the same names, on this engine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karospace_stream.formats.karospace.layout import names
from karospace_stream.pipeline.api import export


@dataclass(frozen=True, slots=True)
class ExportConfig:
    """Options of `export_h5ad`.

    Attributes
    ----------
    h5ad_path, outdir
        Input and output.
    coords
        ``obsm:spatial`` or ``obs:centroid_x_y``; None finds them.
    annotation_columns
        obs columns; None or empty for those that rank best.
    genes_mode
        ``hvgs:N``, ``top_mean:N``, ``list:PATH``, or ``all``.
    image_path, downsample, gzip, max_asset_mb, preview, dataset_name
        As the flags of ``karospace-export``.
    overwrite
        Whether to replace an older bundle in ``outdir`` (entirely, once the new one is complete).
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
    """Export a ``.h5ad`` file, and return the manifest.

    Parameters
    ----------
    config
        What to export, and where to.

    Returns
    -------
    dict
        ``manifest.json`` of the bundle.

    Raises
    ------
    KaroSpaceError
        As `karospace_stream.export`.
    """
    export(
        config.h5ad_path,
        config.outdir,
        coords=config.coords or "auto",
        anno=config.annotation_columns or None,
        genes=config.genes_mode,
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

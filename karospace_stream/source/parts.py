"""The parts of one AnnData, each with its reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from karospace_stream.model.finding import Finding
from karospace_stream.model.inputs.shapes import ShapesInfo
from karospace_stream.model.source import MatrixReader
from karospace_stream.source.elements.arrays import StoredArray
from karospace_stream.source.elements.embeddings import EmbeddingEntry
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.elements.images import StoredImage
from karospace_stream.source.genes.stored_sets import StoredSets
from karospace_stream.source.rankings.ranking import StoredRanking

OBSP = "obsp/"
#: Of entries that are sparse.
OBSM = "obsm/"


@dataclass(frozen=True, slots=True)
class Parts:
    """The contents of a container.

    ``matrices`` has ``X``, ``layers/<key>``, ``raw`` and ``obsp/<key>``; ``aliases`` are further
    names of some of them. ``arrays`` are those of uns, ``palettes`` colours by category, ``others`` the
    paths of parts that are not read, ``texts`` known single texts of uns, ``rankings`` markers, ``sets`` what
    may be gene sets. ``kind``, ``findings``, ``held_nbytes``, ``shapes`` and ``spot_angle`` are those of the
    catalog. ``slides`` are images of a store of several elements (`karospace_stream.images.stored`).
    """

    matrices: Mapping[str, MatrixReader]
    obs: Frame
    var: Frame
    raw_var: Frame | None
    obsm: Mapping[str, EmbeddingEntry]
    images: tuple[StoredImage, ...]
    arrays: Mapping[str, StoredArray]
    aliases: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    palettes: Mapping[str, Mapping[str, StoredArray]] = field(default_factory=dict)
    spot_diameter: float | None = None
    microns_per_pixel: float | None = None
    log_base: float | None = None
    libraries: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    rankings: Mapping[str, StoredRanking] = field(default_factory=dict)
    sets: Mapping[str, StoredSets] = field(default_factory=dict)
    varm: Mapping[str, EmbeddingEntry] = field(default_factory=dict)
    kind: str = ""
    findings: tuple[Finding, ...] = ()
    held_nbytes: int = 0
    slides: tuple[Any, ...] = ()
    shapes: tuple[ShapesInfo, ...] = ()
    spot_angle: float | None = None


def contents(parts: Parts) -> dict[str, Any]:
    """The catalog fields that describe the parts."""
    matrices = parts.matrices
    return {
        "n_cells": parts.obs.n_rows,
        "n_genes": parts.var.n_rows,
        "matrix": matrices["X"].info if "X" in matrices else None,
        "layers": tuple(reader.info for key, reader in matrices.items() if key.startswith("layers/")),
        "raw": matrices["raw"].info if "raw" in matrices else None,
        "obs": parts.obs.infos(),
        "var": parts.var.infos(),
        "raw_var": parts.raw_var.infos() if parts.raw_var else (),
        "obsm": tuple(entry.info(key) for key, entry in parts.obsm.items()),
        "obsp": tuple(key.removeprefix(OBSP) for key in matrices if key.startswith(OBSP)),
        "images": tuple(image.info for image in parts.images),
        "uns": tuple((key, array.shape) for key, array in parts.arrays.items()),
        "sparse": tuple(reader.info for key, reader in matrices.items() if key.startswith(OBSM)),
        "others": parts.others,
        "spot_diameter": parts.spot_diameter,
        "microns_per_pixel": parts.microns_per_pixel,
        "log_base": parts.log_base,
        "libraries": parts.libraries,
        "texts": parts.texts,
        "rankings": tuple(each.info for each in parts.rankings.values()),
        "gene_sets": tuple(parts.sets),
        "varm": tuple(entry.info(key) for key, entry in parts.varm.items()),
        "kind": parts.kind,
        "findings": parts.findings,
        "held_nbytes": parts.held_nbytes,
        "shapes": parts.shapes,
        "spot_angle": parts.spot_angle,
    }

"""``dataset_identity.json``: identifies the export. It is written last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from karospace_stream.formats.cellucid.layout.names import IDENTITY, JSON, Layout, safe_name
from karospace_stream.formats.cellucid.layout.stored import DtypeChoice, Stored, dump
from karospace_stream.formats.cellucid.layout.vectors import VectorField, vectors_entry
from karospace_stream.model.blob import Blob

if TYPE_CHECKING:  # the preview server imports this module, and needs no numpy
    from karospace_stream.model.selection import PageNote

VERSION = 2


@dataclass(frozen=True, slots=True)
class Dataset:
    """The name of the export. Empty strings count as missing, except for ``id``."""

    id: str
    name: str
    description: str = ""
    source_name: str = ""
    source_url: str = ""
    source_citation: str = ""


#: Of what is known about a data set, what the identity has keys for.
ABOUT_ELSEWHERE = ("description", "citation", "source")


@dataclass(frozen=True, slots=True)
class ObsField:
    """One column; ``n_categories`` is None for a continuous one."""

    key: str
    n_categories: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The options that the identity records."""

    compression: int | None
    var: Stored
    obs: Stored
    obs_categorical_dtype: DtypeChoice


def dataset(
    folder: str,
    *,
    name: str | None = None,
    id: str | None = None,
    description: str | None = None,
    source_name: str | None = None,
    source_url: str | None = None,
    source_citation: str | None = None,
) -> Dataset:
    """Fill in missing values: the folder's last part for ``name``, the name's file-name form for ``id``."""
    return Dataset(
        id=safe_name(name or folder) if id is None else id,
        name=folder if name is None else name,
        description=description or "",
        source_name=source_name or "",
        source_url=source_url or "",
        source_citation=source_citation or "",
    )


def default_dimension(dimensions: Sequence[int]) -> Literal[1, 2, 3]:
    """3 if there, else 2, else 1."""
    if 3 in dimensions:
        return 3
    return 2 if 2 in dimensions else 1


def identity(
    layout: Layout,
    about: Dataset,
    *,
    n_cells: int,
    n_genes: int,
    n_edges: int | None,
    dimensions: Sequence[int],
    first: int | None = None,
    obs_fields: Sequence[ObsField],
    vectors: Sequence[VectorField],
    settings: Settings,
    created_at: str,
    generator: str,
    arranged: Mapping[str, Any] | None = None,
    further: Mapping[str, Any] | None = None,
    overlap: PageNote | None = None,
    sections: Mapping[str, Any] | None = None,
) -> Blob:
    """Encode the identity.

    Parameters
    ----------
    n_genes
        Columns of the input matrix, exported or not; 0 without one.
    n_edges
        None without a graph.
    dimensions
        Those that have points.
    first
        The one to open with, if it has points; else 3, 2 or 1, the first that has.
    obs_fields
        In column order.
    created_at
        ``YYYY-MM-DDTHH:MM:SSZ``.
    generator
        Version of the program that wrote the export.
    arranged
        How sections are laid out in the points, which readers need not know; only where they are.
    further
        What else people may read about the data set, such as its title and licence.
    overlap
        The note about sections that lie on top of each other in the points.
    sections
        The sections of a tissue, if the cells of each are one range, which readers need not know.
    """
    shown = sorted(dimensions)
    n_continuous = sum(field.n_categories is None for field in obs_fields)
    content: dict[str, Any] = {
        "version": VERSION,
        "id": about.id,
        "name": about.name,
        "description": about.description,
        "created_at": created_at,
        "cellucid_data_version": generator,
        "stats": {
            "n_cells": n_cells,
            "n_genes": n_genes,
            "n_obs_fields": len(obs_fields),
            "n_categorical_fields": len(obs_fields) - n_continuous,
            "n_continuous_fields": n_continuous,
            "has_connectivity": n_edges is not None,
            "n_edges": n_edges,
        },
        "embeddings": {
            "available_dimensions": shown,
            "default_dimension": first if first in shown else default_dimension(shown),
            "files": {f"{dim}d": layout.points(dim) for dim in shown},
        },
        "obs_fields": [_obs_entry(field) for field in obs_fields],
        "export_settings": {
            "compression": settings.compression,
            "var_quantization": settings.var.bits,
            "obs_continuous_quantization": settings.obs.bits,
            "obs_categorical_dtype": settings.obs_categorical_dtype,
        },
    }
    source = {"name": about.source_name, "url": about.source_url, "citation": about.source_citation}
    content |= {"source": given} if (given := {key: text for key, text in source.items() if text}) else {}
    content |= {"vector_fields": entry} if (entry := vectors_entry(layout, vectors)) else {}
    content |= {} if arranged is None else {"arranged": arranged}
    if overlap is not None:
        content["overlapping_sections"] = {"column": overlap.overlapping, "note": overlap.text}
    content |= {} if sections is None else {"sections": dict(sections)}
    content |= {"about": dict(further)} if further else {}
    return Blob(IDENTITY, dump(content, indent=True), JSON)


def _obs_entry(field: ObsField) -> dict[str, Any]:
    if field.n_categories is None:
        return {"key": field.key, "kind": "continuous"}
    return {"key": field.key, "kind": "category", "n_categories": field.n_categories}

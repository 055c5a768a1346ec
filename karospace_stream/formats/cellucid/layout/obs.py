"""``obs_manifest.json``: the fields of obs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.formats.cellucid.layout.names import JSON, Layout
from karospace_stream.formats.cellucid.layout.stored import FORMAT, CodesDtype, Stored, dump
from karospace_stream.model.blob import Blob


@dataclass(frozen=True, slots=True)
class ContinuousField:
    """A column of numbers. ``low`` and ``high`` are the range, None unless quantised."""

    key: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """The centroid of one category: its name, its coordinates, and the number of cells averaged."""

    category: str
    position: tuple[float, ...]
    n_points: int


@dataclass(frozen=True, slots=True)
class CategoricalField:
    """A column of categories.

    Attributes
    ----------
    categories
        Names in category order.
    codes
        How the codes are stored.
    centroids
        For each dimension that has points, the centroids in category order.
    low, high
        Range of the outlier quantiles; None unless quantised.
    """

    key: str
    categories: tuple[str, ...]
    codes: CodesDtype
    centroids: Mapping[int, Sequence[Label]]
    low: float | None = None
    high: float | None = None


def obs_manifest(
    layout: Layout,
    n_cells: int,
    fields: Iterable[ContinuousField | CategoricalField],
    *,
    stored: Stored,
    compression: int | None,
    centroid_quantile: float | None,
) -> Blob:
    """Encode the manifest.

    Parameters
    ----------
    fields
        In the order of their columns.
    stored
        How continuous values and outlier quantiles are stored.
    compression
        gzip level, None for none.
    centroid_quantile
        As given; None if no centroids were requested.
    """
    all_fields = list(fields)
    continuous = [field for field in all_fields if isinstance(field, ContinuousField)]
    categorical = [field for field in all_fields if isinstance(field, CategoricalField)]
    schemas: dict[str, Any] = {}
    if continuous:
        schemas["continuous"] = _continuous_schema(layout, stored)
    if categorical:
        schemas["categorical"] = _categorical_schema(layout, stored)
    content = {
        "_format": FORMAT,
        "n_points": n_cells,
        "centroid_outlier_quantile": centroid_quantile,
        "latent_key": "latent_space",
        "compression": compression,
        "_obsSchemas": schemas,
        "_continuousFields": [[field.key, *_range(field)] for field in continuous],
        "_categoricalFields": [_categorical_entry(field) for field in categorical],
    }
    return Blob(layout.obs_manifest, dump(content), JSON)


def _continuous_schema(layout: Layout, stored: Stored) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "pathPattern": f"{layout.prefix}{layout.obs_folder}/{{key}}.values.{stored.extension}{layout.suffix}",
        "ext": stored.extension,
        "dtype": stored.dtype,
        "quantized": stored.bits is not None,
    }
    if stored.bits is not None:
        schema["quantizationBits"] = stored.bits
    return schema


def _categorical_schema(layout: Layout, stored: Stored) -> dict[str, Any]:
    fields = f"{layout.prefix}{layout.obs_folder}/{{key}}"
    return {
        "codesPathPattern": f"{fields}.codes.{{ext}}{layout.suffix}",
        "outlierPathPattern": f"{fields}.outliers.{stored.extension}{layout.suffix}",
        "outlierExt": stored.extension,
        "outlierDtype": stored.dtype,
        "outlierQuantized": stored.bits is not None,
    }


def _categorical_entry(field: CategoricalField) -> list[Any]:
    labels = {
        str(n_dims): [
            {"category": one.category, "position": list(one.position), "n_points": one.n_points}
            for one in of_dim
        ]
        for n_dims, of_dim in field.centroids.items()
    }
    codes = field.codes
    return [field.key, list(field.categories), codes.dtype, codes.missing, labels, *_range(field)]


def _range(field: ContinuousField | CategoricalField) -> list[float]:
    return [] if field.low is None or field.high is None else [field.low, field.high]

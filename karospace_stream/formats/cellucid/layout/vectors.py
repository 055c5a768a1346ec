"""Vector fields: the field and dimension of each key, and their entries in the identity."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.formats.cellucid.layout.names import Layout, collisions, safe_name
from karospace_stream.formats.layout.labels import BASIS, label_of

_EXPLICIT = re.compile(r"(.*)_([123])d")
_DEFAULT = "velocity_umap"


@dataclass(frozen=True, slots=True)
class VectorField:
    """One field in one dimension, and its source key."""

    field: str
    n_dims: int
    key: str


@dataclass(frozen=True, slots=True)
class VectorFields:
    """Exported vector fields, and those left out.

    Attributes
    ----------
    kept
        Field by field in the order of their keys (those with a dimension in the key first),
        dimensions rising.
    without_points
        Left out since no points of that dimension are exported.
    """

    kept: tuple[VectorField, ...]
    without_points: tuple[VectorField, ...]


def vector_fields(widths: Mapping[str, int], dimensions: Sequence[int]) -> VectorFields:
    """Derive fields and dimensions from keys: ``<field>_<dim>d``, or ``<field>`` of that width.

    Parameters
    ----------
    widths
        Components of each key's array; an array of one axis has 1.
    dimensions
        Those that have points.

    Raises
    ------
    BadInputError
        If a key names a dimension other than its array's, an array does not have 1, 2 or 3
        components, a field's name is not a valid file name, or two fields differ only in case.
    """
    grouped: dict[str, dict[int, str]] = {}
    explicit = {key: match for key in widths if (match := _EXPLICIT.fullmatch(key))}
    for key, match in explicit.items():
        grouped.setdefault(match[1], {})[int(match[2])] = key
    for key, width in widths.items():
        if key not in explicit:
            _check_width(key, width, (1, 2, 3))
            grouped.setdefault(key, {}).setdefault(width, key)  # the explicit key wins
    _check_fields(grouped)
    every = [VectorField(field, dim, of[dim]) for field, of in grouped.items() for dim in sorted(of)]
    kept = tuple(one for one in every if one.n_dims in dimensions)
    for one in kept:
        _check_width(one.key, widths[one.key], (one.n_dims,))
    return VectorFields(kept, tuple(one for one in every if one.n_dims not in dimensions))


def vectors_entry(layout: Layout, kept: Sequence[VectorField]) -> dict[str, Any] | None:
    """The identity's ``vector_fields``; None without any."""
    dims: dict[str, list[int]] = {}
    for one in kept:
        dims.setdefault(one.field, []).append(one.n_dims)
    fields = {field: _field_entry(layout, field, of) for field, of in dims.items()}
    if not fields:
        return None
    return {"default_field": _DEFAULT if _DEFAULT in fields else min(fields), "fields": fields}


def _field_entry(layout: Layout, field: str, dims: list[int]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "label": label_of(field),
        "available_dimensions": dims,
        "default_dimension": max(dims),
        "files": {f"{dim}d": layout.vectors(field, dim) for dim in dims},
    }
    if field.endswith(BASIS):
        entry["basis"] = "umap"
    return entry


def _check_fields(fields: Mapping[str, object]) -> None:
    for field in fields:
        if safe_name(field) != field:
            raise BadInputError(
                f"The vector field {field!r} cannot be a file name; rename it to {safe_name(field)!r} "
                "in the input, or leave it out."
            )
    for first, second, *_ in collisions(fields):
        raise BadInputError(
            f"The vector fields {first!r} and {second!r} would overwrite each other where case does "
            "not matter; leave out or rename one of them in the input."
        )


def _check_width(key: str, width: int, allowed: tuple[int, ...]) -> None:
    if width not in allowed:
        wanted = " or ".join(map(str, allowed))
        raise BadInputError(
            f"The vector field {key!r} must have {wanted} components, but it has {width}; "
            "leave it out, or rename it to match its dimension."
        )

"""Unite the categories of several columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.joined.columns.elements import Codes, JoinedCategories
from karospace_stream.inputs.joined.pieces import Stack
from karospace_stream.model.column import Categories
from karospace_stream.source.elements.columns import Element


def join_categories(
    parts: Sequence[Element | None], own: Sequence[Categories | None], stack: Stack, note: str = ""
) -> JoinedCategories | None:
    """The categories of all inputs, each where it is first seen; None if the column must become text.

    As in anndata, categories with an order stay categories only if all inputs have the same ones in the same
    order.
    """
    filled = [each for each in own if each is not None and len(each.values)]
    is_ordered = any(each.ordered for each in own if each is not None)
    listed = [each.values.tolist() for each in filled]
    if is_ordered and not all(
        each.ordered and names == listed[0] for each, names in zip(filled, listed, strict=True)
    ):
        return None
    position: dict[Any, int] = {}
    for names in listed:
        for name in names:
            position.setdefault(name, len(position))
    values = _values(filled, list(position))
    known: dict[bytes, Codes] = {}
    codes = [None if each is None else _codes(each, position, known) for each in own]
    return JoinedCategories(
        tuple(parts),
        tuple(codes),
        stack,
        Categories(values, is_ordered),
        tuple(map(str, values.tolist() if values.dtype.kind == "O" else values)),
        "int32",
        note,
    )


def _values(filled: Sequence[Categories], names: list[Any]) -> npt.NDArray[np.generic]:
    if not filled or filled[0].values.dtype.kind == "O":
        values = np.empty(len(names), object)
        values[:] = names
        return values
    return np.array(names, np.result_type(*(each.values.dtype for each in filled)))


def _codes(own: Categories, position: dict[Any, int], known: dict[bytes, Codes]) -> Codes | None:
    """Joined codes of the own ones; None if they are the same. Equal arrays are one."""
    codes = np.array([position[name] for name in own.values.tolist()], np.int32)
    if (codes == np.arange(len(codes))).all():
        return None
    return known.setdefault(codes.tobytes(), codes)

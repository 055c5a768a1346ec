"""The var of several inputs as one data frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.joined.columns.elements import TakenRows
from karospace_stream.inputs.joined.matrix.genes import GeneJoin
from karospace_stream.inputs.joined.merge import choose, equal_columns
from karospace_stream.model.column import Column
from karospace_stream.options.general.joining import Merge
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.source.elements.columns import Element, PlainElement
from karospace_stream.source.elements.frames import Frame


def join_var(
    frames: Sequence[Frame], genes: GeneJoin, merge: Merge, key: str = "var"
) -> tuple[Frame, list[str]]:
    """The columns of the joined genes, and those that are left out because inputs disagree."""
    held = [
        {name: taken(element, rows) for name, element in frame.columns.items()}
        for frame, rows in zip(frames, genes.sources, strict=True)
    ]
    first: dict[int, Column] = {}  # of the column that is compared with others, one after another

    def are_equal(name: str, one: Element, other: Element) -> bool:
        if one.info(name).kind != other.info(name).kind:
            return False
        if id(one) not in first:
            first.clear()
            first[id(one)] = one.read(name, 0, len(genes.names))
        return equal_columns(first[id(one)], other.read(name, 0, len(genes.names)))

    chosen, left = choose(held, merge, are_equal)
    columns = {name: held[number][name] for name, number in chosen.items()}
    return Frame(key, len(genes.names), _index(frames, genes), columns), left


def _index(frames: Sequence[Frame], genes: GeneJoin) -> Element:
    """Names of the genes; from the first input that has all of them."""
    for frame, rows in zip(frames, genes.sources, strict=True):
        if rows is None:
            return frame.index
        if (rows >= 0).all():
            return TakenRows(frame.index, rows)
    return PlainElement(NumpyArray("var/_index", genes.names))


def taken(element: Element, rows: npt.NDArray[np.int32] | None) -> Element:
    """A column of the joined genes."""
    return element if rows is None else TakenRows(element, rows)

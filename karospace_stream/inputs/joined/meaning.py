"""Whether inputs hold values of one kind: counts in one and logarithms in another do not go together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.inputs.named import NamedInput
from karospace_stream.model.finding import Finding
from karospace_stream.model.matrix import DenseBlock
from karospace_stream.model.source import MatrixReader
from karospace_stream.source.problems.unreadable import optional

_MOST_INPUTS = 64
_LINES = 48  # rows, or genes of a CSC matrix, that are looked at
_MOST_VALUES = 1 << 22  # of a chunk of storage


def about_meaning(inputs: Sequence[NamedInput], name: str) -> Iterator[Finding]:
    """A finding if a few rows of each input hold values of different kinds.

    Parameters
    ----------
    name
        The matrix that is exported.
    """
    step = max(1, len(inputs) // _MOST_INPUTS)
    seen: dict[str, str] = {}
    for each in inputs[::step]:
        reader = each.source.parts.matrices.get(name)
        kind = "" if reader is None or each.source.preparation is not None else _kind(reader)
        if kind:
            seen.setdefault(kind, each.key)
    if len(seen) > 1:
        held = " and ".join(f"{kind} in {key}" for kind, key in seen.items())
        yield Finding(
            "mixed-values", f"{name} does not hold the same kind of values in all inputs: {held}", "layer"
        )


def _kind(reader: MatrixReader) -> str:
    """What the first values are; empty if there are none, or reading them would take long."""
    if reader.info.chunk_values > _MOST_VALUES or reader.lazy() is not None:
        return ""
    values: npt.NDArray[Any] = np.zeros(0)
    with optional([], reader.info.name):  # whoever reads all of it says what is wrong
        values = _sample(reader)
    values = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    values = values[values != 0]
    if not values.size:
        return ""
    if (values < 0).any():
        return "scaled values"
    if values.dtype.kind in "bui" or (values == np.floor(values)).all():
        return "counts"
    return "normalised values"


def _sample(reader: MatrixReader) -> npt.NDArray[Any]:
    if reader.info.layout == "csc":
        width = reader.info.shape[1]
        middle = width // 2
        return np.asarray(reader.read_genes(middle, min(width, middle + _LINES)).data)
    block = reader.read_rows(0, min(_LINES, reader.info.shape[0]))
    return np.asarray(block.data).ravel() if isinstance(block, DenseBlock) else np.asarray(block.data)

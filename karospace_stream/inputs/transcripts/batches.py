"""Batches of Arrow as transcripts."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import DamagedError
from karospace_stream.inputs.transcripts.columns import TranscriptColumns
from karospace_stream.inputs.transcripts.table import LEAST_QUALITY, TranscriptBatch
from karospace_stream.model.inputs.farthest import FARTHEST

#: From (x, y, 1) to the coordinates of the cells, row by row; None for the same.
Affine = tuple[tuple[float, float, float], tuple[float, float, float]]


def transcripts_of(
    batch: Any, columns: TranscriptColumns, where: str, affine: Affine | None = None
) -> TranscriptBatch:
    """The transcripts of a record batch of Arrow.

    Raises
    ------
    DamagedError
        If a column has no values of its kind.
    """
    x, y = (_numbers(batch.column(name), name, where) for name in (columns.x, columns.y))
    codes, names = _names(batch.column(columns.gene), columns.gene, where)
    good = np.ones(len(x), bool)
    if columns.quality:
        # What has no quality, such as a row of another program, is no poor one.
        good = ~(_numbers(batch.column(columns.quality), columns.quality, where) < LEAST_QUALITY)
    complete = (np.abs(x) < FARTHEST) & (np.abs(y) < FARTHEST) & (codes >= 0)
    kept = good & complete
    n_poor = int(np.count_nonzero(~good))
    n_incomplete = int(np.count_nonzero(good & ~complete))
    if not kept.all():
        x, y, codes = x[kept], y[kept], codes[kept]
    if affine is not None:
        (a, b, c), (d, e, f) = affine
        x, y = a * x + b * y + c, d * x + e * y + f
    return TranscriptBatch(x, y, codes, names, n_poor, n_incomplete)


def kinds_of(schema: Any) -> dict[str, Literal["numbers", "names", "others"]]:
    """What the columns of a schema of Arrow hold."""
    return {field.name: _kind(field.type) for field in schema}


def _kind(dtype: Any) -> Literal["numbers", "names", "others"]:
    import pyarrow as pa

    if pa.types.is_floating(dtype) or pa.types.is_integer(dtype):
        return "numbers"
    words = dtype.value_type if pa.types.is_dictionary(dtype) else dtype
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return "names" if any(is_kind(words) for is_kind in kinds) else "others"


def _numbers(column: Any, name: str, where: str) -> npt.NDArray[np.float64]:
    if _kind(column.type) != "numbers":
        raise DamagedError(f"{where}: the column {name!r} must hold numbers, but its type is {column.type}")
    values: npt.NDArray[np.float64] = np.asarray(column.to_numpy(zero_copy_only=False), np.float64)
    return values


def _names(column: Any, name: str, where: str) -> tuple[npt.NDArray[np.int32], tuple[str, ...]]:
    """The number of each name, -1 for a missing or an empty one, and the names."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    words = column.dictionary
    if _kind(words.type) != "names":
        raise DamagedError(f"{where}: the column {name!r} must hold names, but its type is {words.type}")
    texts = [_text(each, name, where) for each in words.to_pylist()]
    codes = np.asarray(column.indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int32)
    # One code for each name, and none for an empty one, whatever the dictionary has.
    known = {text: number for number, text in enumerate(dict.fromkeys(filter(None, texts)))}
    turn = np.asarray([*(known.get(text, -1) for text in texts), -1], np.int32)
    return turn[codes], tuple(known)


def _text(word: Any, name: str, where: str) -> str:
    try:
        return word.decode("utf-8") if isinstance(word, bytes) else word or ""
    except UnicodeDecodeError:
        raise DamagedError(f"{where}: a name in the column {name!r} is not UTF-8") from None

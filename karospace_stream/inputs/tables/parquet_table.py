"""Columns of a Parquet file, some rows at a time. Needs pyarrow, which is in the extra ``spatial``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pandas as pd

from karospace_stream.errors import BadInputError, KaroSpaceError
from karospace_stream.inputs.tables.typed import number_column, text_column

#: The first bytes of every Parquet file.
PARQUET = b"PAR1"
_ROWS = 1 << 16  # at a time
# Otherwise all of a column chunk is in memory, which may be all rows.
_BUFFER_NBYTES = 1 << 20


class ArrowColumn:
    """Takes the values of a column as Arrow arrays. Its type is that of the file."""

    lost = False

    def __init__(self, kind: Any) -> None:
        self._kind = kind
        self._texts: list[tuple[npt.NDArray[Any], list[str]]] = []
        self._numbers: list[tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]] = []

    def add(self, values: Any) -> None:
        """Take the values of further rows."""
        if _holds_text(self._kind):
            self._texts.append(_coded(values))
            return
        if _is_decimal(self._kind):
            values = values.cast("float64")
        missing = values.is_null().to_numpy(zero_copy_only=False)
        filled = values.fill_null(False if str(self._kind) == "bool" else 0) if missing.any() else values
        self._numbers.append((filled.to_numpy(zero_copy_only=False), missing))

    def finish(self) -> pd.Series[Any]:
        """All values. Text is a category if any value is there twice; categories keep their order."""
        if not _holds_text(self._kind):
            values, missing = (np.concatenate(each) for each in zip(*self._numbers, strict=True))
            return number_column(values, missing)
        if not hasattr(self._kind, "ordered"):
            return text_column(self._texts)
        return text_column(self._texts, is_category=True, ordered=self._kind.ordered)


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """An open Parquet file.

    Attributes
    ----------
    names
        Of the columns.
    id_name
        The column with the ids if nobody names one: the row names of a data frame of pandas, or the first.
    """

    where: str
    names: tuple[str, ...]
    id_name: str
    file: Any

    def column(self, name: str, *, is_text: bool) -> ArrowColumn:
        """What takes the values of a column."""
        return ArrowColumn(self.file.schema_arrow.field(name).type)

    def texts(self, values: Any) -> list[str | None]:
        """Values as text; None where there is none."""
        return [None if each is None else _text(each) for each in values.to_pylist()]

    def pick(self, values: Any, rows: npt.NDArray[np.bool_]) -> Any:
        """Some of the values."""
        return values.filter(rows.tolist())

    def batches(self, columns: Sequence[str]) -> Iterator[list[Any]]:
        """Arrow arrays of some columns, some rows at a time."""
        with _readable(self.where):
            for batch in self.file.iter_batches(_ROWS, columns=list(columns), use_threads=False):
                yield [batch.column(name) for name in columns]

    def unreadable(self) -> list[tuple[str, str]]:
        """Columns whose type no column of obs has, and why."""
        return [
            (field.name, f"its type must be text, a number or true/false, got {field.type}")
            for field in self.file.schema_arrow
            if not _is_readable(field.type)
        ]


def open_parquet(stream: BinaryIO, where: str) -> ParquetTable:
    """Read the names and types of the columns.

    Raises
    ------
    BadInputError
        If pyarrow is missing, or the file is damaged.
    """
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise BadInputError(
            f"{where} is a Parquet file, for which pyarrow is missing; install it with: "
            "pip install 'karospace-stream[spatial]'"
        ) from error
    with _readable(where):
        file = parquet.ParquetFile(stream, buffer_size=_BUFFER_NBYTES, pre_buffer=False)
        names = tuple(file.schema_arrow.names)
    if not names or not file.metadata.num_rows:
        raise BadInputError(f"{where} has no {'rows' if names else 'columns'}")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadInputError(
            f"{where}: each column must have a name of its own, but {twice!r} is there twice; rename one"
        )
    return ParquetTable(where, names, _row_names(file, names), file)


def _row_names(file: Any, names: Sequence[str]) -> str:
    """The column in which pandas has stored the index of a data frame, else the first one."""
    try:
        stored = json.loads((file.schema_arrow.metadata or {})[b"pandas"])["index_columns"]
    except (KeyError, TypeError, ValueError):
        return names[0]
    return stored[0] if len(stored) == 1 and stored[0] in names else names[0]


@contextmanager
def _readable(where: str) -> Iterator[None]:
    from pyarrow import ArrowException

    try:
        yield
    except KaroSpaceError:  # a store that does not answer is no damage
        raise
    except (ArrowException, OSError) as error:
        reason = " ".join(str(error).split())
        raise BadInputError(
            f"{where} cannot be read as a Parquet file: it is damaged or cut off ({reason[:200]})"
        ) from error


def _is_readable(kind: Any) -> bool:
    from pyarrow import types

    if types.is_dictionary(kind):
        return _is_readable(kind.value_type) and not types.is_dictionary(kind.value_type)
    return not types.is_nested(kind) and not types.is_null(kind)


def _holds_text(kind: Any) -> bool:
    """Whether values become text: also dates, times and categories of any type."""
    from pyarrow import types

    tests = (types.is_boolean, types.is_integer, types.is_floating, types.is_decimal)
    return not any(test(kind) for test in tests)


def _is_decimal(kind: Any) -> bool:
    from pyarrow import types

    return bool(types.is_decimal(kind))


def _coded(values: Any) -> tuple[npt.NDArray[Any], list[str]]:
    """Codes, -1 where missing, and the texts that they stand for."""
    if hasattr(values, "dictionary") and values.dictionary.null_count == 0:
        codes = values.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return codes.astype(np.int32), [_text(each) for each in values.dictionary.to_pylist()]
    texts = [None if each is None else _text(each) for each in values.to_pylist()]
    codes, names = pd.factorize(np.array(texts, object))
    return codes.astype(np.int32), names.tolist()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)

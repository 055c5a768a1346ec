"""Rows of a text file: separated by commas, tabs or semicolons, quoted where needed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, islice
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.tables.typed import TypedColumn
from karospace_stream.units import counted

_SEPARATORS = ("\t", ",", ";")
_HEAD_NBYTES = 64 << 10
_LOOKED_AT = 50  # rows that show which separator it is
_ROWS = 1 << 13  # at a time; more only keep Python's collector busy
_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_OTHERS = {
    b"PK\x03\x04": "a zip file, as Excel workbooks are",
    b"\x89HDF": "an HDF5 file",
    b"%PDF": "a PDF file",
    b"BZh": "compressed with bzip2",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"\xfd7zX": "compressed with xz",
}
_WAY_OUT = "a table must be a text file with commas, tabs or semicolons, or a Parquet file"


@dataclass(frozen=True, slots=True)
class TextTable:
    """The rows of an open file, in order. Read once.

    Attributes
    ----------
    names
        Of the columns, without a name for that of row names if the header has none.
    """

    where: str
    names: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]

    @property
    def id_name(self) -> str:
        """The column with the ids if nobody names one."""
        return self.names[0]

    def column(self, name: str, *, is_text: bool) -> TypedColumn:
        """What takes the values of a column."""
        return TypedColumn(is_text=is_text)

    def texts(self, values: Sequence[str]) -> Sequence[str | None]:
        """Values as text."""
        return values

    def pick(self, values: Sequence[str], rows: npt.NDArray[np.bool_]) -> Sequence[str]:
        """Some of the values."""
        return list(compress(values, rows.tolist()))

    def batches(self, columns: Sequence[str]) -> Iterator[list[Sequence[str]]]:
        """The values of some columns, some rows at a time.

        Raises
        ------
        BadInputError
            Names the first line that has more or fewer values than the header.
        """
        width, places = len(self.names), [self.names.index(name) for name in columns]
        while True:
            batch = []
            for line, row in islice(self.rows, _ROWS):
                if len(row) != width:
                    raise BadInputError(
                        f"{self.where}: each row must have {counted(width, 'value')}, as the first has, but "
                        f"line {line:,} has {len(row)}; correct the line, or put quotes around values that "
                        "contain the separator"
                    )
                batch.append(row)
            if not batch:
                return
            every = list(zip(*batch, strict=True))
            yield [every[place] for place in places]


def open_text(stream: BinaryIO, where: str, names: Sequence[str] | None = None) -> TextTable:
    """Find out how the columns are separated and called.

    Parameters
    ----------
    stream
        The file, inflated, from its beginning.
    names
        Names of the columns if the file has no header.

    Raises
    ------
    BadInputError
        If it is no table, or two of its columns have the same name.
    """
    head = _peek(stream)
    _refuse_other(head, where)
    separator = _separator(head)
    if names is None:
        _refuse_separator(head, where)
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
    rows = _read(text, separator, where)
    first = next(rows, None)
    if first is None:
        raise BadInputError(f"{where} is empty; {_WAY_OUT}")
    if names is not None:
        return TextTable(where, tuple(names), chain([first], rows))
    second = next(rows, None)
    header = [name.strip() for name in first[1]]
    if second is None:
        raise BadInputError(f"{where} has a header, but no rows")
    if len(second[1]) == len(header) + 1:  # as R writes row names
        header = ["", *header]
    _check_names(header, where)
    return TextTable(where, tuple(header), chain([second], rows))


def _peek(stream: BinaryIO) -> bytes:
    """The first bytes of a stream that can look ahead; it stays at its beginning."""
    peek = stream.peek(_HEAD_NBYTES)  # type: ignore[attr-defined]
    return bytes(peek[:_HEAD_NBYTES])


def _refuse_other(head: bytes, where: str) -> None:
    kind = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), None)
    if kind is not None:
        raise BadInputError(f"{where} is {kind}; {_WAY_OUT}")
    if head[:2] in _ENCODINGS:
        raise BadInputError(f"{where} must be UTF-8, but is {_ENCODINGS[head[:2]]}; save it as CSV UTF-8")
    if b"\0" in head:
        raise BadInputError(f"{where} is no text; {_WAY_OUT}")


def _separator(head: bytes) -> str:
    """The separator that gives the first rows the most columns, and all the same number."""
    text = head.decode("utf-8-sig", "replace")
    whole = text[: text.rfind("\n") + 1] or text
    best, found = (False, 0), ","
    for separator in _SEPARATORS:
        lines = csv.reader(io.StringIO(whole, newline=""), delimiter=separator)
        try:
            widths = [len(row) for row in islice((row for row in lines if row), _LOOKED_AT)]
        except csv.Error:
            continue
        if not widths:
            continue
        common = widths[-1] > 1 and all(each == widths[-1] for each in widths[1:])
        score = (common and widths[0] in (widths[-1], widths[-1] - 1), max(widths))
        if score > best:
            best, found = score, separator
    return found


def _refuse_separator(head: bytes, where: str) -> None:
    """Refuse a table whose first two lines have several values, but no separator that is known."""
    lines = [line.strip() for line in head.decode("utf-8-sig", "replace").splitlines() if line.strip()][:2]
    if len(lines) < 2 or any(separator in lines[0] for separator in _SEPARATORS):
        return
    for mark, name in (("|", "|"), (None, "blanks")):
        if all(len(line.split(mark)) > 1 for line in lines):
            raise BadInputError(
                f"{where}: values must be separated by commas, tabs or semicolons, but seem to be separated "
                f"by {name}; save it as CSV"
            )


def _read(text: io.TextIOWrapper, separator: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with the number of the line at which each ends."""
    reader = csv.reader(text, delimiter=separator, strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise BadInputError(
            f"{where}: line {reader.line_num:,} cannot be read as a row of a table ({error}); see whether a "
            "quote is missing"
        ) from error
    except UnicodeDecodeError as error:
        wrong = bytes(error.object[max(0, error.start - 10) : error.end])
        raise BadInputError(f"{where} must be UTF-8, but holds {wrong!r}; save it as CSV UTF-8") from error


def _check_names(names: Sequence[str], where: str) -> None:
    seen: set[str] = set()
    for at, name in enumerate(names):
        if not name and at:
            raise BadInputError(f"{where}: each column must have a name, but column {at + 1} has none")
        if name in seen:
            raise BadInputError(
                f"{where}: each column must have a name of its own, but {name!r} is there twice; rename one"
            )
        seen.add(name)

"""The tables of barcodes and features that go with a matrix as text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.mtx.lines import lines_of, unpacked
from karospace_stream.source.elements.arrays import TEXT, Storage, to_text
from karospace_stream.source.files.stream import AnyFile
from karospace_stream.source.problems.limits import most_text
from karospace_stream.units import format_nbytes


@dataclass(frozen=True, slots=True)
class FirstColumn:
    """The first column of a table of text; see `StoredArray`.

    A packed table cannot be read in parts: each process reads it once, and holds it as long as few others are
    read.
    """

    file: AnyFile
    n_rows: int

    @property
    def key(self) -> str:
        """The file."""
        return self.file.path

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of lines."""
        return (self.n_rows,)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Text."""
        return TEXT

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Some of its values."""
        return to_text(_first_column(self.file, self.n_rows)[bounds[0] if bounds else slice(None)])

    def storage(self) -> Storage:
        """Its layout in the file."""
        return Storage(nbytes=self.file.size)


def count_lines(file: AnyFile, n_rows: int, what: str, matrix: str) -> None:
    """Check that a table has a line for each row or column of the matrix.

    Raises
    ------
    BadInputError
        If it has not.
    """
    found = 0
    for lines in _lines(file, n_rows):
        found += len(_rows(lines))
    if found != n_rows:
        raise _wrong_number(file, found, n_rows, what, matrix)


def read_features(file: AnyFile, n_rows: int, matrix: str) -> list[list[str]]:
    """The columns of the table of features: identifiers, names and, since Cell Ranger 3, types.

    Raises
    ------
    BadInputError
        If there is not one line for each feature, or a line has fewer columns than others.
    """
    text = b"".join(_lines(file, n_rows))
    try:
        rows = [row.decode().rstrip("\r").split("\t") for row in _rows(text)]
    except UnicodeDecodeError as error:
        raise BadInputError(f"{file.path} must be text in UTF-8, but is not; the file is damaged") from error
    if len(rows) != n_rows:
        raise _wrong_number(file, len(rows), n_rows, "features", matrix)
    width = min(map(len, rows), default=1)
    return [[row[at] for row in rows] for at in range(min(width, 3))]


def _lines(file: AnyFile, n_rows: int) -> Any:
    """Whole lines, in pieces; not more than such tables have."""
    most, total = most_text(n_rows), 0
    for lines in lines_of(unpacked(file), file.path):
        total += len(lines)
        if total > most:
            raise BadInputError(f"{file.path} must have at most {format_nbytes(most)} of text, but has more")
        yield lines


def _rows(lines: bytes) -> list[bytes]:
    """The lines with something in them, as pandas reads them."""
    return [line for line in lines.split(b"\n") if line.strip(b" \r")]


@lru_cache(maxsize=4)
def _first_column(file: AnyFile, n_rows: int) -> npt.NDArray[np.bytes_]:
    parts = []
    for lines in _lines(file, n_rows):
        rows = _rows(lines)
        parts.append(np.array([row.partition(b"\t")[0].rstrip(b"\r") for row in rows], np.bytes_))
    found = np.concatenate(parts) if parts else np.empty(0, "S1")
    if len(found) != n_rows:
        raise _wrong_number(file, len(found), n_rows, "barcodes", "the matrix")
    return found


def _wrong_number(file: AnyFile, found: int, n_rows: int, what: str, matrix: str) -> BadInputError:
    return BadInputError(
        f"{file.path} must name the {n_rows:,} {what} of {matrix}, but has {found:,} lines; one of the files "
        "is damaged, or belongs to another matrix"
    )

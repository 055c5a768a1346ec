"""The entries of a Matrix Market file, piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.mtx.header import MtxHeader

_AT_LINE = re.compile(r"Line (\d+): (.*)", re.DOTALL)
_HEADER_LINES = 2  # of the text that SciPy gets
_MOST_INTEGER = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Some entries; rows and columns count from 0."""

    rows: npt.NDArray[np.integer]
    columns: npt.NDArray[np.integer]
    values: npt.NDArray[Any]


def parse(lines: Iterable[bytes], header: MtxHeader, path: str) -> Iterator[Entries]:
    """Parse whole lines, a piece at a time.

    Raises
    ------
    BadInputError
        If a line is no entry of the matrix.
    """
    for text in lines:
        if text.strip():
            yield _parse(text, header, path)


def _parse(text: bytes, header: MtxHeader, path: str) -> Entries:
    from scipy.io import mmread

    if b"\n\n" in text or text.startswith(b"\n") or b"%" in text:
        text = b"".join(
            line for line in text.splitlines(keepends=True) if line.strip() and not line.startswith(b"%")
        )
    n_lines = text.count(b"\n") + (not text.endswith(b"\n"))
    _check_width(text, n_lines, header, path)
    # SciPy reads a whole number up to its point, and passes over the rest.
    field = "real" if header.field == "integer" and b"." in text else header.field
    size = b"%d %d %d\n" % (header.n_rows, header.n_columns, n_lines)
    banner = f"%%MatrixMarket matrix coordinate {field} general\n".encode()
    try:
        found = mmread(BytesIO(b"".join([banner, size, text])), spmatrix=False)
    except (ValueError, OverflowError) as error:
        raise _damaged(str(error), text, header, path) from error
    values = found.data
    if header.field == "integer" and len(values):
        _check_whole(values, path)
    rows, columns = found.coords
    return Entries(rows, columns, values.astype(header.dtype, copy=False))


def _check_width(text: bytes, n_lines: int, header: MtxHeader, path: str) -> None:
    """Reject lines with more than the numbers of an entry; SciPy passes over what follows."""
    width = 2 if header.field == "pattern" else 3
    if text.count(b" ") == (width - 1) * n_lines or len(text.split()) <= width * n_lines:
        return
    line = next(each for each in text.splitlines() if len(each.split()) > width)
    raise BadInputError(
        f"{path} must have {width} numbers in each line, but has the line {line[:80].decode('latin-1')!r}; "
        "the file is damaged"
    )


def _check_whole(values: npt.NDArray[Any], path: str) -> None:
    if max(values.max(), -values.min()) > _MOST_INTEGER:
        raise BadInputError(
            f"{path} must hold whole numbers of up to {_MOST_INTEGER:,}, got {values.max():,}"
        )
    if values.dtype.kind == "f" and (values != np.floor(values)).any():
        wrong = values[values != np.floor(values)][0]
        raise BadInputError(f"{path} must hold whole numbers, as it says itself, but holds {wrong}")


def _damaged(why: str, text: bytes, header: MtxHeader, path: str) -> BadInputError:
    matched = _AT_LINE.match(why)
    shown = ""
    if matched:
        number, why = int(matched[1]) - _HEADER_LINES - 1, matched[2]
        line = text.split(b"\n", number + 1)[number : number + 1]
        shown = f" {line[0][:80].decode('latin-1')!r}" if line else ""
    size = f"{header.n_rows:,} x {header.n_columns:,}"
    return BadInputError(
        f"{path} has a line{shown} that is no entry of a matrix of {size} ({why.strip().lower()}); the file "
        "is damaged"
    )

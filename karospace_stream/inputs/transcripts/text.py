"""Transcripts in a text file: CSV, or separated by tabs or semicolons; also with gzip."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from karospace_stream.errors import BadInputError, DamagedError, KaroSpaceError
from karospace_stream.inputs.parquet import FileReader
from karospace_stream.inputs.transcripts.batches import transcripts_of
from karospace_stream.inputs.transcripts.columns import TranscriptColumns, check_kinds, find_columns
from karospace_stream.inputs.transcripts.table import TranscriptBatch
from karospace_stream.source.files.stored_file import PlainFile
from karospace_stream.source.files.stream import AnyFile
from karospace_stream.source.problems.unreadable import reason

_HEAD_NBYTES = 1 << 16
_BLOCK_NBYTES = 4 << 20
_GZIP = b"\x1f\x8b"
_LOOKED_AT = 20  # rows
_SEPARATORS = (",", "\t", ";")
#: Bytes of a row, at least: two digits, a name of one letter, separators; and as a rule.
_LEAST_ROW, _USUAL_ROW = 6, 48
#: How many times smaller a gzip file of numbers is, at most.
_PACKED = 12

#: Where the part begins and ends; rows belong to the part in which they begin.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TextTranscripts:
    """Rows of a text file; see `TranscriptTable`."""

    file: AnyFile
    names: tuple[str, ...]
    separator: str
    columns: TranscriptColumns
    packed: bool

    @classmethod
    def of(cls, file: AnyFile, given: Sequence[str] = ()) -> TextTranscripts:
        """Read the first line of a file.

        Raises
        ------
        BadInputError, BadOptionError
            If it has none, or no such columns.
        """
        stored = PlainFile(file)
        packed = stored.size >= len(_GZIP) and stored.read(0, len(_GZIP)) == _GZIP
        try:
            with _opened(file, (0, min(stored.size, _HEAD_NBYTES)), packed=packed) as stream:
                head = stream.read(_HEAD_NBYTES)
            line, _, rest = head.partition(b"\n")
            first = line.decode("utf-8-sig").rstrip("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInputError(f"{file.path} is no table of transcripts: {reason(error)}") from error
        separator = max(_SEPARATORS, key=first.count)
        names = tuple(next(csv.reader([first], delimiter=separator), []))
        columns = find_columns(names, file.path, given)
        check_kinds(columns, _kinds(names, rest, separator), file.path, given, numbers_are_names=True)
        return cls(file, names, separator, columns, packed)

    @property
    def where(self) -> str:
        """The file."""
        return self.file.path

    @property
    def most_rows(self) -> int:
        """Number of rows, from the size of the file; at most, if all of them are short."""
        nbytes = PlainFile(self.file).size * (_PACKED if self.packed else 1)
        return nbytes // max(_LEAST_ROW, 2 * len(self.names)) + 1

    @property
    def fingerprint(self) -> str:
        """That of the file."""
        return self.file.fingerprint

    def pieces(self, n_rows: int) -> Sequence[Span]:
        """Cuts anywhere; a gzip file is one part."""
        size = PlainFile(self.file).size
        if self.packed:
            return [(0, size)]
        step = n_rows * _USUAL_ROW
        return [(start, min(size, start + step)) for start in range(0, size, step)]

    def read(self, piece: Span) -> Iterator[TranscriptBatch]:
        """The transcripts whose rows begin in a part; see the protocol."""
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        kinds = {name: pa.float64() for name in self.columns} | {self.columns.gene: pa.string()}
        # The first part begins with the names of the columns.
        read = arrow_csv.ReadOptions(
            use_threads=False,
            block_size=_BLOCK_NBYTES,
            column_names=list(self._distinct),
            skip_rows=int(piece[0] == 0),
        )
        parse = arrow_csv.ParseOptions(delimiter=self.separator)
        convert = arrow_csv.ConvertOptions(
            include_columns=list(self.columns), column_types=kinds, strings_can_be_null=True
        )
        try:
            with _opened(self.file, piece, packed=self.packed) as stream:
                for batch in arrow_csv.open_csv(stream, read, parse, convert):
                    yield transcripts_of(batch, self.columns, self.file.path)
        except KaroSpaceError:  # a store that does not answer is no damage
            raise
        except pa.ArrowInvalid as error:
            if "Empty CSV" not in str(error):  # a part in which no row begins
                raise DamagedError(f"{self.file.path} is damaged: {reason(error)}") from error
        except (OSError, EOFError) as error:
            raise DamagedError(f"{self.file.path} is damaged: {reason(error)}") from error

    @property
    def _distinct(self) -> Iterator[str]:
        """Names of all columns; those that nobody needs may repeat."""
        needed, seen = set(self.columns), set()
        for number, name in enumerate(self.names):
            yield name if name in needed and name not in seen else f"\0{number}"
            seen.add(name)


def _kinds(
    names: Sequence[str], data: bytes, separator: str
) -> dict[str, Literal["numbers", "names", "others"]]:
    """What the columns hold by the first rows."""
    lines = data.decode("utf-8", "replace").splitlines()[:_LOOKED_AT]
    rows = list(csv.reader(lines, delimiter=separator))
    columns = zip(*(row for row in rows if len(row) == len(names)), strict=True)
    found = zip(names, columns, strict=False)
    return {name: "numbers" if any(map(_is_number, values)) else "names" for name, values in found}


def _is_number(text: str) -> bool:
    try:
        float(text or "nan")
    except ValueError:
        return False
    return True


class _Rows(io.RawIOBase):
    """The rows of a file that begin in a part of it, and the rest of the last one."""

    def __init__(self, file: AnyFile, span: Span) -> None:
        self._file = PlainFile(file)
        self._at, self._stop = span
        self._last = b"\n"
        if self._at:
            self._skip_cut_row()

    def readable(self) -> bool:
        """True."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Some bytes; none at the end."""
        most = _BLOCK_NBYTES if size is None or size < 0 else size
        if self._at < self._stop:
            return self._advance(self._file.read(self._at, min(most, self._stop - self._at)))
        if self._last == b"\n":
            return b""
        found, end = self._to_line_end(min(most, _HEAD_NBYTES))
        return self._advance(found[:end] if end else found)

    def _advance(self, data: bytes) -> bytes:
        self._at += len(data)
        self._last = data[-1:] or b"\n"
        return data

    def _skip_cut_row(self) -> None:
        self._at -= 1  # a line may end right before the part
        end = 0
        while not end and self._at < self._file.size:
            found, end = self._to_line_end(_HEAD_NBYTES)
            self._at += end or len(found)

    def _to_line_end(self, most: int) -> tuple[bytes, int]:
        """The next bytes, and where among them the line ends; 0 if it does not."""
        left = min(most, self._file.size - self._at)
        data = self._file.read(self._at, left) if left > 0 else b""
        return data, data.find(b"\n") + 1


def _opened(file: AnyFile, span: Span, *, packed: bool) -> Any:
    """A stream of bytes, for pyarrow."""
    import pyarrow as pa

    if packed:
        return pa.CompressedInputStream(pa.PythonFile(FileReader(PlainFile(file)), "r"), "gzip")
    return pa.PythonFile(_Rows(file, span), "r")

"""The first lines of a Matrix Market file."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.mtx.lines import is_packed, unpacked
from karospace_stream.source.files.inflate import DEFLATE_RATIO
from karospace_stream.source.files.stream import AnyFile

_SHORTEST_LINE = 4  # of an entry, with its end
_LONGEST = 1 << 20  # bytes of the comments
_TYPES = {"integer": "int32", "real": "float32", "double": "float32", "pattern": "float32"}


@dataclass(frozen=True, slots=True)
class MtxHeader:
    """What a file says of its entries.

    Attributes
    ----------
    field
        ``"integer"``, ``"real"`` or ``"pattern"``, whose entries have no values.
    nbytes
        Length of the header, unpacked.
    """

    field: str
    n_rows: int
    n_columns: int
    n_entries: int
    nbytes: int

    @property
    def dtype(self) -> str:
        """Type of the values, as we have them."""
        return _TYPES[self.field]


def read_header(file: AnyFile) -> MtxHeader:
    """Read the first lines.

    Raises
    ------
    BadInputError
        If they are not those of a sparse matrix of numbers.
    """
    text = b""
    for piece in unpacked(file):
        text += piece
        if (found := _header(text, file.path)) is not None:
            _check_number(found, file)
            return found
        if len(text) > _LONGEST:
            break
    raise BadInputError(
        f"{file.path} must begin with %%MatrixMarket and the numbers of rows, columns and entries, but ends, "
        "or has other text, before them"
    )


def _check_number(header: MtxHeader, file: AnyFile) -> None:
    """Reject more entries than the file can hold."""
    most = file.size * (DEFLATE_RATIO if is_packed(file) else 1) // _SHORTEST_LINE
    if header.n_entries > most + 1:
        raise BadInputError(
            f"{file.path} must have {header.n_entries:,} entries, as it says itself, but is too small for "
            "them; it is damaged, or not complete"
        )


def _header(text: bytes, path: str) -> MtxHeader | None:
    """None if the text does not reach to the end of the header."""
    field = _field(text, path)
    at = 0
    while (end := text.find(b"\n", at)) >= 0:
        line = text[at:end].strip()
        if line and not line.startswith(b"%"):
            return MtxHeader(field, *_sizes(line, path), nbytes=end + 1)
        at = end + 1
    return None


def _field(text: bytes, path: str) -> str:
    words = text[:200].split(b"\n")[0].decode("latin-1").lower().split()
    if words[:2] != ["%%matrixmarket", "matrix"] or len(words) != 5:
        raise BadInputError(f"{path} must be a Matrix Market file, which begins with %%MatrixMarket matrix")
    form, field, symmetry = words[2:]
    if form != "coordinate" or field not in _TYPES or symmetry != "general":
        raise BadInputError(
            f"{path} must hold a sparse matrix of numbers (coordinate, integer, real or pattern, general), "
            f"got {form} {field} {symmetry}"
        )
    return "real" if field == "double" else field


def _sizes(line: bytes, path: str) -> tuple[int, int, int]:
    parts = line.split()
    if len(parts) != 3 or not all(part.isdigit() and len(part) < 19 for part in parts):
        raise BadInputError(
            f"{path} must say its numbers of rows, columns and entries after the comments, got {line[:80]!r}"
        )
    rows, columns, entries = map(int, parts)
    return rows, columns, entries

"""Make cell and gene names unique by anndata's rule, without holding all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from pandas.util import hash_array

from karospace_stream.errors import BadInputError
from karospace_stream.formats.anndata.arrays.chunks import ChunkWriter
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.arrays.rows import write_rows
from karospace_stream.formats.anndata.arrays.surrogates import half_character
from karospace_stream.formats.anndata.layout.arrays import ArraySpec, vector_chunks
from karospace_stream.formats.anndata.layout.groups import TEXT

Names = npt.NDArray[np.object_]
Hashes = npt.NDArray[np.uint64]


def write_names(
    chunks: ChunkWriter, path: str, n_rows: int, read: Callable[[], Iterator[Names]], what: str
) -> Written:
    """Write an index. Holds eight bytes per name, and the duplicate names.

    Raises
    ------
    BadInputError
        If a name is empty.
    """
    renamed: list[tuple[str, str]] = []
    pieces = unique_names(n_rows, read, what, renamed)
    return write_index(chunks, path, n_rows, pieces, renamed, what)


def write_index(
    chunks: ChunkWriter,
    path: str,
    n_rows: int,
    pieces: Iterator[Names],
    renamed: list[tuple[str, str]],
    what: str,
) -> Written:
    """Write unique names; ``renamed`` is read once all of them have arrived."""
    spec = chunks.laid(ArraySpec(path, (n_rows,), vector_chunks(n_rows), "str", attributes=TEXT))
    with chunks.batch() as batch:
        receipts = write_rows(batch, spec, pieces)
    return Written((spec,), tuple(receipts), tuple(_note(renamed, what)))


def unique_names(
    n_rows: int, read: Callable[[], Iterator[Names]], what: str, renamed: list[tuple[str, str]]
) -> Iterator[Names]:
    """Make the names unique; changed ones are added to ``renamed``, old and new.

    Raises
    ------
    BadInputError
        If a name is empty.
    """
    seen = _hashes(n_rows, read, what)
    twice = repeated(seen)
    return _unique(read, seen, _several(read, twice), renamed) if len(twice) else read()


def _hashes(n_rows: int, read: Callable[[], Iterator[Names]], what: str) -> Hashes:
    """Hash all names; sorted."""
    found, at = np.empty(n_rows, np.uint64), 0
    for names in read():
        if not all(names):
            row = at + next(offset for offset, name in enumerate(names) if not name)
            raise BadInputError(
                f"every {what} must have a name, but that of {what} {row:,} is empty; name it in the input"
            )
        found[at : at + len(names)] = hashes_of(names)
        at += len(names)
    found.sort()
    return found


def hashes_of(names: Names) -> Hashes:
    """Hash each string to 64 bits.

    Raises
    ------
    BadInputError
        If one is not valid Unicode.
    """
    try:
        return hash_array(names, categorize=False)
    except UnicodeEncodeError as error:
        raise half_character("names and texts", error) from error


def repeated(sorted_hashes: Hashes) -> Hashes:
    """Values that occur more than once."""
    return np.unique(sorted_hashes[1:][sorted_hashes[1:] == sorted_hashes[:-1]])


def _is_in(some: Hashes, sorted_hashes: Hashes) -> npt.NDArray[np.bool_]:
    positions = np.searchsorted(sorted_hashes, some)
    positions[positions == len(sorted_hashes)] = 0
    found: npt.NDArray[np.bool_] = sorted_hashes[positions] == some
    return found


def _several(read: Callable[[], Iterator[Names]], twice: Hashes) -> set[str]:
    """Names that occur more than once: those with equal hashes, compared themselves."""
    once: set[str] = set()
    several: set[str] = set()
    for names in read():
        for name in names[_is_in(hashes_of(names), twice)].tolist():
            (several if name in once else once).add(name)
    return several


def _unique(
    read: Callable[[], Iterator[Names]], seen: Hashes, several: set[str], renamed: list[tuple[str, str]]
) -> Iterator[Names]:
    """Make names unique: repeats get ``-1``, ``-2``, ..., the first that is free.

    A name whose hash occurs counts as taken: a number is skipped because of a mere hash collision once in
    10^12 cases.
    """
    counts: dict[str, int] = {}
    new: set[str] = set()
    for names in read():
        out = names.copy()
        for row, name in enumerate(names.tolist()):
            if name not in several:
                continue
            if name not in counts:
                counts[name] = 0
                continue
            while True:
                counts[name] += 1
                wanted = f"{name}-{counts[name]}"
                if wanted not in new and not _is_in(hashes_of(np.array([wanted], object)), seen)[0]:
                    break
            new.add(wanted)
            out[row] = wanted
            renamed.append((name, wanted))
        yield out


def _note(renamed: list[tuple[str, str]], what: str) -> Iterator[str]:
    if renamed:
        before, after = renamed[0]
        names = f"{len(renamed):,} {what} name{'s' if len(renamed) > 1 else ''}"
        yield f"{names} that another {what} has got a number at the end, such as {before!r}: {after!r}"

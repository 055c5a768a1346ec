"""Bring the entries of a matrix as text into the order of its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.mtx.entries import Entries, parse
from karospace_stream.inputs.folders.mtx.header import MtxHeader
from karospace_stream.inputs.folders.mtx.lines import LONGEST_LINE, lines_of, stored, unpacked
from karospace_stream.inputs.striped.reader import striped_reader
from karospace_stream.inputs.striped.stripes import Piece, Stripes
from karospace_stream.inputs.striped.turned import with_matrices
from karospace_stream.inputs.striped.write import put_entries
from karospace_stream.model.source import ScratchFiles
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.files.stream import AnyFile

_PREFIX = "mtx"
_STEP_NBYTES = 64 << 20  # of text, if it can be read from anywhere
_VALUE_NBYTES = 64  # memory for an entry: as parsed, sorted, packed, and joined to one file
_FEWEST, _MOST = 1 << 16, 4 << 20  # entries of a piece


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of the text: bytes ``start`` to ``stop`` of it, or all of a packed file."""

    number: int
    start: int
    stop: int
    most_values: int


@dataclass(frozen=True, slots=True)
class SortedText:
    """The `Preparation` of a matrix as text.

    Attributes
    ----------
    features
        Rows of the file that are read, ascending; None for all.
    """

    source: AnnDataSource
    file: AnyFile
    header: MtxHeader
    packed: bool
    features: npt.NDArray[np.int64] | None

    @property
    def scratch_nbytes(self) -> int:
        """Bytes that it writes to scratch, at most."""
        return self.header.n_entries * self._stripes().value_nbytes + 8 * self.header.n_columns

    def steps(self, task_nbytes: int) -> list[TextPart]:
        """Parts of the text; a packed file can only be read from its beginning."""
        most = max(_FEWEST, min(_MOST, task_nbytes // _VALUE_NBYTES))
        if self.packed:
            return [TextPart(0, 0, self.file.size, most)]
        cuts = [*range(self.header.nbytes, self.file.size, _STEP_NBYTES), self.file.size]
        return [TextPart(number, *part, most) for number, part in enumerate(pairwise(cuts))]

    def run(self, step: TextPart, files: ScratchFiles) -> tuple[tuple[Piece, ...], int]:
        """Write the entries of one part; returns what was written, and how many entries there are."""
        pieces: list[Piece] = []
        n_entries = 0
        held: list[Entries] = []
        for entries in parse(self._lines(step), self.header, self.file.path):
            n_entries += len(entries.values)
            self._check(n_entries, over=True)
            held.append(entries)
            if sum(len(each.values) for each in held) >= step.most_values:
                pieces.append(self._put(step, len(pieces), held, files))
                held = []
        pieces.append(self._put(step, len(pieces), held, files))
        return tuple(pieces), n_entries

    def finish(self, results: Sequence[tuple[tuple[Piece, ...], int]], files: ScratchFiles) -> AnnDataSource:
        """The source that reads what was sorted."""
        self._check(sum(n for _, n in results), over=False)
        pieces = [piece for some, _ in results for piece in some]
        reader = striped_reader("X", self._stripes(), pieces, files, _PREFIX)
        return replace(with_matrices(self.source, {"X": reader}), preparation=None)

    def _check(self, n_entries: int, *, over: bool) -> None:
        wanted = self.header.n_entries
        if n_entries > wanted or (n_entries < wanted and not over):
            found = f"more than {wanted:,}" if over else f"{n_entries:,}"
            raise BadInputError(
                f"{self.file.path} must have {wanted:,} entries, as it says itself, but has {found}; it is "
                "damaged, or not complete"
            )

    def _lines(self, step: TextPart) -> Iterator[bytes]:
        path = self.file.path
        if self.packed:
            return lines_of(_without(unpacked(self.file), self.header.nbytes), path)
        start, stop = self._line_begin(step.start), self._line_begin(step.stop)
        return lines_of(stored(self.file, start, stop), path)

    def _line_begin(self, at: int) -> int:
        """Where the first line begins at or after a position."""
        if at in (self.header.nbytes, self.file.size):
            return at
        before = at - 1
        for piece in stored(self.file, before, min(self.file.size, at + LONGEST_LINE)):
            if (found := piece.find(b"\n")) >= 0:
                return before + found + 1
            before += len(piece)
        return before

    def _put(self, step: TextPart, number: int, held: list[Entries], files: ScratchFiles) -> Piece:
        rows, cells, values = (
            np.concatenate([getattr(each, name) for each in held]) if held else np.empty(0, np.int64)
            for name in ("rows", "columns", "values")
        )
        held.clear()
        if self.features is not None:
            number_of = np.full(self.header.n_rows, -1, np.int64)
            number_of[self.features] = np.arange(len(self.features))
            rows = number_of[rows]
            kept = rows >= 0
            rows, cells, values = rows[kept], cells[kept], values[kept]
        key = f"{_PREFIX}_{step.number:05d}_{number:05d}"
        return put_entries(files, key, self._stripes(), cells, rows, values)

    def _stripes(self) -> Stripes:
        n_features = self.header.n_rows if self.features is None else len(self.features)
        return Stripes.of((self.header.n_columns, n_features), self.header.dtype, self.header.n_entries)


def _without(pieces: Iterator[bytes], nbytes: int) -> Iterator[bytes]:
    """The text without its first bytes."""
    for piece in pieces:
        yield piece[nbytes:]
        nbytes = max(0, nbytes - len(piece))

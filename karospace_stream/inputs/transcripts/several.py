"""The tables of several inputs as one, each moved to where the cells of its input are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from karospace_stream.inputs.transcripts.table import TranscriptBatch, TranscriptTable

Shift = tuple[float, float]


@dataclass(frozen=True, slots=True)
class SeveralTables:
    """Tables, one after another; see `TranscriptTable`."""

    tables: tuple[TranscriptTable, ...]
    shifts: tuple[Shift, ...]

    @property
    def where(self) -> str:
        """The first of them, and how many others there are."""
        first, *others = (each.where for each in self.tables)
        if not others:
            return first
        return f"{first} and {others[0] if len(others) == 1 else f'{len(others)} other tables'}"

    @property
    def most_rows(self) -> int:
        """Rows of all."""
        return sum(each.most_rows for each in self.tables)

    @property
    def fingerprint(self) -> str:
        """Those of all, in their order."""
        return "\n".join(each.fingerprint for each in self.tables)

    def pieces(self, n_rows: int) -> Sequence[tuple[int, Any]]:
        """The number of a table, and a piece of it."""
        return [(number, piece) for number, each in enumerate(self.tables) for piece in each.pieces(n_rows)]

    def read(self, piece: tuple[int, Any]) -> Iterator[TranscriptBatch]:
        """The transcripts of a piece, moved; see the protocol."""
        number, own = piece
        x, y = self.shifts[number]
        for batch in self.tables[number].read(own):
            yield replace(batch, x=batch.x + x, y=batch.y + y) if (x or y) else batch

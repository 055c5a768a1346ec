"""The first rows of a table as text, to see how well it compresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from karospace_stream.encode.packed_share import packed_share
from karospace_stream.encode.tables import Values, csv_pieces, json_pieces

_ROWS, _COLUMNS = 256, 64


@dataclass(frozen=True, slots=True)
class FirstRows:
    """Keeps the first values of the first columns that pass by."""

    header: Sequence[str]
    columns: list[Values] = field(default_factory=list)

    def keep(self, columns: Iterable[Values]) -> Iterator[Values]:
        """The same columns; of some of them the first values are kept."""
        for column in columns:
            if len(self.columns) < _COLUMNS:
                self.columns.append(column[:_ROWS])
            yield column

    def packed_shares(self, level: int) -> tuple[float, float]:
        """Compressed bytes for each byte, as CSV and as JSON."""
        header = self.header[: len(self.columns)]
        as_csv, as_json = csv_pieces(header, [self.columns]), json_pieces(header, [self.columns])
        return packed_share(b"".join(as_csv), level), packed_share(b"".join(as_json), level)

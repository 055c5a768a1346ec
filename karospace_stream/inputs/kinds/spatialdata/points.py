"""Points of a store, in one or several Parquet files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.kinds.spatialdata.centers import Centers
from karospace_stream.inputs.kinds.spatialdata.shapes import BATCH_NBYTES, MOST_AT_ONCE, IndexedParquet
from karospace_stream.source.files.stored_file import StoredFile


@dataclass(frozen=True, slots=True)
class ParquetPoints:
    """Points by the index of their table; see `karospace_stream.inputs.kinds.spatialdata.centers.Element`."""

    name: str
    tables: tuple[IndexedParquet, ...]
    axes: tuple[str, ...]

    @classmethod
    def of(cls, name: str, files: Sequence[StoredFile], axes: Sequence[str]) -> ParquetPoints:
        """Describe files; reads their footers.

        Raises
        ------
        BadInputError
            If there is none, or one is damaged.
        """
        if not files:
            raise BadInputError("it has no points.parquet")
        wanted = tuple(axis for axis in ("x", "y", "z") if axis in axes or axis != "z")
        return cls(name, tuple(IndexedParquet.of(file, wanted) for file in files), wanted)

    @property
    def what(self) -> str:
        """For messages."""
        return f"the points {self.name!r}"

    @property
    def n_axes(self) -> int:
        """2 or 3."""
        return len(self.axes)

    @property
    def piece_nbytes(self) -> int:
        """Memory of some rows."""
        return BATCH_NBYTES

    @property
    def most_instances(self) -> int:
        """Number of points."""
        return sum(table.n_rows for table in self.tables)

    @property
    def cost(self) -> float:
        """Time that reading takes."""
        return self.most_instances / MOST_AT_ONCE

    @property
    def diameter(self) -> float | None:
        """Points have none."""
        return None

    def pieces(self, task_nbytes: int) -> Sequence[tuple[int, int]]:
        """Row groups of the files."""
        return [(n, group) for n, table in enumerate(self.tables) for group in range(len(table.row_groups))]

    def read(self, piece: tuple[int, int]) -> Centers:
        """The points of one row group; see the protocol."""
        file, group = piece
        ids, places = [np.empty(0, np.int64)], [np.empty((0, len(self.axes)))]
        for names, batch in self.tables[file].batches(group, self.axes):
            columns = [batch.column(axis).to_numpy(zero_copy_only=False) for axis in self.axes]
            ids.append(names)
            places.append(np.column_stack(columns).astype(np.float64))
        return Centers(np.concatenate(ids[1:] or ids), np.concatenate(places))

"""Transcripts in one or several Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.errors import BadInputError, DamagedError, KaroSpaceError
from karospace_stream.inputs.parquet import open_parquet
from karospace_stream.inputs.transcripts.batches import Affine, kinds_of, transcripts_of
from karospace_stream.inputs.transcripts.columns import TranscriptColumns, check_kinds, find_columns
from karospace_stream.inputs.transcripts.table import BATCH_ROWS, TranscriptBatch
from karospace_stream.source.files.stored_file import PlainFile
from karospace_stream.source.files.stream import AnyFile
from karospace_stream.source.problems.unreadable import reason

#: File, and the first and the last row group, that one excluded.
Groups = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class ParquetTranscripts:
    """Rows of Parquet files with the same columns; see `TranscriptTable`."""

    where: str
    files: tuple[AnyFile, ...]
    columns: TranscriptColumns
    row_groups: tuple[tuple[int, ...], ...]
    affine: Affine | None = None

    @classmethod
    def of(
        cls,
        where: str,
        files: Sequence[AnyFile],
        given: Sequence[str] = (),
        feature: str = "",
        affine: Affine | None = None,
    ) -> ParquetTranscripts:
        """Read the footers of files.

        Raises
        ------
        BadInputError, BadOptionError
            If one is damaged, or has no such columns.
        """
        if not files:
            raise BadInputError(f"{where} has no Parquet file")
        opened = [open_parquet(PlainFile(file)) for file in files]
        columns = find_columns(opened[0].schema_arrow.names, where, given, feature)
        for file, each in zip(files, opened, strict=True):
            if lacking := [name for name in columns if name not in each.schema_arrow.names]:
                raise BadInputError(f"{file.path} has no column {lacking[0]!r}, but {files[0].path} has one")
        check_kinds(columns, kinds_of(opened[0].schema_arrow), where, given)
        groups = tuple(
            tuple(each.metadata.row_group(number).num_rows for number in range(each.metadata.num_row_groups))
            for each in opened
        )
        return cls(where, tuple(files), columns, groups, affine)

    @property
    def most_rows(self) -> int:
        """Number of rows."""
        return sum(map(sum, self.row_groups))

    @property
    def fingerprint(self) -> str:
        """Those of its files."""
        return " ".join(file.fingerprint for file in self.files)

    def pieces(self, n_rows: int) -> Sequence[Groups]:
        """Neighbouring row groups of a file."""
        found: list[Groups] = []
        for file, groups in enumerate(self.row_groups):
            first, held = 0, 0
            for group, length in enumerate(groups):
                if held and held + length > n_rows:
                    found.append((file, first, group))
                    first, held = group, 0
                held += length
            if held:
                found.append((file, first, len(groups)))
        return found

    def read(self, piece: Groups) -> Iterator[TranscriptBatch]:
        """The transcripts of some row groups; see the protocol."""
        number, first, stop = piece
        file = self.files[number]
        opened = open_parquet(PlainFile(file))
        several = opened.iter_batches(
            BATCH_ROWS, row_groups=list(range(first, stop)), columns=list(self.columns), use_threads=False
        )
        while (batch := _next(several, file.path)) is not None:
            yield transcripts_of(batch, self.columns, file.path, self.affine)


def _next(batches: Iterator[Any], where: str) -> Any | None:
    try:
        return next(batches, None)
    except KaroSpaceError:  # a store that does not answer is no damage
        raise
    except Exception as error:  # pyarrow's own kinds, and OSError
        raise DamagedError(f"{where} is damaged: {reason(error)}") from error

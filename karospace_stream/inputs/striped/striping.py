"""What all work has in common that makes rows in scratch of a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from karospace_stream.inputs.striped.reader import StripedReader, striped_reader
from karospace_stream.inputs.striped.stripes import Piece, Stripes
from karospace_stream.inputs.striped.to_come import RowsToCome, rows_to_come
from karospace_stream.model.source import MatrixReader, ScratchFiles


@dataclass(frozen=True, slots=True, eq=False)
class Striping:
    """The work that makes a `StripedReader` of one matrix; a subclass has its steps.

    Attributes
    ----------
    prefix
        Begins the names of its files in scratch. Matrices that are prepared together need different ones.
    """

    reader: MatrixReader
    prefix: str

    @property
    def stand_in(self) -> RowsToCome:
        """What a plan reads until then."""
        info = self.reader.info
        exactly = info.layout != "dense" and info.nnz is not None
        return rows_to_come(
            info.name, info.shape, info.dtype, self._most_values, info.stored_nbytes, exactly=exactly
        )

    @property
    def scratch_nbytes(self) -> int:
        """Bytes that it writes to scratch, at most."""
        return self._most_values * self._stripes().value_nbytes + 8 * self.reader.info.shape[0]

    def finish(self, results: Sequence[Piece], files: ScratchFiles) -> StripedReader:
        """The rows, from the results of all steps in their order."""
        return striped_reader(self.reader.info.name, self._stripes(), results, files, self.prefix)

    def _key(self, number: int) -> str:
        """The file of a step."""
        return f"{self.prefix}_{number:05d}"

    def _stripes(self) -> Stripes:
        info = self.reader.info
        return Stripes.of(info.shape, info.dtype, self._most_values)

    @property
    def _most_values(self) -> int:
        info = self.reader.info
        return info.shape[0] * info.shape[1] if info.nnz is None else info.nnz

"""Put large tables into scratch, so that they are not sent to every worker process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from karospace_stream.inputs.tables.joined import Joined
from karospace_stream.model.source import ScratchFiles
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.elements.arrays import TEXT, NumpyArray, Storage, StoredArray
from karospace_stream.source.elements.coded_strings import CodedTexts
from karospace_stream.source.elements.columns import (
    CategoricalElement,
    Element,
    NullableElement,
    PlainElement,
)

#: Larger tables are not sent to other processes.
MOST_SENT_NBYTES = 8 << 20


@dataclass(frozen=True, slots=True, eq=False)
class ScratchArray:
    """A column in scratch; see `StoredArray`."""

    key: str
    files: ScratchFiles
    file: str
    n_rows: int
    dtype: np.dtype[Any]

    @property
    def shape(self) -> tuple[int, ...]:
        """Length."""
        return (self.n_rows,)

    def read(self, *bounds: slice) -> npt.NDArray[Any]:
        """Read a part; see the protocol."""
        start, stop, _ = (bounds[0] if bounds else slice(None)).indices(self.n_rows)
        size = self.dtype.itemsize
        (data,) = self.files.read_ranges([(self.file, start * size, stop * size)]) if stop > start else (b"",)
        return np.frombuffer(data, self.dtype)

    def storage(self) -> Storage:
        """As it comes."""
        return Storage()


@dataclass(frozen=True, slots=True, eq=False)
class Spilling:
    """Writes the columns of tables into scratch, all in this process; see `Preparation`."""

    source: AnnDataSource
    joined: Joined

    @property
    def scratch_nbytes(self) -> int:
        """The columns."""
        return sum(each.nbytes for each in self.joined.infos)

    def steps(self, task_nbytes: int) -> Sequence[Any]:
        """None: what is in the memory of this process is written by this process."""
        return []

    def run(self, step: Any, files: ScratchFiles) -> Any:
        """Nothing."""

    def finish(self, results: Sequence[Any], files: ScratchFiles) -> AnnDataSource:
        """The source with columns that are read from scratch."""
        return spilled(self.joined, files).add_to(self.source)


def spilled(joined: Joined, files: ScratchFiles) -> Joined:
    """The same tables, in scratch."""
    columns = {
        name: _spilled(element, f"table_{number}", files)
        for number, (name, element) in enumerate(joined.columns.items())
    }
    return replace(
        joined, columns=columns, infos=tuple(replace(each, nbytes=0) for each in joined.infos), findings=()
    )


def _spilled(element: Element, file: str, files: ScratchFiles) -> Element:
    if isinstance(element, CategoricalElement):
        return replace(element, codes=_put(element.codes, file, files))
    if isinstance(element, NullableElement):
        return NullableElement(_put(element.values, file, files), _put(element.mask, f"{file}_mask", files))
    assert isinstance(element, PlainElement)
    return replace(element, values=_put(element.values, file, files))


def _put(array: StoredArray, file: str, files: ScratchFiles) -> StoredArray:
    values = array.read()
    if array.dtype == TEXT:
        codes, names = pd.factorize(values)
        found = ScratchArray(array.key, files, file, len(codes), np.dtype(np.int64))
        files.put(file, codes.astype(np.int64).tobytes())
        return CodedTexts(found, NumpyArray(f"{array.key}/categories", np.asarray(names, object)))
    files.put(file, np.ascontiguousarray(values).tobytes())
    return ScratchArray(array.key, files, file, len(values), values.dtype)

"""The preparation of an input of which several parts are sorted through scratch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from karospace_stream.model.source import ScratchFiles
from karospace_stream.source.anndata_source import AnnDataSource

Key = TypeVar("Key")
#: A row range of one part, with its number.
Step = tuple[int, int, int]


class Sorter(Protocol):
    """The work that sorts one part: steps as those of a `Preparation`. Picklable."""

    @property
    def scratch_nbytes(self) -> int:
        """Bytes that it writes to scratch, at most."""
        ...

    def steps(self, task_nbytes: int) -> list[Step]:
        """Independent pieces of the work."""
        ...

    def run(self, step: Step, files: ScratchFiles) -> Any:
        """Do one step; returns what is needed to find its values again."""
        ...

    def finish(self, results: Sequence[Any], files: ScratchFiles) -> Any:
        """The reader of the part, from the results of all steps in their order."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class SortedParts(Generic[Key]):
    """The `Preparation` of a source some of whose parts are sorted through scratch.

    Attributes
    ----------
    sorters
        By part.
    then
        Picklable; gets the source and the readers of the sorted parts, and makes the source that can be read.
    """

    source: AnnDataSource
    sorters: Mapping[Key, Sorter]
    then: Callable[[AnnDataSource, Mapping[Key, Any]], AnnDataSource]

    @property
    def scratch_nbytes(self) -> int:
        """Bytes that it writes to scratch, at most."""
        return sum(each.scratch_nbytes for each in self.sorters.values())

    def steps(self, task_nbytes: int) -> list[tuple[Key, Step]]:
        """The steps of all parts."""
        return [(key, step) for key, each in self.sorters.items() for step in each.steps(task_nbytes)]

    def run(self, step: tuple[Key, Step], files: ScratchFiles) -> tuple[Key, Any]:
        """Sort some lines of one part."""
        key, inner = step
        return key, self.sorters[key].run(inner, files)

    def finish(self, results: Sequence[tuple[Key, Any]], files: ScratchFiles) -> AnnDataSource:
        """The source that can be read."""
        readers = {
            key: each.finish([piece for which, piece in results if which == key], files)
            for key, each in self.sorters.items()
        }
        return self.then(self.source, readers)

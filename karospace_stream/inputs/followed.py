"""A preparation, and what is done to the source that it makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.model.source import Preparation, ScratchFiles, step_nbytes_of
from karospace_stream.source.anndata_source import AnnDataSource


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """A preparation with a last step; see `Preparation`.

    Attributes
    ----------
    then
        Picklable; gets the source that can be read.
    """

    preparation: Preparation
    then: Callable[[AnnDataSource], AnnDataSource]

    @property
    def scratch_nbytes(self) -> int:
        """Bytes that it writes to scratch, at most."""
        return self.preparation.scratch_nbytes

    @property
    def step_nbytes(self) -> int:
        """Memory of one step; see `LargeSteps`."""
        return step_nbytes_of(self.preparation)

    def steps(self, task_nbytes: int) -> Sequence[Any]:
        """Those of the preparation."""
        return self.preparation.steps(task_nbytes)

    def run(self, step: Any, files: ScratchFiles) -> Any:
        """Do one step."""
        return self.preparation.run(step, files)

    def finish(self, results: Sequence[Any], files: ScratchFiles) -> AnnDataSource:
        """The source that can be read, with what is done to it."""
        source = self.preparation.finish(results, files)
        assert isinstance(source, AnnDataSource)
        return self.then(source)

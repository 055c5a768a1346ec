"""Several inputs as one source; those that need a preparation are prepared first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from karospace_stream.inputs.joined.matrix.join import is_mixed
from karospace_stream.inputs.joined.repeated_genes import with_unique_genes
from karospace_stream.inputs.joined.source import joined_source
from karospace_stream.inputs.named import NamedInput
from karospace_stream.inputs.striped.turned import by_rows
from karospace_stream.model.source import Preparation, ScratchFiles, Source, step_nbytes_of
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source.anndata_source import AnnDataSource


def join_inputs(
    inputs: Sequence[NamedInput], options: InputOptions, name: str = "", *, turn: int = 0
) -> AnnDataSource:
    """Join inputs: their cells one after another, their genes by name, as ``anndata.concat`` does.

    Reads metadata, names of genes and categories.

    Parameters
    ----------
    name
        Of the data set; by default what the names of the inputs begin with.
    turn
        How often inputs have been prepared already.

    Raises
    ------
    BadInputError
        If they do not fit together.
    """
    if len(inputs) == 1 and _is_complete(inputs[0], options):
        return inputs[0].source
    inputs = [replace(each, source=with_unique_genes(each.source)) for each in inputs]
    inputs = [
        replace(each, source=source) for each, source in zip(inputs, _by_rows(inputs, options), strict=True)
    ]
    joined = joined_source(inputs, options, name)
    if all(each.source.preparation is None for each in inputs):
        return joined
    return replace(joined, preparation=JoinedPreparation(tuple(inputs), options, name, turn))


def _is_complete(given: NamedInput, options: InputOptions) -> bool:
    """Whether a single input has all columns that joining adds: it may be what was joined before."""
    return not given.columns and (options.labels is None or options.labels in given.source.parts.obs.columns)


def _by_rows(inputs: Sequence[NamedInput], options: InputOptions) -> list[AnnDataSource]:
    """The inputs, with those matrices by rows that are CSC here and have rows elsewhere."""
    sources = [each.source for each in inputs]
    mixed = []
    for name in exported_matrices(options):
        readers = [source.parts.matrices.get(name) for source in sources]
        if any(readers) and is_mixed(readers):
            mixed.append(name)
    return [source if source.preparation else by_rows(source, _csc(source, mixed)) for source in sources]


def exported_matrices(options: InputOptions) -> list[str]:
    """Names of the matrices that an export reads."""
    layer = getattr(options, "pseudobulk_layer", None)
    return [getattr(options, "matrix", "X"), *(() if layer is None else [f"layers/{layer}"])]


def _csc(source: AnnDataSource, names: Sequence[str]) -> list[str]:
    matrices = source.parts.matrices
    return [name for name in names if name in matrices and matrices[name].info.layout == "csc"]


@dataclass(frozen=True, slots=True)
class PrefixedFiles:
    """Files of one input among those of others; see `ScratchFiles`."""

    files: ScratchFiles
    prefix: str

    def put(self, key: str, data: bytes) -> None:
        """Write one file."""
        self.files.put(f"{self.prefix}{key}", data)

    def read_ranges(self, ranges: Sequence[tuple[str, int, int]]) -> list[bytes]:
        """Read several ranges at the same time."""
        return self.files.read_ranges([(f"{self.prefix}{key}", start, stop) for key, start, stop in ranges])


@dataclass(frozen=True, slots=True)
class JoinedPreparation:
    """The preparations of several inputs; see `Preparation`.

    Attributes
    ----------
    turn
        How often inputs have been prepared before: files of another turn have other names.
    """

    inputs: tuple[NamedInput, ...]
    options: InputOptions
    name: str
    turn: int = 0

    @property
    def scratch_nbytes(self) -> int:
        """Bytes that all write to scratch, at most."""
        return sum(each.scratch_nbytes for _, each in self._preparations())

    @property
    def step_nbytes(self) -> int:
        """Memory of the largest step; see `LargeSteps`."""
        return step_nbytes_of(*(each for _, each in self._preparations()))

    def steps(self, task_nbytes: int) -> list[tuple[int, Any]]:
        """The steps of all inputs."""
        return [
            (number, step)
            for number, preparation in self._preparations()
            for step in preparation.steps(task_nbytes)
        ]

    def run(self, step: tuple[int, Any], files: ScratchFiles) -> tuple[int, Any]:
        """Do one step of one input."""
        number, inner = step
        preparation = self.inputs[number].source.preparation
        assert preparation is not None
        return number, preparation.run(inner, self._files(number, files))

    def finish(self, results: Sequence[tuple[int, Any]], files: ScratchFiles) -> Source:
        """The joined source, once every input can be read."""
        prepared = list(self.inputs)
        for number, preparation in self._preparations():
            own = [result for which, result in results if which == number]
            source: Any = preparation.finish(own, self._files(number, files))
            prepared[number] = replace(prepared[number], source=source)
        return join_inputs(prepared, self.options, self.name, turn=self.turn + 1)

    def _preparations(self) -> list[tuple[int, Preparation]]:
        return [
            (number, each.source.preparation)
            for number, each in enumerate(self.inputs)
            if each.source.preparation is not None
        ]

    def _files(self, number: int, files: ScratchFiles) -> PrefixedFiles:
        return PrefixedFiles(files, f"input{number}_{self.turn}_")

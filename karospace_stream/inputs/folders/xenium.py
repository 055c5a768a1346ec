"""The output folders of Xenium: Onboard Analysis, and Xenium Ranger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.inputs.spatial.analysis import read_analysis
from karospace_stream.inputs.spatial.beside import Beside, with_beside
from karospace_stream.inputs.spatial.boundaries import find_boundaries
from karospace_stream.inputs.spatial.cells import CELLS, Cells, read_cells
from karospace_stream.inputs.spatial.levels import levels, sample_name
from karospace_stream.inputs.spatial.matrix import open_matrix, protein_scale
from karospace_stream.inputs.spatial.rows import CellRows
from karospace_stream.inputs.spatial.whole_files import read_object
from karospace_stream.model.finding import Finding
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.source.elements.embeddings import ArrayEntry
from karospace_stream.source.files.stream import AnyFile
from karospace_stream.source.problems.unreadable import Unreadable, optional
from karospace_stream.units import counted

_EXPERIMENT = "experiment.xenium"
_PROTEIN = "Protein Expression"
_MATRICES = ("cell_feature_matrix.h5", "cell_feature_matrix")


@dataclass(frozen=True, slots=True)
class Xenium:
    """An output folder of Xenium, or the ``outs`` of Xenium Ranger; a `FolderKind`."""

    options: InputOptions
    name: str = "Xenium folder"

    @property
    def asks(self) -> tuple[str, ...]:
        """Names by which it is recognised on a web server."""
        inside = (_EXPERIMENT, _MATRICES[0], *CELLS)
        return (*inside, *(f"outs/{name}" for name in inside))

    def takes(self, file: str) -> bool:
        """Whether it is the manifest of such a folder."""
        return file == _EXPERIMENT

    def matches(self, folder: InputFolder) -> bool:
        """Whether a folder, or the ``outs`` in it, has a matrix and a table of cells."""
        return any(map(_is_xenium, levels(folder)))

    def open(self, folder: InputFolder, file: str) -> AnnDataSource:
        """Open it as a source; reads the table of cells, and headers of the rest."""
        outs = next((each for each in levels(folder) if _is_xenium(each)), folder)
        path = outs.first(*_MATRICES)
        if not path:
            raise BadInputError(
                f"{outs.shown_file(_MATRICES[0])} is missing; copy it there, or the folder {_MATRICES[1]} "
                "with the same matrix as text"
            )
        source = open_matrix(outs, path, self.options)
        unreadable: Unreadable = []
        rows = CellRows(source)
        cells = read_cells(outs, rows, unreadable)
        analysis = read_analysis(outs, rows, unreadable)
        boundaries = find_boundaries(outs, unreadable)
        about, files = _experiment(outs, unreadable)
        beside = Beside(
            outs.shown_file(file) if file else folder.shown,
            _title(about) or sample_name(folder),
            self.name,
            columns={**cells.columns, **analysis.columns},
            obsm={"spatial": ArrayEntry(NumpyArray("obsm/spatial", cells.xy)), **analysis.obsm},
            microns_per_pixel=1.0,  # coordinates are in micrometres
            unreadable=tuple(unreadable),
            findings=(*_noticed(cells), *self._scaled(outs, path), *boundaries.findings),
            files=(cells.file, *files, *analysis.files, *boundaries.files),
            shapes=boundaries.shapes,
        )
        return with_beside(source, beside)

    def _scaled(self, outs: InputFolder, path: str) -> Iterator[Finding]:
        wanted = {name.casefold() for name in self.options.feature_type}
        scale = protein_scale(outs, path) if wanted & {"all", _PROTEIN.casefold()} else None
        if scale is not None and scale != 1:
            text = f"values of the type {_PROTEIN} are {scale:,g} times those of the instrument"
            yield Finding("scaled-protein", text)


def _is_xenium(folder: InputFolder) -> bool:
    has_matrix = any(name in folder.names for name in _MATRICES)
    return _EXPERIMENT in folder.names or (has_matrix and any(name in folder.names for name in CELLS))


def _experiment(folder: InputFolder, unreadable: Unreadable) -> tuple[dict[str, Any], tuple[AnyFile, ...]]:
    with optional(unreadable, _EXPERIMENT):
        if folder.has(_EXPERIMENT):
            file = folder.file(_EXPERIMENT)
            return read_object(file), (file,)
    return {}, ()


def _title(about: dict[str, Any]) -> str:
    """The names of run and region, as the user of the instrument gave them."""
    names = [about.get("run_name"), about.get("region_name")]
    return " ".join(name.strip() for name in names if isinstance(name, str) and name.strip())


def _noticed(cells: Cells) -> Iterator[Finding]:
    where = cells.file.path
    if cells.n_missing:
        verb = "has" if cells.n_missing == 1 else "have"
        yield Finding("rows-missing", f"{counted(cells.n_missing, 'cell')} {verb} no row in {where}")
    if cells.n_unused:
        verb = "is" if cells.n_unused == 1 else "are"
        yield Finding(
            "rows-unused", f"{counted(cells.n_unused, 'row')} of {where} {verb} of no cell of the matrix"
        )

"""The folders of Space Ranger: Visium, and Visium HD by the size of its bins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.folder import InputFolder, location_above
from karospace_stream.inputs.spatial.analysis import read_analysis
from karospace_stream.inputs.spatial.beside import Beside, with_beside
from karospace_stream.inputs.spatial.bins import angle_of_bins
from karospace_stream.inputs.spatial.images import SCALES, Pictures, read_pictures
from karospace_stream.inputs.spatial.joined_table import whole_numbers
from karospace_stream.inputs.spatial.levels import BINNED, OUTS, SQUARE, inner, levels, sample_name
from karospace_stream.inputs.spatial.matrix import library_of, open_matrix
from karospace_stream.inputs.spatial.positions import Positions
from karospace_stream.inputs.spatial.read_positions import read_positions
from karospace_stream.inputs.spatial.rows import CellRows
from karospace_stream.model.finding import Finding
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.source.elements.embeddings import ArrayEntry
from karospace_stream.source.problems.unreadable import Unreadable
from karospace_stream.units import counted

_BINS = tuple(f"square_{size:03d}um" for size in (8, 16, 2))  # the first that is there is read
_MATRICES = ("filtered_feature_bc_matrix", "raw_feature_bc_matrix")
_SEGMENTED = ("filtered_feature_cell_matrix.h5", "filtered_feature_cell_matrix", "cell_segmentations.geojson")


@dataclass(frozen=True, slots=True)
class SpaceRanger:
    """The folder ``outs`` of Space Ranger, the one above it, or that of one size of bins; a `FolderKind`."""

    options: InputOptions
    name: str = "Visium folder"

    @property
    def asks(self) -> tuple[str, ...]:
        """Names by which it is recognised on a web server."""
        inside = (*(f"{name}.h5" for name in _MATRICES), SCALES, f"{BINNED}/{_BINS[0]}/{SCALES}")
        return (*inside, *(f"{OUTS}/{name}" for name in inside))

    def takes(self, file: str) -> bool:
        """Never: the matrix of such a folder can be read alone."""
        return False

    def matches(self, folder: InputFolder) -> bool:
        """Whether a folder, or the ``outs`` in it, has a matrix and a folder ``spatial``, or bins."""
        return any(_is_visium(each) or _has_bins(each) or _is_segmented(each) for each in levels(folder))

    def open(self, folder: InputFolder, file: str) -> AnnDataSource:
        """Open it as a source; reads the positions, and headers of the rest."""
        for each in levels(folder):
            if _is_visium(each):
                return self._open(each, folder, [], ())
            if _has_bins(each):
                return self._open_bins(each, folder)
        raise BadInputError(
            f"{folder.shown} holds segmented cells of Space Ranger, which are not read yet; give the folder "
            f"{BINNED} beside it, or its matrix {_SEGMENTED[0]} alone"
        )

    def _open_bins(self, outs: InputFolder, given: InputFolder) -> AnnDataSource:
        """One size of bins of a folder that has several."""
        binned = outs if _is_binned(outs) else inner(outs, BINNED)
        sizes = [name for name in _BINS if _is_visium(inner(binned, name))]
        others = sorted(name for name in binned.names if SQUARE.fullmatch(name) and name not in sizes)
        if not sizes and others:
            sizes = [name for name in others if _is_visium(inner(binned, name))]
        if not sizes:
            raise BadInputError(f"{binned.shown} must have a folder such as {_BINS[0]} with a matrix in it")
        findings = []
        if rest := [*sizes[1:], *(name for name in others if name not in sizes)]:
            text = f"bins of {_micrometres(sizes[0])} are read; for others, give their folder: " + ", ".join(
                binned.shown_file(name) for name in sorted(rest)
            )
            findings.append(Finding("bin-size", text))
        if _is_segmented(outs):
            findings.append(
                Finding("segmented-cells", f"{outs.shown} also has segmented cells, which are not read")
            )
        return self._open(inner(binned, sizes[0]), given, [outs], tuple(findings))

    def _open(
        self, folder: InputFolder, given: InputFolder, above: list[InputFolder], findings: tuple[Finding, ...]
    ) -> AnnDataSource:
        path = _matrix(folder)
        source = open_matrix(folder, path, self.options)
        cells = CellRows(source)
        found, file = read_positions(folder, cells)
        unreadable: Unreadable = []
        library = library_of(folder, path) or sample_name(given)
        pictures = read_pictures(folder, above or _above(folder), library, unreadable)
        analysis = read_analysis(folder, cells, unreadable)
        columns = {
            name: whole_numbers(f"obs/{name}", values, found.missing)
            for name, values in found.columns.items()
        }
        is_hd = bool(SQUARE.fullmatch(folder.name)) or pictures.scales.bin_size is not None
        beside = Beside(
            given.shown,
            sample_name(given),
            "Visium HD folder" if is_hd else self.name,
            columns={**columns, **analysis.columns},
            obsm={"spatial": ArrayEntry(NumpyArray("obsm/spatial", found.xy)), **analysis.obsm},
            images=pictures.images,
            libraries=(library,),
            spot_diameter=pictures.scales.spot_diameter,
            microns_per_pixel=pictures.scales.microns_per_pixel,
            unreadable=tuple(unreadable),
            findings=(*findings, *_noticed(found, pictures, file.path)),
            files=(file, *pictures.files, *analysis.files),
            spot_angle=angle_of_bins(found) if is_hd else None,
        )
        return with_beside(source, beside)


def _matrix(folder: InputFolder) -> str:
    """The matrix of a folder; files that were downloaded may begin with a name."""
    if found := folder.first(*(f"{name}.h5" for name in _MATRICES)):
        return found
    for name in _MATRICES:
        prefixed = sorted(each for each in folder.names if each.endswith(f"_{name}.h5"))
        if prefixed:
            return prefixed[0]
    return folder.first(*_MATRICES)


def _is_visium(folder: InputFolder) -> bool:
    return folder.has("spatial" if folder.listed else SCALES) and bool(_matrix(folder))


def _is_binned(folder: InputFolder) -> bool:
    return any(SQUARE.match(name) for name in folder.names)


def _has_bins(folder: InputFolder) -> bool:
    return _is_binned(folder) or any(name.split("/")[0] == BINNED for name in folder.names)


def _is_segmented(folder: InputFolder) -> bool:
    return "segmented_outputs" in folder.names or any(name in folder.names for name in _SEGMENTED)


def _above(folder: InputFolder) -> list[InputFolder]:
    """The ``outs`` above the folder of one size of bins, which has the images too."""
    if not SQUARE.fullmatch(folder.name):
        return []
    if isinstance(folder.place, Path):
        return [InputFolder(folder.place.absolute().parents[1], frozenset())]
    return [InputFolder(location_above(location_above(folder.place)), frozenset(), listed=False)]


def _micrometres(name: str) -> str:
    found = SQUARE.fullmatch(name)
    return f"{int(found[1])} µm" if found else name


def _noticed(found: Positions, pictures: Pictures, where: str) -> Iterator[Finding]:
    n_missing = int(np.count_nonzero(found.missing))
    if n_missing:
        verb = "has" if n_missing == 1 else "have"
        yield Finding("rows-missing", f"{counted(n_missing, 'spot')} {verb} no row in {where}")
    if found.n_unused:
        verb = "is" if found.n_unused == 1 else "are"
        yield Finding(
            "rows-unused",
            f"{counted(found.n_unused, 'spot')} in the tissue by {where} {verb} not in the matrix",
        )
    for image in pictures.images:
        info = image.info
        if info.scale is None or not len(found.xy):
            continue
        pixels = found.xy * info.scale
        known = np.isfinite(pixels).all(axis=1)
        inside = (pixels >= 0).all(axis=1) & (pixels[:, 0] <= info.width) & (pixels[:, 1] <= info.height)
        n_outside = int(np.count_nonzero(known & ~inside))
        if 2 * n_outside > np.count_nonzero(known):
            yield Finding(
                "image-misplaced",
                f"by its scale factor, the image {info.resolution} is not under {n_outside:,} of "
                f"{len(inside):,} spots; the factor or the image is probably of another sample",
                "image_placement",
            )

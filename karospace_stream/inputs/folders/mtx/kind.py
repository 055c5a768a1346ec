"""Open the folder with a matrix as text."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.inputs.folders.folder import Files, InputFolder
from karospace_stream.inputs.folders.mtx.header import MtxHeader, read_header
from karospace_stream.inputs.folders.mtx.lines import is_packed
from karospace_stream.inputs.folders.mtx.names import MtxFiles, find_files, is_matrix, matrices_in
from karospace_stream.inputs.folders.mtx.preparation import SortedText
from karospace_stream.inputs.folders.mtx.tables import FirstColumn, count_lines, read_features
from karospace_stream.inputs.kinds.tenx.features import Features, choose_features
from karospace_stream.inputs.striped.to_come import rows_to_come
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source.anndata_source import AnnDataSource, make_source
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.source.elements.columns import PlainElement
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.files.remote_file import RemoteFile
from karospace_stream.source.parts import Parts

_FILTERED = "filtered_feature_bc_matrix"
_COLUMNS = ("gene_ids", "", "feature_types")  # the second is the index


@dataclass(frozen=True, slots=True)
class MtxFolder:
    """A folder with ``matrix.mtx``, ``features.tsv`` or ``genes.tsv``, ``barcodes.tsv``; a `FolderKind`."""

    options: InputOptions
    name: str = "10x Genomics matrix as text"
    asks: tuple[str, ...] = ("matrix.mtx.gz", "matrix.mtx")

    def matches(self, folder: InputFolder) -> bool:
        """Whether it has one matrix, or a folder with that of the cells; several are several inputs."""
        return len(matrices_in(folder.names)) == 1 or _FILTERED in folder.names

    def takes(self, file: str) -> bool:
        """Whether a file is such a matrix."""
        return is_matrix(file)

    def open(self, folder: InputFolder, file: str) -> AnnDataSource:
        """Open it; reads the tables and the header of the matrix."""
        if not file and not matrices_in(folder.names):
            folder = folder.folder(_FILTERED)
            if not matrices_in(folder.names):
                raise BadInputError(f"{folder.shown_file('matrix.mtx.gz')} does not exist")
        files = find_files(folder, file or matrices_in(folder.names)[0])
        header = read_header(files.matrix)
        count_lines(files.barcodes, header.n_columns, "barcodes", files.matrix.path)
        var, features = self._features(files, header)
        shape = (header.n_columns, var.n_rows)
        stand_in = rows_to_come(
            "X", shape, header.dtype, header.n_entries, files.matrix.size, exactly=features.rows is None
        )
        barcodes = PlainElement(FirstColumn(files.barcodes, header.n_columns))
        parts = Parts(
            matrices={"X": stand_in},
            obs=Frame("obs", header.n_columns, barcodes, {}),
            var=var,
            raw_var=None,
            obsm={},
            images=(),
            arrays={},
            kind=self.name,
            findings=features.findings,
        )
        used = Files((files.matrix, files.features, files.barcodes))
        source = make_source(
            parts,
            [],
            location=files.matrix.path if file else folder.shown,
            name=files.prefix.rstrip("_.-") or folder.name,
            container="files",
            fingerprint=used.fingerprint,
            origin=used,
            remote=isinstance(files.matrix, RemoteFile),
        )
        packed = is_packed(files.matrix)
        return replace(source, preparation=SortedText(source, files.matrix, header, packed, features.rows))

    def _features(self, files: MtxFiles, header: MtxHeader) -> tuple[Frame, Features]:
        """The features that are read."""
        columns = read_features(files.features, header.n_rows, files.matrix.path)
        types = columns[2] if len(columns) > 2 else None
        if types is None and self.options.feature_type and "all" not in self.options.feature_type:
            raise BadOptionError(
                f"{files.features.path} has no types of features, so it takes no --feature-type"
            )
        if self.options.genome is not None:
            raise BadOptionError(f"{files.matrix.path} is text without genomes, so it takes no --genome")
        features = choose_features(self.options, types, None, files.features.path)
        rows = slice(None) if features.rows is None else features.rows
        texts = [np.array(column, object)[rows] for column in columns]
        index = PlainElement(NumpyArray("var/_index", texts[min(1, len(texts) - 1)]))
        elements = {
            name: PlainElement(NumpyArray(f"var/{name}", values))
            for name, values in zip(_COLUMNS, texts, strict=False)
            if name and len(columns) > 1
        }
        return Frame("var", len(texts[0]), index, elements), features

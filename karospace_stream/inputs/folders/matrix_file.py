"""Folders of Cell Ranger with the matrix in an HDF5 file."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.inputs.kinds.tenx.kind import TenX
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source.anndata_source import AnnDataSource

#: The matrix of cells before that of all barcodes.
_FILES = (
    "filtered_feature_bc_matrix.h5",
    "sample_filtered_feature_bc_matrix.h5",
    "filtered_gene_bc_matrices_h5.h5",
    "cell_feature_matrix.h5",
    "raw_feature_bc_matrix.h5",
    "raw_gene_bc_matrices_h5.h5",
)
#: What folders of machines have beside it: they are kinds of their own, or not read.
_OTHERS = frozenset({"spatial", "experiment.xenium"})


@dataclass(frozen=True, slots=True)
class MatrixFileFolder:
    """A folder ``outs`` of Cell Ranger, of which the matrix is read; a `FolderKind`."""

    options: InputOptions
    name: str = "folder of Cell Ranger"
    asks: tuple[str, ...] = _FILES

    def matches(self, folder: InputFolder) -> bool:
        """Whether it has a matrix, and is of no machine."""
        return bool(folder.names & set(_FILES)) and not folder.names & _OTHERS

    def takes(self, file: str) -> bool:
        """No file stands for it: the matrix is an input itself."""
        return False

    def open(self, folder: InputFolder, file: str) -> AnnDataSource:
        """Open the matrix."""
        return folder.open_source(next(name for name in _FILES if name in folder.names), [TenX(self.options)])

"""Read the file of positions of a folder of Space Ranger, of any version."""

from __future__ import annotations

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.inputs.spatial.bins import positions_of_bins
from karospace_stream.inputs.spatial.joined_table import read_beside
from karospace_stream.inputs.spatial.positions import BARCODE, COLUMNS, Positions, positions_of_table
from karospace_stream.inputs.spatial.rows import CellRows
from karospace_stream.inputs.tables.parquet_table import open_parquet
from karospace_stream.source.files.stream import AnyFile, open_inflated, open_stream

#: Of Visium HD, of Space Ranger 2 and later, and of Space Ranger 1, which writes no header.
POSITIONS = ("tissue_positions.parquet", "tissue_positions.csv", "tissue_positions_list.csv")
_PACKED = tuple(f"{name}.gz" for name in POSITIONS[1:])


def read_positions(folder: InputFolder, cells: CellRows) -> tuple[Positions, AnyFile]:
    """Positions of the cells of a matrix, and the file that has them.

    Parameters
    ----------
    folder
        The one that holds ``spatial``.

    Raises
    ------
    BadInputError
        If there is no such file, or it is damaged.
    """
    path = folder.first(*(f"spatial/{name}" for name in (*POSITIONS, *_PACKED)))
    if not path:
        raise BadInputError(
            f"{folder.shown_file('spatial')} must hold the positions of the spots, {POSITIONS[1]} or "
            f"{POSITIONS[0]}, but has neither; copy it there, or give the matrix of the folder alone"
        )
    file = folder.file(path)
    if path.endswith(".parquet"):
        with open_stream(file) as stream:
            found = positions_of_bins(open_parquet(stream, file.path), cells)
        if found is not None:
            return found, file
    return _read_whole(folder, path, file, cells), file


def _read_whole(folder: InputFolder, path: str, file: AnyFile, cells: CellRows) -> Positions:
    found = read_beside(folder, path, names=None if _has_header(file, path) else [BARCODE, *COLUMNS])
    columns = {str(name): found.frame[name].to_numpy() for name in found.frame}
    return positions_of_table(found.frame.index.tolist(), columns, file.path, cells)


def _has_header(file: AnyFile, path: str) -> bool:
    """Whether the first row has the names of the columns: not all versions write them."""
    if path.endswith(".parquet"):
        return True
    with open_inflated(file) as stream:
        head = stream.read(64)
    return head.lstrip(b"\xef\xbb\xbf").lstrip(b'"').lower().startswith(BARCODE.encode())

"""Folders without their matrix: say what is missing."""

from __future__ import annotations

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.inputs.folders.mtx.names import is_matrix, prefixes_of_tables
from karospace_stream.inputs.spatial.images import SCALES
from karospace_stream.inputs.spatial.levels import levels
from karospace_stream.inputs.spatial.read_positions import POSITIONS


def refuse_incomplete(folder: InputFolder) -> None:
    """Reject a folder that is of no kind, but would be if it had a matrix.

    Raises
    ------
    BadInputError
        Naming the file that is missing.
    """
    for each in levels(folder):
        if "spatial" in each.names and each.first(SCALES, *(f"spatial/{name}" for name in POSITIONS)):
            raise BadInputError(
                f"{each.shown_file('filtered_feature_bc_matrix.h5')} is missing; copy the matrix of the "
                "folder there, beside spatial"
            )
    if any(map(is_matrix, folder.names)):
        return
    if prefixes := prefixes_of_tables(folder.names):
        raise BadInputError(
            f"{folder.shown_file(prefixes[0] + 'matrix.mtx.gz')} is missing; copy it there, beside its "
            "barcodes and features"
        )

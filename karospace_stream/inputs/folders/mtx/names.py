"""The files of a matrix as text, by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.source.files.stream import AnyFile

_MATRIX = re.compile(r"(?P<prefix>.*?)matrix\.mtx(\.gz)?", re.IGNORECASE)
_FEATURES = ("features.tsv.gz", "genes.tsv.gz", "features.tsv", "genes.tsv")
_BARCODES = ("barcodes.tsv.gz", "barcodes.tsv")


@dataclass(frozen=True, slots=True)
class MtxFiles:
    """The three files of one matrix."""

    prefix: str
    matrix: AnyFile
    features: AnyFile
    barcodes: AnyFile


def is_matrix(name: str) -> bool:
    """Whether a file is a matrix of text, by its name."""
    return _MATRIX.fullmatch(name) is not None


def matrices_in(names: Iterable[str]) -> list[str]:
    """The names of the matrices; of one that is there packed and unpacked, the packed."""
    found = sorted(name for name in names if is_matrix(name))
    return [name for name in found if f"{name}.gz" not in found]


def prefixes_of_tables(names: Iterable[str]) -> list[str]:
    """What the names of barcodes and features begin with, where both are there."""
    found = set(names)
    ends = [(name, end) for name in found for end in _BARCODES if name.endswith(end)]
    prefixes = {name.removesuffix(end) for name, end in ends}
    return sorted(each for each in prefixes if found & {f"{each}{name}" for name in _FEATURES})


def find_files(folder: InputFolder, matrix: str) -> MtxFiles:
    """The files that belong to a matrix.

    Parameters
    ----------
    matrix
        Its name in the folder.

    Raises
    ------
    BadInputError
        If one is missing.
    """
    matched = _MATRIX.fullmatch(matrix)
    prefix = matched["prefix"] if matched else ""
    others = []
    for what, names in (("features", _FEATURES), ("barcodes", _BARCODES)):
        name = folder.first(*(f"{prefix}{each}" for each in names))
        if not name:
            raise BadInputError(
                f"{folder.shown_file(matrix)} has no {what} beside it: there must be {prefix}{names[0]} or "
                f"{prefix}{names[1]}"
            )
        others.append(folder.file(name))
    return MtxFiles(prefix, folder.file(matrix), *others)

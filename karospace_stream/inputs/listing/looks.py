"""What looks like one input, by its name, or by the names of the files in it."""

from __future__ import annotations

import re
from pathlib import Path

from karospace_stream.inputs.folders.folder import InputFolder, list_folder
from karospace_stream.inputs.folders.mtx.names import matrices_in
from karospace_stream.inputs.folders.registry import folder_kinds
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source.problems.other_folders import describe_folder

#: Endings of files and stores that are an input by themselves.
ENDINGS = (".h5ad", ".zarr", ".zarr.zip", ".h5", ".h5mu", ".loom", "matrix.mtx.gz", "matrix.mtx")
#: Endings of lists of inputs.
LISTS = (".txt", ".csv", ".tsv")
_ZARR = ("zarr.json", ".zgroup", ".zattrs", ".zmetadata")
#: Files that Cell Ranger writes beside the matrix, with an ending that a matrix has too.
_NO_MATRIX = re.compile(r"(molecule_info|raw_probe_bc_matrix|analysis)\.h5$", re.IGNORECASE)
#: Tables that go with a matrix as text.
_TABLES = re.compile(r"(barcodes|features|genes)\.tsv(\.gz)?$", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+)")


def is_named_like_one(name: str) -> bool:
    """Whether a file or URL has a name that an input has."""
    return name.lower().rstrip("/").endswith(ENDINGS) and not _NO_MATRIX.search(name)


def is_one(path: Path) -> bool:
    """Whether a file or folder in another folder is an input."""
    if not path.is_dir():
        return is_named_like_one(path.name) and not path.name.lower().endswith(".zarr")
    return is_store(path) or is_vendor_folder(path)


def goes_with_one(name: str) -> bool:
    """Whether a file is a part of an input beside it."""
    return _TABLES.search(name) is not None


def is_store(folder: Path) -> bool:
    """Whether a folder is a Zarr store, or is called like one."""
    return folder.suffix.lower() == ".zarr" or any((folder / name).is_file() for name in _ZARR)


def is_one_folder(folder: InputFolder) -> bool:
    """Whether a folder is a Zarr store or holds one sample, by the names in it."""
    return not folder.names.isdisjoint(_ZARR) or any(
        kind.matches(folder) for kind in folder_kinds(InputOptions())
    )


def is_vendor_folder(folder: Path) -> bool:
    """Whether a folder holds one sample, as a machine or its program wrote it."""
    listed = list_folder(folder)
    if any(kind.matches(listed) for kind in folder_kinds(InputOptions())):
        return True
    # A folder with several matrices as text holds several samples.
    return not matrices_in(listed.names) and bool(describe_folder(listed.names))


def is_list(text: str) -> bool:
    """Whether a path or URL is a list of inputs, by its ending."""
    return text.lower().endswith(LISTS)


def naturally(text: str) -> tuple[object, ...]:
    """Key to sort names as people do: ``sample2`` before ``sample10``."""
    parts = _NUMBER.split(text.lower())
    return tuple((int(part), part) if number % 2 else (0, part) for number, part in enumerate(parts)), text

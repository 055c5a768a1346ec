"""Files that the documents of a store refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from karospace_stream.formats.anndata.layout.names import ROOT_DOCUMENTS
from karospace_stream.formats.layout.checksums import CHECKSUMS, read_checksums
from karospace_stream.formats.layout.documents import checked
from karospace_stream.formats.layout.pseudobulk import PSEUDOBULK


def references(read: Callable[[str], bytes]) -> dict[str, int | None]:
    """All documents, and the listed chunks that belong to an array; sizes are not given.

    A chunk of zeros is not stored, so the documents alone cannot tell which are there.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError, IndexError
        If a document is malformed.
    """
    listed = read_checksums(read(CHECKSUMS)).files
    is_v2 = ".zmetadata" in listed
    found = dict(_v2(read) if is_v2 else _v3(read))
    arrays = {path: grid for path, grid in found.values() if grid is not None}
    chunks = [key for key in listed if _is_chunk(key, arrays, is_v2)]
    root = ROOT_DOCUMENTS[2 if is_v2 else 3]
    beside = [key for key in listed if key == PSEUDOBULK]
    return dict.fromkeys([*root, *found, *chunks, *beside])


#: Path of a node, and, for an array, chunks along each axis.
_Node = tuple[str, tuple[int, ...] | None]


def _v2(read: Callable[[str], bytes]) -> Iterator[tuple[str, _Node]]:
    for key, document in orjson.loads(checked(read(".zmetadata")))["metadata"].items():
        path, _, name = key.rpartition("/")
        is_array = name == ".zarray"
        yield key, (path, _grid(document["shape"], document["chunks"]) if is_array else None)


def _v3(read: Callable[[str], bytes]) -> Iterator[tuple[str, _Node]]:
    nodes: Mapping[str, Any] = orjson.loads(checked(read("zarr.json")))["consolidated_metadata"]["metadata"]
    for path, document in nodes.items():
        grid = None
        if document["node_type"] == "array":
            grid = _grid(document["shape"], document["chunk_grid"]["configuration"]["chunk_shape"])
        yield f"{path}/zarr.json", (path, grid)


def _grid(shape: list[int], chunks: list[int]) -> tuple[int, ...]:
    return tuple(-(-n // step) for n, step in zip(shape, chunks, strict=True))


def _is_chunk(key: str, arrays: Mapping[str, tuple[int, ...]], is_v2: bool) -> bool:
    path, numbers = _split(key, is_v2)
    if path not in arrays or not all(number.isdecimal() for number in numbers):
        return False
    grid = arrays[path]
    if is_v2 and not grid:
        return numbers == ["0"]
    return len(numbers) == len(grid) and all(int(number) < n for number, n in zip(numbers, grid, strict=True))


def _split(key: str, is_v2: bool) -> tuple[str, list[str]]:
    """An array's path, and the numbers of a chunk."""
    if is_v2:
        path, _, numbers = key.rpartition("/")
        return path, numbers.split(".")
    path, _, numbers = f"{key}/".rpartition("/c/")
    return path, numbers.rstrip("/").split("/") if numbers else []

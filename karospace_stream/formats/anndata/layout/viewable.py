"""Decide from its consolidated metadata alone whether the viewer can open a store directly.

The viewer decides by the same rules, in ``viewer/src/bundle/formats/anndata/matrix.ts``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from karospace_stream.formats.layout.documents import checked

#: One of these lies at the root of a store: the consolidated metadata of Zarr v2, and of v3.
HEADS = (".zmetadata", "zarr.json")
#: Codecs that a browser inflates itself, or that the viewer implements.
_CODECS = frozenset(
    {"zlib", "gzip", "shuffle", "blosc", "vlen-utf8", "bytes", "transpose", "crc32c", "sharding_indexed"}
)
_SHOWN = ("X", "obs", "var", "obsm")
#: Of one gene of a dense X, and of one chunk of a sparse one.
_MOST_NBYTES = 64 << 20
_MOST_CHUNKS = 64


@dataclass(frozen=True, slots=True)
class Viewable:
    """A store that a page reads a gene at a time.

    Attributes
    ----------
    n_cells, n_genes
        Its shape.
    """

    n_cells: int
    n_genes: int


@dataclass(frozen=True, slots=True)
class _Array:
    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    itemsize: int
    codecs: tuple[str, ...]


def viewable(document: bytes) -> Viewable | None:
    """Read a root document of `HEADS`; None if the store must be exported before it can be viewed."""
    try:
        nodes = _nodes(json.loads(checked(document)))
        shown = {path: _array(node) for path, node in nodes.items() if _is_shown(path, node)}
        if any(not _CODECS.issuperset(array.codecs) for array in shown.values()):
            return None
        n_cells, n_genes = (shown[_names_of(nodes, frame)] for frame in ("obs", "var"))
        return Viewable(n_cells.shape[0], n_genes.shape[0]) if _is_gene_major(nodes, shown) else None
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return None


def text_codecs(document: Mapping[str, Any], path: str) -> tuple[str, ...] | None:
    """Compressions of a single text, the first applied first; None if there is none at the path."""
    try:
        array = _array(_nodes(document)[path])
    except (LookupError, TypeError, AttributeError, ValueError):
        return None
    if array.shape or "vlen-utf8" not in array.codecs:
        return None
    return tuple(name.split()[0] for name in array.codecs if name != "vlen-utf8")


def _nodes(root: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Documents by path, those of v2 in v3 form: array and attributes in one."""
    if "metadata" not in root:
        return dict(root["consolidated_metadata"]["metadata"])
    nodes: dict[str, dict[str, Any]] = {}
    for key, document in root["metadata"].items():
        path, _, name = key.rpartition("/")
        node = nodes.setdefault(path, {})
        node.update({"attributes": document} if name == ".zattrs" else document)
    return dict(nodes)


def _attributes(node: Mapping[str, Any]) -> Mapping[str, Any]:
    attributes: Mapping[str, Any] = node.get("attributes", {})
    return attributes


def _names_of(nodes: Mapping[str, Mapping[str, Any]], frame: str) -> str:
    """Path of the array of names; with pandas 3, anndata writes one with a mask beside it."""
    path = f"{frame}/{_attributes(nodes[frame])['_index']}"
    masked = _attributes(nodes[path]).get("encoding-type") == "nullable-string-array"
    return f"{path}/values" if masked else path


def _is_shown(path: str, node: Mapping[str, Any]) -> bool:
    return "shape" in node and path.startswith(_SHOWN) and path.split("/")[0] in _SHOWN


def _array(node: Mapping[str, Any]) -> _Array:
    dtype = str(node.get("dtype", node.get("data_type")))
    itemsize = 8 if dtype.endswith(("64", "f8", "i8", "u8")) else 4
    if "chunks" in node:
        packers = [*(node["filters"] or ()), *filter(None, [node["compressor"]])]
        return _Array(tuple(node["shape"]), tuple(node["chunks"]), itemsize, tuple(map(_packer, packers)))
    inner = [codec["configuration"] for codec in node["codecs"] if codec["name"] == "sharding_indexed"]
    chunks = (inner or [node["chunk_grid"]["configuration"]])[0]["chunk_shape"]
    codecs = [*node["codecs"], *(codec for one in inner for codec in one["codecs"])]
    packers = [{"id": codec["name"], **codec.get("configuration", {})} for codec in codecs]
    return _Array(tuple(node["shape"]), tuple(chunks), itemsize, tuple(map(_packer, packers)))


def _packer(codec: Mapping[str, Any]) -> str:
    """Name of a codec; Blosc covers five packers, of which the viewer knows one."""
    name = str(codec["id"]).removeprefix("numcodecs.")
    return f"blosc {codec['cname']}" if name == "blosc" and codec["cname"] != "zlib" else name


def _is_gene_major(nodes: Mapping[str, Mapping[str, Any]], shown: Mapping[str, _Array]) -> bool:
    if "X" not in nodes or _attributes(nodes["X"]).get("encoding-type") == "null":
        return True  # there are no genes, and the page shows the rest
    encoding = _attributes(nodes["X"])["encoding-type"]
    if encoding == "csc_matrix":
        return all(_nbytes(shown[f"X/{part}"]) <= _MOST_NBYTES for part in ("data", "indices"))
    if encoding != "array":
        return False
    dense = shown["X"]
    n_chunks = math.ceil(dense.shape[0] / dense.chunks[0])
    return n_chunks <= _MOST_CHUNKS and n_chunks * _nbytes(dense) <= _MOST_NBYTES


def _nbytes(array: _Array) -> int:
    return math.prod(array.chunks) * array.itemsize

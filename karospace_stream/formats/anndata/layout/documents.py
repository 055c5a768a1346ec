"""The documents of a store, written by zarr-python itself to an in-memory store without chunks."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
import zarr
from numcodecs import Shuffle, VLenUTF8, Zlib
from zarr.codecs import BloscCodec, GzipCodec
from zarr.core.buffer import Buffer
from zarr.dtype import VariableLengthUTF8
from zarr.errors import UnstableSpecificationWarning
from zarr.storage import MemoryStore

from karospace_stream.formats.anndata.layout.arrays import ArraySpec, ZarrFormat
from karospace_stream.formats.anndata.layout.groups import GroupSpec, Node
from karospace_stream.formats.anndata.layout.names import ROOT_DOCUMENTS
from karospace_stream.model.blob import Blob

JSON = "application/json"


def documents(nodes: Iterable[Node], zarr_format: ZarrFormat, level: int) -> list[Blob]:
    """All documents of a store, the consolidated one last.

    Parameters
    ----------
    nodes
        The root first, and each group before its members.
    level
        Of compression, as the chunks have it.
    """
    made: dict[str, Buffer] = {}
    store = MemoryStore(made)
    with warnings.catch_warnings():
        # That v3 specifies neither of them yet: anndata reads records, and browsers consolidated metadata.
        warnings.simplefilter("ignore", UnstableSpecificationWarning)
        warnings.filterwarnings("ignore", message="Consolidated metadata is currently not part")
        root = zarr.create_group(store, zarr_format=zarr_format)
        for node in nodes:
            if isinstance(node, GroupSpec):
                group = root.create_group(node.path) if node.path else root
                group.attrs.update(dict(node.attributes))
            else:
                _create(root, node, zarr_format, level)
        zarr.consolidate_metadata(store, zarr_format=zarr_format)
    last = ROOT_DOCUMENTS[zarr_format]
    keys = [*sorted(made.keys() - set(last)), *last]
    return [Blob(key, made[key].to_bytes(), JSON) for key in keys]


def _create(root: zarr.Group, spec: ArraySpec, zarr_format: ZarrFormat, level: int) -> None:
    text = spec.dtype == "str"
    array = root.create_array(
        spec.path,
        shape=spec.shape,
        chunks=spec.chunks,
        shards=spec.shard_shape,
        dtype=VariableLengthUTF8() if text else spec.value_dtype,
        fill_value="" if text else _zero(spec),
        **_codecs(spec, zarr_format, level),
    )
    array.attrs.update(dict(spec.attributes))


def _zero(spec: ArraySpec) -> Any:
    zero = np.zeros((), spec.value_dtype)
    return zero[()] if spec.fields else zero.item()


def _codecs(spec: ArraySpec, zarr_format: ZarrFormat, level: int) -> dict[str, Any]:
    """The codecs that `encode.zarr.chunks` packs chunks with."""
    text = spec.dtype == "str"
    itemsize = 1 if text else spec.value_dtype.itemsize
    shuffled = spec.shuffle and itemsize > 1
    if zarr_format == 2:
        filters = [VLenUTF8()] if text else [Shuffle(itemsize)] if shuffled else None
        return {"filters": filters, "compressors": Zlib(level)}
    if shuffled:
        blosc = BloscCodec(typesize=itemsize, cname="zlib", clevel=level, shuffle="shuffle", blocksize=0)
        return {"compressors": blosc}
    return {"compressors": GzipCodec(level=level)}

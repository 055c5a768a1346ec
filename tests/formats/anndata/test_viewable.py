"""Which stores the viewer opens as they are, told from a document that anybody may have written."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from karospace_stream.formats.anndata.layout.viewable import Viewable, viewable

ZLIB = {"id": "zlib", "level": 6}


def array(shape: list[int], chunks: list[int], dtype: str = "<f4") -> dict[str, Any]:
    return {"shape": shape, "chunks": chunks, "dtype": dtype, "filters": None, "compressor": ZLIB}


STORE: dict[str, Any] = {
    "obs/.zattrs": {"_index": "_index"},
    "var/.zattrs": {"_index": "names"},
    "obs/_index/.zarray": array([9], [9], "|O"),
    "var/names/.zarray": array([4], [4], "|O"),
    "X/.zattrs": {"encoding-type": "csc_matrix"},
    "X/data/.zarray": array([10**9], [65_536]),
    "X/indices/.zarray": array([10**9], [65_536], "<i4"),
}
DENSE: dict[str, Any] = {
    **{key: node for key, node in STORE.items() if not key.startswith("X/")},
    "X/.zattrs": {"encoding-type": "array"},
    "X/.zarray": array([10**6, 20_000], [262_144, 1]),
}


def told(store: dict[str, Any], key: str = "X/.zattrs", change: dict[str, Any] | None = None) -> Any:
    document = copy.deepcopy(store)
    document[key].update(change or {})
    return viewable(json.dumps({"metadata": document}).encode())


def test_stores_that_lie_gene_after_gene() -> None:
    assert told(STORE) == told(DENSE) == Viewable(9, 4)


def test_names_with_a_mask() -> None:
    masked = {key: node for key, node in STORE.items() if key != "obs/_index/.zarray"}
    masked["obs/_index/.zattrs"] = {"encoding-type": "nullable-string-array"}
    masked["obs/_index/values/.zarray"] = STORE["obs/_index/.zarray"]
    masked["obs/_index/mask/.zarray"] = array([9], [9], "|b1")
    assert told(masked) == Viewable(9, 4)


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("X/.zattrs", {"encoding-type": "csr_matrix"}),
        ("X/.zattrs", {"encoding-type": ["csc_matrix"]}),
        ("X/data/.zarray", {"chunks": [1 << 25]}),
        ("X/data/.zarray", {"compressor": {"id": "zstd"}}),
        ("X/data/.zarray", {"compressor": {"id": "blosc", "cname": "lz4"}}),
        ("X/indices/.zarray", {"filters": [{"id": "delta"}]}),
        ("obs/_index/.zarray", {"compressor": {"id": "lz4"}}),
        ("obs/_index/.zarray", {"shape": []}),
        ("obs/_index/.zarray", {"shape": 9}),
        ("obs/.zattrs", {"_index": "other"}),
        ("obs/.zattrs", {"_index": {}}),
    ],
)
def test_other_stores_are_none(key: str, change: dict[str, Any]) -> None:
    assert told(STORE, key, change) is None


@pytest.mark.parametrize("chunks", [[1000, 1000], [262_144, 100], [0, 1], [], ["a", "b"]])
def test_a_dense_store_in_other_strips_is_none(chunks: list[Any]) -> None:
    assert told(DENSE, "X/.zarray", {"chunks": chunks}) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-5],
        lambda text: b"",
        lambda text: b"[]",
        lambda text: b"3",
        lambda text: b"null",
        lambda text: b'{"metadata": []}',
        lambda text: b'{"metadata": {"obs/.zattrs": 3}}',
        lambda text: b'{"node_type": "group"}',
        lambda text: b'{"consolidated_metadata": null}',
        lambda text: b'{"consolidated_metadata": {"metadata": {"X": 3}}}',
        lambda text: b"\xff" + text,
        lambda text: b"[" * 100_000,
    ],
)
def test_what_is_no_document_is_none(change: Callable[[bytes], bytes]) -> None:
    assert viewable(change(json.dumps({"metadata": STORE}).encode())) is None

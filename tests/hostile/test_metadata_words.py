"""Metadata of an unexpected form are named, and described without the words of Python."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import zarr
from scipy import sparse

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source
from karospace_stream.source.problems.unreadable import reason
from tests.hostile.bombs import small_data, write_zarr

PYTHON = re.compile(r"__init__|unsupported operand|NoneType|set_int_max|modulo|Expected dict|<class")
Document = dict[str, Any]


def change(path: Path, key: str, name: str, edit: Callable[[Document], Any]) -> Path:
    """Change one document of a store, and forget the copies of all."""
    (path / ".zmetadata").unlink(missing_ok=True)
    if (path / "zarr.json").exists():
        root = json.loads((path / "zarr.json").read_bytes())
        root.pop("consolidated_metadata", None)
        (path / "zarr.json").write_text(json.dumps(root))
    document = path / key / name
    changed = edit(json.loads(document.read_bytes()))
    document.write_text(changed if isinstance(changed, str) else json.dumps(changed))
    return document


def with_digits(document: Document) -> str:
    return f'{json.dumps(document)[:-1]}, "more": {"9" * 5000}}}'


def sharded(inner: int) -> Callable[[Document], Document]:
    stored = [{"name": "bytes", "configuration": {"endian": "little"}}]
    codec = {
        "name": "sharding_indexed",
        "configuration": {"chunk_shape": [inner], "codecs": stored, "index_codecs": stored},
    }
    return lambda document: {**document, "codecs": [codec]}


FORMS = {
    "null": (2, ".zarray", lambda _: "null", "it must be a JSON object, got null"),
    "a list": (2, ".zarray", lambda _: "[]", "it must be a JSON object, got a list"),
    "no JSON": (3, "zarr.json", lambda _: "{", "it is no JSON, "),
    "digits": (2, ".zarray", with_digits, "it holds a number of thousands of digits"),
    "digits, version 3": (3, "zarr.json", with_digits, "it holds a number of thousands of digits"),
    "attributes": (
        3,
        "zarr.json",
        lambda document: {**document, "attributes": [1]},
        "'attributes' must be a JSON object, got a list",
    ),
    "node type": (
        3,
        "zarr.json",
        lambda document: {**document, "node_type": "group"},
        "it describes an array, but 'node_type' is 'group'",
    ),
    "inner chunks": (3, "zarr.json", sharded(0), "the chunks in a shard hold nothing"),
}


@pytest.mark.parametrize("key", ["obs/score", "obs/_index"])
@pytest.mark.parametrize("name", FORMS)
def test_the_document_of_an_array(tmp_path: Path, name: str, key: str) -> None:
    version, document, edit, words = FORMS[name]
    write_zarr(path := tmp_path / "x.zarr", version)
    found = change(path, key, document, edit)
    if key == "obs/score":
        why = dict(open_source(path).catalog.unreadable)["obs/score"]
    else:
        with pytest.raises(BadInputError) as raised:
            open_source(path)
        why = str(raised.value)
    assert f"{found} is damaged: {words}" in why
    assert not PYTHON.search(why)


@pytest.mark.parametrize("key", ["", "obs"])
@pytest.mark.parametrize("text", ["null", "[]"])
def test_the_document_of_a_group(tmp_path: Path, key: str, text: str) -> None:
    write_zarr(path := tmp_path / "x.zarr", 2)
    found = change(path, key, ".zgroup", lambda _: text)
    with pytest.raises(BadInputError, match=rf"{found} is damaged: it must be a JSON object"):
        open_source(path)


def test_a_broken_copy_of_all_metadata_does_not_matter(tmp_path: Path) -> None:
    write_zarr(path := tmp_path / "x.zarr", 2)
    (path / ".zmetadata").write_text("null")
    assert not open_source(path).catalog.unreadable


@pytest.mark.parametrize("version", [2, 3])
def test_an_unknown_key_of_a_codec(tmp_path: Path, version: int) -> None:
    def edit(document: Document) -> Document:
        if version == 2:
            return {**document, "compressor": {"id": "zlib", "level": 1, "odd": 3}}
        return {
            **document,
            "codecs": [
                {"name": "bytes", "configuration": {"endian": "little"}},
                {"name": "gzip", "configuration": {"level": 1, "odd": 3}},
            ],
        }

    write_zarr(path := tmp_path / "x.zarr", version)
    change(path, "obs/score", "zarr.json" if version == 3 else ".zarray", edit)
    why = dict(open_source(path).catalog.unreadable)["obs/score"]
    assert why == "its metadata are damaged (unknown key 'odd')"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ZeroDivisionError("integer modulo by zero"), "its metadata are damaged (a length is 0)"),
        (
            TypeError("'int' object is not iterable"),
            "its metadata are damaged ('int' object is not iterable)",
        ),
        (TypeError("f() missing 1 required positional argument: 'x'"), "its metadata are damaged (no 'x')"),
        (AssertionError(), "its values do not fit its metadata"),
        (ValueError("a sentence of a library"), "a sentence of a library"),
        (TypeError("it must be a table"), "it must be a table"),
        (OSError("int() argument must be text"), "int() argument must be text"),
    ],
)
def test_words_of_python(error: Exception, words: str) -> None:
    assert reason(error) == words


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda raw: raw[:-5], "its checksum does not match its bytes"),
        (lambda raw: b"", "must hold values, but is empty"),
    ],
)
def test_a_damaged_shard(tmp_path: Path, damage: Callable[[bytes], bytes], words: str) -> None:
    write_zarr(path := tmp_path / "x.zarr", 3)
    root = zarr.open_group(path, mode="r+", use_consolidated=False)
    about, n = dict(root["obs/score"].attrs), root["obs/score"].shape[0]
    del root["obs/score"]
    made = root["obs"].create_array("score", shape=(n,), chunks=(1,), shards=(n,), dtype="f8")
    made[:] = np.arange(1, n + 1)
    made.attrs.update(about)
    assert open_source(path).obs_column("score", 0, n).values[0] == 1
    shard = path / "obs" / "score" / "c" / "0"
    shard.write_bytes(damage(shard.read_bytes()))
    with pytest.raises(BadInputError, match=words):
        open_source(path).obs_column("score", 0, n)


def retyped(name: str, dtype: str) -> Callable[[Any], None]:
    return lambda matrix: matrix.update({name: matrix.pop(name)[:].astype(dtype)})


def shaped(shape: Any) -> Callable[[Any], None]:
    return lambda matrix: matrix.attrs.update(shape=shape)


SPARSE = {
    "no data": (lambda matrix: matrix.pop("data"), "X is a sparse matrix without its part 'data'"),
    "no data, no indptr": (
        lambda matrix: (matrix.pop("data"), matrix.pop("indptr")),
        "X is a sparse matrix without its part 'data' and 'indptr'",
    ),
    "indptr": (retyped("indptr", "f8"), "indptr of X must be whole numbers, got float64"),
    "indices": (retyped("indices", "f4"), "indices of X must be whole numbers, got float32"),
    "three axes": (shaped([4, 3, 1]), "X must be a CSR matrix of two axes, got the shape (4, 3, 1)"),
    "a fraction": (shaped([4, 2.5]), "its attribute 'shape' must be a list of whole numbers, got [4. 2.5]"),
    "text": (shaped("4 x 3"), "its attribute 'shape' must be a list of whole numbers, got 4 x 3"),
    "empty": (shaped(h5py.Empty("f4")), "X must be a CSR matrix of two axes, got the shape ()"),
}


@pytest.mark.parametrize("name", SPARSE)
def test_parts_of_a_sparse_matrix(tmp_path: Path, name: str) -> None:
    edit, words = SPARSE[name]
    data = small_data()
    data.X = sparse.csr_matrix(data.X)
    data.write_h5ad(path := tmp_path / "x.h5ad")
    with h5py.File(path, "r+") as root:
        edit(root["X"])
    assert re.sub(r"\s+", " ", dict(open_source(path).catalog.unreadable)["X"]) == words

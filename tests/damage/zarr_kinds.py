"""Ways in which a Zarr store can be damaged: functions of its path and of a generator of numbers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from tests.damage.zarr_documents import array_keys, build, chunks, documents, edit_arrays, pick, read

__all__ = ["KINDS", "build", "read"]

Rng = np.random.Generator
Kind = Callable[[Path, Rng], None]

ODD: list[Any] = [
    None, True, False, 0, -1, 1, 7, 2**31, 2**63, 10**12, 1.5, -0.5, 1e300, float("nan"), float("inf"),
    "", "text", "../", "../../../etc/passwd", "/", ".", "..", "\0", "é" * 300, [], {}, [[]], [None], [-1],
    [0], [1, 1, 1], ["a"], {"a": 1}, {"name": "no-such"}, [{"name": "no-such"}], [10**12, 10**12],
]  # fmt: skip


def _of_arrays(fields: tuple[str, ...], values: list[Any]) -> Kind:
    """Put an odd value in a field of the description of one array, or of all."""

    def damage(path: Path, rng: Rng) -> None:
        key = None if rng.random() < 0.1 else pick(array_keys(path), rng)
        field, value = pick(list(fields), rng), pick(values, rng)

        def change(node: dict[str, Any]) -> None:
            *above, last = field.split(".")
            for step in above:
                node = node.get(step, {}) if isinstance(node, dict) else {}
            if isinstance(node, dict) and last in node:
                node[last] = value

        edit_arrays(path, change, lambda name: key is None or name == key)

    return damage


def _length(path: Path, rng: Rng) -> None:
    """One axis of one array, or of its chunks, gets another length."""
    key, axis, factor = (
        pick(array_keys(path), rng),
        int(rng.integers(2)),
        pick([0, -1, 2, 3, 10**9, 0.5], rng),
    )

    def change(node: dict[str, Any]) -> None:
        lists = [node["shape"], node.get("chunks")]
        lists.append(node.get("chunk_grid", {}).get("configuration", {}).get("chunk_shape"))
        numbers = lists[int(pick([0, 1], rng))] or lists[2] or lists[0]
        if axis < len(numbers):
            numbers[axis] = numbers[axis] * factor if factor != 0.5 else max(1, numbers[axis] // 2)

    edit_arrays(path, change, lambda name: name == key)


def _shard_index(path: Path, rng: Rng) -> None:
    """The configuration of shards: where the index is, how it is coded, the shape of inner chunks."""
    field, value = (
        pick(["index_location", "index_codecs", "codecs", "chunk_shape"], rng),
        pick([*ODD, [3, 5], [7, 7]], rng),
    )

    def change(node: dict[str, Any]) -> None:
        for codec in node.get("codecs", []):
            if codec.get("name") == "sharding_indexed":
                codec["configuration"][field] = value

    edit_arrays(path, change, lambda name: True)


def _any_value(path: Path, rng: Rng) -> None:
    """Any value in any document becomes another one."""
    file = pick(documents(path), rng)
    document = json.loads(file.read_text())
    members: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for at in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
            members.append((node, at))
            walk(node[at])

    walk(document)
    if not members:
        return
    node, at = pick(members, rng)
    if rng.random() < 0.25 and isinstance(node, dict):
        del node[at]
    elif rng.random() < 0.1 and isinstance(node, dict):
        node[f"{at}x"] = node.pop(at)
    else:
        node[at] = pick(ODD, rng)
    file.write_text(json.dumps(document))


def _whole_document(path: Path, rng: Rng) -> None:
    """A document is something else."""
    others = [
        b"", b"[]", b"[1]", b"3", b"null", b'"text"', b"{}", b"{", b'{"a": ', b"\xff\xfe{}",
        b"\xef\xbb\xbf{}", b"\x80\x81",
        b"[" * 20_000, b'{"a":' * 20_000, b"NaN", b"\0" * 100, b'{"shape": [1]', b"{" + b" " * 100_000 + b"}",
    ]  # fmt: skip
    pick(documents(path), rng).write_bytes(pick(others, rng))


def _gone_document(path: Path, rng: Rng) -> None:
    pick(documents(path), rng).unlink()


def _foldered_document(path: Path, rng: Rng) -> None:
    file = pick(documents(path), rng)
    file.unlink()
    file.mkdir()


def _attributes(path: Path, rng: Rng) -> None:
    """Attributes of a node, which anndata's encodings are told by, are odd, or no object at all."""
    files = [file for file in documents(path) if file.name in (".zattrs", "zarr.json")]
    file, whole, value = pick(files, rng), rng.random() < 0.3, pick(ODD, rng)
    document = json.loads(file.read_text())
    attributes = document if file.name == ".zattrs" else document.get("attributes", {})
    if whole:
        document = {**document, "attributes": value} if file.name == "zarr.json" else value
    elif attributes:
        attributes[pick(sorted(attributes), rng)] = value
    file.write_text(json.dumps(document))


def _node_kind(path: Path, rng: Rng) -> None:
    """A group says it is an array, or the other way round, or a version that there is not."""
    file = pick([each for each in documents(path) if each.name != ".zattrs"], rng)
    document = json.loads(file.read_text())
    document[pick(["node_type", "zarr_format"], rng)] = pick(
        ["array", "group", "nothing", None, 1, 2, 3, 4, "3", []], rng
    )
    file.write_text(json.dumps(document))


def _gone_chunk(path: Path, rng: Rng) -> None:
    pick(chunks(path), rng).unlink()


def _foldered_chunk(path: Path, rng: Rng) -> None:
    file = pick(chunks(path), rng)
    file.unlink()
    file.mkdir()


def _length_of_chunk(path: Path, rng: Rng) -> None:
    """A chunk is too short, too long, or empty."""
    file = pick(chunks(path), rng)
    data = file.read_bytes()
    file.write_bytes(pick([b"", data[:-1], data[: len(data) // 2], data + data, data + b"\0", data[1:]], rng))


def _swapped_chunks(path: Path, rng: Rng) -> None:
    first, second = pick(chunks(path), rng), pick(chunks(path), rng)
    held = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(held)


def _flipped(path: Path, rng: Rng) -> None:
    """Some bits of a chunk, or of a document."""
    file = pick(chunks(path) if rng.random() < 0.7 else documents(path), rng)
    data = bytearray(file.read_bytes())
    for _ in range(int(rng.integers(1, 5))):
        data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))
    file.write_bytes(data)


def _cut(path: Path, rng: Rng) -> None:
    file = pick(chunks(path) + documents(path), rng)
    data = file.read_bytes()
    file.write_bytes(data[: int(rng.integers(len(data)))])


def _inserted(path: Path, rng: Rng) -> None:
    file = pick(chunks(path) + documents(path), rng)
    data, at = file.read_bytes(), 0
    at = int(rng.integers(len(data)))
    file.write_bytes(data[:at] + rng.bytes(int(rng.integers(1, 9))) + data[at:])


def _gone_node(path: Path, rng: Rng) -> None:
    """A whole array or group is not there any more, whatever the consolidated metadata say."""
    shutil.rmtree(pick(sorted(each for each in path.rglob("*") if each.is_dir()), rng))


def _moved_node(path: Path, rng: Rng) -> None:
    """One array lies where another one should."""
    first, second = pick(array_keys(path), rng), pick(array_keys(path), rng)
    shutil.copytree(path / first, path / "held")
    shutil.rmtree(path / second)
    (path / "held").rename(path / second)


def _values(key: str, change: Callable[[Any, Rng], None]) -> Kind:
    """The values of an array are not what they should be."""

    def damage(path: Path, rng: Rng) -> None:
        array = zarr.open_group(path, mode="r+", use_consolidated=False)[key]
        values = array[:]
        change(values, rng)
        array[:] = values

    return damage


def _put_one(*values: float) -> Callable[[Any, Rng], None]:
    def change(held: Any, rng: Rng) -> None:
        held.reshape(-1)[int(rng.integers(held.size))] = pick(list(values), rng)

    return change


def _shuffle(held: Any, rng: Rng) -> None:
    rng.shuffle(held)


_V2 = ("shape", "chunks", "dtype", "compressor", "fill_value", "order", "filters", "dimension_separator")
_V3 = ("shape", "data_type", "chunk_grid", "chunk_key_encoding", "fill_value", "codecs", "dimension_names")
_TYPES = [
    "<f16", "<c8", "|V12", "<M8[ns]", "|S0", "|O", "<U0", "|b1", "<f2",
    "complex64", "float128", "r8", "int7", "string",
]  # fmt: skip

KINDS: list[tuple[str, Kind]] = [
    ("shape", _of_arrays(("shape",), ODD)),
    ("length", _length),
    ("chunks", _of_arrays(("chunks", "chunk_grid", "chunk_grid.name", "chunk_grid.configuration",
                           "chunk_grid.configuration.chunk_shape"), ODD)),
    ("type", _of_arrays(("dtype", "data_type"),
                        [*ODD, *_TYPES, [["a", "<f4"]], {"name": "numpy.datetime64"}])),
    ("codec", _of_arrays(("codecs", "compressor", "filters", "compressor.id", "order"),
                         [*ODD, [{"name": "gzip"}], {"id": "lz77"}, [{"id": "delta"}], {"id": "zlib"}])),
    ("key encoding", _of_arrays(("chunk_key_encoding", "dimension_separator", "chunk_key_encoding.name",
                                 "chunk_key_encoding.configuration.separator"), ODD)),
    ("dimension names", _of_arrays(("dimension_names",), [*ODD, ["x"] * 5, [1, 2]])),
    ("fill value", _of_arrays(("fill_value",), [*ODD, "NaN", "AAAA", "0xff", [1, 2]])),
    ("storage transformers", _of_arrays(("storage_transformers",), ODD)),
    ("any field", _of_arrays((*_V2, *_V3), ODD)),
    ("shard", _shard_index),
    ("any value", _any_value),
    ("any value twice", lambda path, rng: [_any_value(path, rng) for _ in range(2)] and None),
    ("document", _whole_document),
    ("no document", _gone_document),
    ("document a folder", _foldered_document),
    ("attributes", _attributes),
    ("node kind", _node_kind),
    ("no chunk", _gone_chunk),
    ("chunk a folder", _foldered_chunk),
    ("length of a chunk", _length_of_chunk),
    ("swapped chunks", _swapped_chunks),
    ("flipped bits", _flipped),
    ("truncated", _cut),
    ("inserted bytes", _inserted),
    ("no node", _gone_node),
    ("moved node", _moved_node),
    ("indptr", _values("X/indptr", _put_one(-1, 0, 5, 10**6, 2**31 - 1, -(2**31)))),
    ("indices", _values("X/indices", _put_one(-1, 0, 12, 10**6, 2**31 - 1, -(2**31)))),
    ("shuffled indptr", _values("X/indptr", _shuffle)),
    ("data", _values("X/data", _put_one(np.nan, np.inf, -np.inf, -1, 1e38))),
    ("codes", _values("obs/kind/codes", _put_one(-1, -2, 3, 100))),
    ("coordinates", _values("obsm/X_umap", _put_one(np.nan, np.inf, 1e38))),
    ("graph", _values("obsp/connectivities/indices", _put_one(-1, 0, 40, 10**6))),
    ("graph values", _values("obsp/connectivities/data", _put_one(np.nan, -1, np.inf))),
]  # fmt: skip

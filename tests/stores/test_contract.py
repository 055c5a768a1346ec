"""What `Store` promises, on each kind of store."""

from __future__ import annotations

import itertools
import random
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from karospace_stream.storage import Headers, StorageError, Store, StoredInfo
from karospace_stream.storage import headers as headers_module
from karospace_stream.storage import store as store_module
from karospace_stream.storage.filesystem import open_filesystem, start, wait_for
from tests.stores.kinds import KINDS, fresh_store

PLAIN = Headers()


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return fresh_store(request.param, request, tmp_path)


def noise(nbytes: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(nbytes)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_what_is_put_is_read(store: Store, kind: type) -> None:
    data = noise(1000)
    store.put("a/b/c.bin", kind(data), PLAIN)
    assert store.read("a/b/c.bin") == data
    assert store.info("a/b/c.bin") == StoredInfo(1000, store.info("a/b/c.bin").version)


def test_an_empty_object(store: Store) -> None:
    store.put("none.bin", b"", PLAIN)
    assert store.read("none.bin") == b""
    assert store.info("none.bin").size == 0
    assert store.read_range("none.bin", 0, 0) == b""


def test_an_object_is_replaced(store: Store) -> None:
    store.put("a.bin", b"first", PLAIN)
    before = store.info("a.bin")
    store.put("a.bin", b"other", PLAIN)
    assert store.read("a.bin") == b"other"
    assert store.info("a.bin").version != before.version


@pytest.mark.few(3)
def test_several_at_once(store: Store) -> None:
    objects = [(f"many/{i:03d}.bin", noise(100 + i, i), PLAIN) for i in range(100)]
    store.put_many(objects)
    found = store.find()
    assert {key: about.size for key, about in found.items()} == {key: len(data) for key, data, _ in objects}
    assert list(found) == sorted(found)
    whole = store.read_ranges([(key, 0, about.size) for key, about in found.items()])
    assert whole == [data for _, data, _ in objects]


def test_ranges_come_in_their_order(store: Store) -> None:
    data = noise(50_000)
    store.put("a.bin", data, PLAIN)
    rng = random.Random(1)
    ranges = [tuple(sorted(rng.choices(range(len(data) + 1), k=2))) for _ in range(60)]
    got = store.read_ranges([("a.bin", start, stop) for start, stop in ranges])
    assert got == [data[start:stop] for start, stop in ranges]
    assert store.read_range("a.bin", 49_999, 50_000) == data[-1:]


def test_fewer_bytes_than_wanted_is_an_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("karospace_stream.storage.answers.LOST_S", 0.3)
    store.put("a.bin", b"0123456789", PLAIN)
    with pytest.raises(
        StorageError, match=r"a\.bin could not be read: the answer must have 20 bytes from 0, got 10"
    ):
        store.read_range("a.bin", 0, 20)


@pytest.mark.parametrize("nbytes", [1000, (5 << 20) + 1, (16 << 20) + 3])
def test_pieces_become_one_object(store: Store, nbytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """From memory; through a file and at once; through a file and in parts, where the store has that."""
    monkeypatch.setattr(store_module, "HELD_NBYTES", 3 << 20)
    monkeypatch.setattr(headers_module, "PIECE_NBYTES", 5 << 20)  # S3 wants no smaller ones
    data = noise(nbytes)
    store.put_pieces("big.bin", (data[at : at + 70_001] for at in range(0, nbytes, 70_001)), PLAIN)
    assert store.info("big.bin").size == nbytes
    assert store.read("big.bin") == data


def test_no_pieces_are_an_empty_object(store: Store) -> None:
    store.put_pieces("none.bin", iter(()), PLAIN)
    assert store.read("none.bin") == b""


def test_a_large_object_is_sent_in_parts(store: Store) -> None:
    """Sizes as they are: more than is held, and than is sent at once."""
    piece = noise(3 << 20)
    store.put_pieces("large.bin", [piece] * 7, PLAIN)
    assert store.read_range("large.bin", 6 << 20, 9 << 20) == piece
    assert store.info("large.bin").size == 21 << 20
    assert store.read("large.bin") == piece * 7


def test_pieces_that_end_too_soon_leave_what_was_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "HELD_NBYTES", 3 << 20)
    monkeypatch.setattr(headers_module, "PIECE_NBYTES", 5 << 20)

    def pieces() -> Iterator[bytes]:
        yield from [bytes(1 << 20)] * 12
        raise RuntimeError("nothing more")

    store.put("old.bin", b"old", PLAIN)
    for key in ("old.bin", "new.bin"):
        with pytest.raises(RuntimeError, match="nothing more"):
            store.put_pieces(key, pieces(), PLAIN)
    assert list(store.find()) == ["old.bin"]
    assert store.read("old.bin") == b"old"


@pytest.mark.parametrize("kind", ["moto_store", "rclone_store", "azurite_store", "gcs_store"])
@pytest.mark.few(2)
def test_parts_wait_nowhere(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not on disk, and no more than a few of them in memory."""
    store = fresh_store(kind, request, tmp_path)
    monkeypatch.setattr(store_module, "HELD_NBYTES", 3 << 20)
    monkeypatch.setattr(headers_module, "PIECE_NBYTES", 5 << 20)
    monkeypatch.setattr("tempfile.TemporaryDirectory", None)
    store.put("before.bin", b"", PLAIN)  # its library is loaded
    piece = noise(1 << 20)

    def peak(n: int) -> int:
        tracemalloc.start()
        try:
            store.put_pieces("large.bin", itertools.repeat(piece, n), PLAIN)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few = peak(24)
    assert peak(96) < few + (32 << 20)  # of 72 more that went through
    assert store.info("large.bin").size == 96 << 20


def test_no_upload_is_left_behind(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """One that is given up would be paid for by the month."""
    store = fresh_store("moto_store", request, tmp_path)
    with pytest.raises(RuntimeError, match="iterator"):
        store.put_pieces("a.bin", _failing(), PLAIN)
    fs, path = open_filesystem(store.location)
    bucket, prefix = path.split("/", 1)
    listed = wait_for(start(fs, fs._call_s3("list_multipart_uploads", Bucket=bucket)))
    # Other tests upload into the same bucket meanwhile.
    assert [each["Key"] for each in listed.get("Uploads", ()) if each["Key"].startswith(prefix)] == []


def _failing() -> Iterator[bytes]:
    yield bytes(20 << 20)
    raise RuntimeError("iterator")


def test_what_is_not_there(store: Store) -> None:
    assert store.info("nothing.bin") is None
    assert store.find("nothing") == {}
    assert store.folders() == store.names() == []
    store.put("a/b.bin", b"x", PLAIN)
    assert store.info("a") is None
    assert store.info("a/b") is None
    assert store.find("a/b.bin") == {}
    for ask in (lambda: store.read("nothing.bin"), lambda: store.read_range("nothing.bin", 0, 5)):
        with pytest.raises(FileNotFoundError) as caught:
            ask()
        assert str(caught.value) == f"{store.shown}/nothing.bin does not exist"


def test_lists_are_fresh_and_know_what_one_object_is(store: Store) -> None:
    store.put("one.bin", b"1", PLAIN)
    assert list(store.find()) == ["one.bin"]
    store.put_many([(key, b"22", PLAIN) for key in ("x/two.bin", "x/y/three.bin", "xx/four.bin", "z.bin")])
    assert list(store.find()) == ["one.bin", "x/two.bin", "x/y/three.bin", "xx/four.bin", "z.bin"]
    assert list(store.find("x")) == list(store.find("x/")) == ["x/two.bin", "x/y/three.bin"]
    assert store.folders() == ["x", "xx"]
    assert store.names() == ["one.bin", "x", "xx", "z.bin"]
    assert store.find()["x/two.bin"] == store.info("x/two.bin")
    store.delete(["one.bin", "x/y/three.bin"])
    assert list(store.find()) == ["x/two.bin", "xx/four.bin", "z.bin"]


def test_what_is_deleted_is_gone(store: Store) -> None:
    store.put_many([(f"{i}.bin", b"x", PLAIN) for i in range(20)])
    store.delete(f"{i}.bin" for i in range(0, 40, 2))
    assert sorted(store.find()) == sorted(f"{i}.bin" for i in range(1, 20, 2))
    store.delete([])
    store.delete(["never.bin", "never.bin"])


def test_only_one_creates(store: Store) -> None:
    assert store.create("head.json", b"first", PLAIN)
    assert not store.create("head.json", b"second", PLAIN)
    assert store.read("head.json") == b"first"
    store.delete(["head.json"])
    assert store.create("head.json", b"third", PLAIN)
    assert store.read("head.json") == b"third"


@pytest.mark.parametrize("kind", ["moto_store", "azurite_store", "gcs_store", "memory"])
def test_only_one_of_many_creates(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Where the store knows conditions. ``rclone serve`` does not, nor do files through fsspec."""
    store = fresh_store(kind, request, tmp_path)
    for attempt in range(3):
        key = f"race-{attempt}.json"
        with ThreadPoolExecutor(8) as threads:
            made = list(threads.map(lambda i, key=key: store.create(key, b"%d" % i, PLAIN), range(8)))
        assert sum(made) == 1
        assert store.read(key) == b"%d" % made.index(True)


def test_names_as_genes_have_them(store: Store) -> None:
    """Keys are ours, but they hold dots, dashes, percent signs and digits."""
    keys = ["a-b_c.1.bin", "%2Fx.bin", "HLA-DRB1.json.gz", "..dots/..x", "a b.bin", "A=1,b+c@d.bin"]
    store.put_many([(key, key.encode(), PLAIN) for key in keys])
    assert sorted(store.find()) == sorted(keys)
    for key in keys:
        assert store.read(key) == key.encode()
    store.delete(keys)
    assert store.find() == {}

"""The bytes of a zip follow from its entries, and no file need be seekable or held."""

from __future__ import annotations

import io
import itertools
import random
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import zarr

from karospace_stream.errors import TargetError
from karospace_stream.formats.anndata.layout.archive import archive_entries
from karospace_stream.formats.layout.checksums import CHECKSUMS, checksums_blob
from karospace_stream.model.blob import Receipt
from karospace_stream.targets.zips.zipping import is_archive, zip_pieces
from tests.targets.names import ODD
from tests.targets.zips import store_files


def receipt(key: str, data: bytes) -> Receipt:
    return Receipt(key, len(data), zlib.crc32(data))


def streamed(files: dict[str, bytes]) -> bytes:
    receipts = [receipt(key, data) for key, data in files.items()]
    return b"".join(zip_pieces(receipts, lambda each: [files[each.key]], "x.zarr.zip"))


def seekable(files: dict[str, bytes]) -> bytes:
    """As the standard library writes them where it can go back."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for key, data in files.items():
            about = zipfile.ZipInfo(key, (1980, 1, 1, 0, 0, 0))
            about.create_system, about.external_attr = 3, 0o100644 << 16
            archive.writestr(about, data)
    return made.getvalue()


def some(n: int = 40, seed: int = 0) -> dict[str, bytes]:
    rng = random.Random(seed)
    return {f"a/{i}": rng.randbytes(rng.choice((0, 1, 10, 70_000))) for i in range(n)}


@pytest.mark.parametrize("files", [{}, {"a": b""}, {key: key.encode() for key in ODD}, some()])
def test_the_bytes_are_the_standard_librarys(files: dict[str, bytes]) -> None:
    data = streamed(files)
    assert data == seekable(files)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files


@pytest.mark.parametrize("limit", [0, 50, 1000, 20_000, 100_000])
def test_large_ones_by_smaller_limits(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """More bytes and more entries than a zip without extensions can tell."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", limit)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", limit // 30)
    files = some()
    receipts = [receipt(key, data) for key, data in files.items()]
    data = streamed(files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for each in receipts:
            about = zipfile.ZipInfo(each.key, (1980, 1, 1, 0, 0, 0))
            about.create_system, about.external_attr, about.file_size = 3, 0o100644 << 16, each.size
            with archive.open(about, "w") as entry:
                entry.write(files[each.key])
    assert data == made.getvalue()
    monkeypatch.undo()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_more_entries_than_sixteen_bits_count() -> None:
    files = {f"a/{i}": b"%d" % i for i in range(65_600)}
    data = streamed(files)
    assert data == seekable(files)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.infolist()) == 65_600
        assert archive.read("a/65599") == b"65599"


def test_more_bytes_than_thirty_two_bits_count() -> None:
    """Four gigabytes of zeros, none of which are kept; then the directory is read from what is."""
    piece = bytes(1 << 20)
    checks = list(itertools.accumulate(range(2100), lambda check, _: zlib.crc32(piece, check), initial=0))
    entries = [Receipt("large", 2100 << 20, checks[-1]), Receipt("larger", 2100 << 20, checks[-1])]
    entries.append(receipt("zarr.json", b"{}"))

    def read(each: Receipt) -> Iterator[bytes]:
        return iter([b"{}"]) if each.key == "zarr.json" else itertools.repeat(piece, 2100)

    kept = _Ends()
    for each in zip_pieces(entries, read, "x.zarr.zip"):
        kept.take(each)
    with zipfile.ZipFile(kept) as archive:
        assert [(each.filename, each.file_size, each.CRC) for each in archive.infolist()] == [
            (each.key, each.size, each.crc32) for each in entries
        ]
        assert archive.read("zarr.json") == b"{}"


class _Ends(io.RawIOBase):
    """The last two megabytes of a file; zeros before."""

    def __init__(self) -> None:
        self._tail, self._size, self._at = b"", 0, 0

    def take(self, data: bytes) -> None:
        self._tail = (self._tail + data)[-(2 << 20) :]
        self._size += len(data)

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + {0: 0, 1: self._at, 2: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, n: int = -1) -> bytes:
        start = self._at - (self._size - len(self._tail))
        assert start >= 0
        data = self._tail[start : None if n < 0 else start + n]
        self._at += len(data)
        return data


def test_what_is_read_must_be_what_was_written() -> None:
    for other in (b"12345x", b"1234", b"1234567", b""):
        with pytest.raises(TargetError, match=r"x\.zarr\.zip: a/0 has changed since it was written"):
            list(zip_pieces([receipt("a/0", b"123456")], lambda each, data=other: [data], "x.zarr.zip"))


def test_an_error_of_the_reader_is_told_as_it_is() -> None:
    def read(each: Receipt) -> Iterator[bytes]:
        yield b"123"
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        list(zip_pieces([receipt("a/0", b"123456")], read, "x.zarr.zip"))


def test_memory_does_not_grow_with_the_archive() -> None:
    piece = random.Random(0).randbytes(1 << 20)

    def peak(n: int) -> int:
        entries = [receipt(f"X/data/{i}", piece) for i in range(n)]
        tracemalloc.start()
        try:
            nbytes = sum(map(len, zip_pieces(entries, lambda each: [piece], "x.zarr.zip")))
            assert nbytes > n << 20
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(400) < peak(20) + (1 << 20) < 10 << 20


def order(keys: Sequence[str]) -> list[str]:
    receipts = [Receipt(key, 1, 2) for key in keys]
    return [each.key for each in archive_entries(checksums_blob("anndata", "", {}, receipts).data)]


def test_chunks_come_in_the_order_of_their_grid_and_documents_last() -> None:
    wanted = [
        *("X/data/2", "X/data/9", "X/data/10", "X/indices/0", "obs/a b/0", "obsm/u/0.9", "obsm/u/0.10"),
        *("obsm/u/2.0", "obsm/u/10.0", "uns/title/0"),
        *("X/.zattrs", "X/.zgroup", "X/data/.zarray", "obs/a b/.zarray"),
        *(".zattrs", ".zgroup", ".zmetadata"),
    ]
    shuffled = list(wanted)
    random.Random(0).shuffle(shuffled)
    assert order([*shuffled, CHECKSUMS]) == wanted
    wanted = [
        *("X/data/c/2", "X/data/c/10", "obs/c/c/0", "obs/c/c/10", "obsm/u/c/9/0", "obsm/u/c/10/0"),
        *("uns/scalar/c", "X/data/zarr.json", "X/zarr.json", "obs/c/zarr.json", "zarr.json"),
    ]
    assert order(wanted[::-1]) == wanted


@pytest.mark.parametrize(
    ("location", "is_one"),
    [
        *(("x.zarr.zip", True), ("/a/b.ZARR.Zip", True), ("s3://b/k/x.zarr.zip", True)),
        *(("file:///a/x.zarr.zip", True), ("C:\\data\\x.zarr.zip", True), ("https://h/x.zarr.zip?a=b", True)),
        *(("x.zip", False), ("x.zarr", False), ("x.zarr.zip/anndata", False), ("xzarr.zip", False)),
        *(("s3://b/a#b?.zarr.zip", True), ("C:/x.zarr.zip", True), ("https://h/x?y=x.zarr.zip", False)),
        *(("s3://x.zarr.zip", False), ("s3://b/x.zarr.zip.bak", False)),
    ],
)
def test_which_places_are_one_file(location: str, is_one: bool) -> None:
    assert is_archive(location) is is_one


def test_zarr_python_reads_it(tmp_path: Path) -> None:
    for zarr_format in (2, 3):
        files = store_files(tmp_path / f"{zarr_format}.zarr", zarr_format)
        receipts = [receipt(key, data) for key, data in files.items()]
        entries = archive_entries(checksums_blob("anndata", "", {}, receipts).data)
        packed = tmp_path / f"{zarr_format}.zarr.zip"
        packed.write_bytes(b"".join(zip_pieces(entries, lambda each, of=files: [of[each.key]], "x")))
        with zarr.storage.ZipStore(packed, mode="r") as store:
            group = zarr.open_group(store, mode="r", use_consolidated=True, zarr_format=zarr_format)
            wanted = zarr.open_group(tmp_path / f"{zarr_format}.zarr", mode="r")["obs/細胞"]
            np.testing.assert_array_equal(group["obs/細胞"][:], wanted[:])

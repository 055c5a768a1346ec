"""Exports whose files are larger than they are listed, and manifests that would overwhelm their reader."""

from __future__ import annotations

import gzip
import json
import shutil
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

import karospace_stream
from karospace_stream.encode.checks import checksum, same_content
from karospace_stream.errors import BadInputError, KaroSpaceError, TargetError
from karospace_stream.formats.layout.documents import checked
from karospace_stream.pipeline.clean.api import clean
from karospace_stream.storage import StorageError, Store, location_of
from tests.hostile.bombs import small_data

FORMATS = ("karospace", "cellucid", "anndata")
HEADS = {"karospace": "manifest.json", "cellucid": "dataset_identity.json", "anndata": "zarr.json"}
DEEP = b'{"a":' * 10_000 + b"1" + b"}" * 10_000


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "data.h5ad"
    small_data().write_h5ad(path)
    return path


@pytest.fixture(scope="module", params=FORMATS)
def whole(request: pytest.FixtureRequest, source: Path) -> Path:
    target = source.with_name(f"{request.param}.zarr" if request.param == "anndata" else request.param)
    karospace_stream.export(source, target, format=request.param, genes="all", anno=["kind"])
    return target


@pytest.fixture
def bundle(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / whole.name))


def listed(bundle: Path) -> dict[str, list[Any]]:
    return dict(json.loads((bundle / "checksums.json").read_bytes())["files"])


def relist(bundle: Path, key: str, data: bytes) -> None:
    """Write a file as if it had been exported so."""
    (bundle / key).write_bytes(data)
    content = json.loads((bundle / "checksums.json").read_bytes())
    content["files"][key] = [len(data), f"{crc32(data):08x}"]
    (bundle / "checksums.json").write_text(json.dumps(content))


@pytest.mark.few(1)
def test_a_file_that_is_larger_than_listed(bundle: Path) -> None:
    key = max(listed(bundle), key=lambda key: (listed(bundle)[key][0], key))
    with (bundle / key).open("r+b") as file:
        file.truncate(2_000_000_000)
    found, peak_nbytes = measured(lambda: karospace_stream.verify(bundle))
    assert (key, "size") in {(fault.key, fault.kind) for fault in found.faults}
    assert any("but is larger" in fault.what for fault in found.faults if fault.key == key)
    assert peak_nbytes < 200e6


def measured(call: Callable[[], Any]) -> tuple[Any, int]:
    """What a call gives, and the most memory that it held: bytes and arrays, as Python counts them."""
    tracemalloc.start()
    try:
        return call(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.few(2)
@pytest.mark.parametrize("data", [DEEP, b"[" + b"[]," * 8_000_001 + b"[]]"], ids=["deep", "wide"])
def test_manifests(data: bytes, bundle: Path, source: Path) -> None:
    head = next(name for name in (HEADS["karospace"], HEADS["cellucid"], "zarr.json", ".zmetadata")
                if (bundle / name).is_file())  # fmt: skip
    relist(bundle, head, data)
    found = karospace_stream.verify(bundle)
    assert [(fault.key, fault.kind) for fault in found.faults] == [(head, "manifest")]
    refused_or_left_out(lambda: karospace_stream.serve(bundle, port=0).stop())
    refused_or_left_out(lambda: karospace_stream.serve(bundle.parent, port=0).stop())
    (bundle / "checksums.json").write_bytes(data)
    with pytest.raises(BadInputError, match=r"checksums\.json"):
        karospace_stream.verify(bundle)


def refused_or_left_out(call: Callable[[], Any]) -> None:
    with suppress(KaroSpaceError):  # and nothing else
        call()


@pytest.mark.few(1)
def test_documents_of_a_gigabyte(bundle: Path) -> None:
    of_a_gigabyte(bundle / "checksums.json")

    def refused() -> None:
        with pytest.raises(BadInputError, match=r"checksums\.json is damaged") as caught:
            karospace_stream.verify(bundle)
        assert "\n" not in str(caught.value)

    _, peak_nbytes = measured(refused)
    assert peak_nbytes < 400e6


@pytest.mark.few(3)
@pytest.mark.parametrize("key", ["../outside", "/etc/hostname", "a/../../b"])
def test_names_that_lead_out(key: str, bundle: Path) -> None:
    content = json.loads((bundle / "checksums.json").read_bytes())
    content["files"][key] = [1, "00000000"]
    (bundle / "checksums.json").write_text(json.dumps(content))
    with pytest.raises(BadInputError, match="not a name inside"):
        karospace_stream.verify(bundle)


@pytest.mark.few(4)
@pytest.mark.parametrize("size", [-1, 10**15, 10**30])
def test_sizes_that_cannot_be(size: int, bundle: Path) -> None:
    content = json.loads((bundle / "checksums.json").read_bytes())
    key = next(iter(content["files"]))
    content["files"][key][0] = size
    (bundle / "checksums.json").write_text(json.dumps(content))
    if size < 0:
        with pytest.raises(BadInputError, match=r"checksums\.json"):
            karospace_stream.verify(bundle)
    else:
        assert key in {fault.key for fault in karospace_stream.verify(bundle).faults if fault.kind == "size"}


@pytest.mark.few(1)
def test_large_files_are_summed_piece_by_piece(bundle: Path) -> None:
    data = b"0123456789" * 4_000_000
    key = max(listed(bundle))
    relist(bundle, key, data)
    assert not [fault for fault in karospace_stream.verify(bundle).faults if fault.kind != "manifest"]
    with (bundle / key).open("r+b") as file:
        file.seek(30_000_000)
        file.write(b"x")
    assert (key, "checksum") in {(fault.key, fault.kind) for fault in karospace_stream.verify(bundle).faults}


def test_what_was_found_inflates_no_further_than_ours() -> None:
    ours = gzip.compress(b"values")
    assert same_content(gzip.compress(b"values", 0), ours)
    assert not same_content(gzip.compress(b"valuer"), ours)
    assert not same_content(gzip.compress(b"values and more"), ours)
    assert not same_content(gzip.compress(b"values")[:-9], ours)
    assert checksum(b"ues", checksum(b"val")) == checksum(b"values")


def of_a_gigabyte(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


def deep(path: Path) -> None:
    path.write_bytes(DEEP)


def unfinished(tmp_path: Path) -> Path:
    ledger = tmp_path / ".out.0123abcd.karospace-partial" / "ledger"
    ledger.mkdir(parents=True)
    return ledger


@pytest.mark.parametrize("name", ["head.json", "scratch.json", "whole.json"])
@pytest.mark.parametrize("spoil", [deep, of_a_gigabyte])
def test_a_ledger_that_is_damaged(
    spoil: Callable[[Path], None], name: str, source: Path, tmp_path: Path
) -> None:
    """What cannot be resumed is refused until it is cleaned; where no head says that there is anything to
    resume, the export begins anew."""
    target = tmp_path / "out"
    spoil(unfinished(tmp_path) / name)
    if name == "head.json" or (name == "whole.json" and spoil is of_a_gigabyte):
        with pytest.raises(
            TargetError, match=r"ledger of an unfinished export is damaged.*karospace-stream clean"
        ):
            karospace_stream.export(source, target, genes="all", resume=True)
        assert not target.exists()
        clean(target)
    karospace_stream.export(source, target, genes="all", resume=True)
    assert karospace_stream.verify(target)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_without_a_token_is_no_unfinished_export(source: Path, tmp_path: Path) -> None:
    other = tmp_path / ".out.karospace-partial"
    other.mkdir()
    karospace_stream.export(source, tmp_path / "out", genes="all", resume=True)
    assert other.exists()


def test_a_store_cuts_what_is_too_large(tmp_path: Path) -> None:
    for name, nbytes in (("a", 0), ("b", 10), ("c", 11), ("d", 2_000)):
        (tmp_path / name).write_bytes(b"x" * nbytes)
    store = Store(location_of(tmp_path.as_uri()))
    found = store.read_up_to(["a", "b", "c", "d", "e"], [11] * 5)
    assert [data if data is None else len(data) for data in found] == [0, 10, 11, 11, None]
    assert store.read_document("b", 10) == b"x" * 10
    with pytest.raises(StorageError, match="at most 10 bytes, but is larger"):
        store.read_document("c", 10)
    with pytest.raises(FileNotFoundError):
        store.read_document("e", 10)


def test_documents_of_a_usual_size() -> None:
    names = json.dumps({"files": {f"gene{number}": [number, "00000000"] for number in range(10_000)}})
    assert checked(names.encode()) == names.encode()

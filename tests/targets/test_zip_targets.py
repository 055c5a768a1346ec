"""A zip appears whole or not at all, and nothing that is no such zip is ever replaced."""

from __future__ import annotations

import errno
import pickle
import secrets
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from karospace_stream.errors import TargetError
from karospace_stream.formats.layout.checksums import CHECKSUMS
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.storage import Headers, Store, location_of
from karospace_stream.targets.zips.archive import open_archive
from tests.targets.names import HOSTILE
from tests.targets.zips import as_store, begin, put_files, store_files

Where = Path | Store
PLAIN = Headers()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return store_files(tmp_path_factory.mktemp("stores") / "2.zarr", 2)


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return store_files(tmp_path_factory.mktemp("stores") / "3.zarr", 3)


@pytest.fixture(params=["local", "memory", "fsspec"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    if request.param == "local":
        return tmp_path / "out" / "x.zarr.zip"
    if request.param == "memory":
        return Store(location_of(f"memory://{secrets.token_hex(6)}/out/x.zarr.zip"))
    return Store(location_of(f"file://{tmp_path}/out/x.zarr.zip"))


def beside(where: Where) -> list[str]:
    """All files in the folder of a zip."""
    url = where.location.url if isinstance(where, Store) else f"file://{where}"
    return list(Store(location_of(url.rpartition("/")[0])).find())


def content(where: Where) -> dict[str, bytes]:
    archive = open_archive(as_store(where))
    keys = [entry.key for entry in archive.entries]
    return {key: data or b"" for key, data in zip(keys, archive.read_whole(keys), strict=True)}


def test_nothing_is_seen_before_the_seal(where: Where, files: dict[str, bytes]) -> None:
    target = begin(where)
    put_files(target, files)
    assert as_store(where).info("") is None
    pickle.loads(pickle.dumps(target)).seal()
    assert content(where) == files
    assert beside(where) == ["x.zarr.zip"]
    assert CHECKSUMS not in content(where)
    assert target.location == (where.shown if isinstance(where, Store) else str(where))
    assert target.prefix == ""


def test_the_same_bytes_from_whatever_place(tmp_path: Path, files: dict[str, bytes]) -> None:
    made = []
    for where in (tmp_path / "x.zarr.zip", Store(location_of("memory://same/x.zarr.zip"))):
        target = begin(where)
        put_files(target, dict(sorted(files.items())) if made else files)
        target.seal()
        made.append(as_store(where).read(""))
    assert made[0] == made[1]


def test_what_was_put_is_taken_back(where: Where, files: dict[str, bytes]) -> None:
    target = begin(where)
    put_files(target, files)
    target.abort()
    target.abort()
    assert beside(where) == []


def test_an_older_one_stays_until_the_new_one_is_whole(
    where: Where, files: dict[str, bytes], newer: dict[str, bytes]
) -> None:
    put_files(target := begin(where), files)
    target.seal()
    before = as_store(where).read("")
    with pytest.raises(TargetError, match=r"x\.zarr\.zip: a bundle already exists; add --overwrite"):
        begin(where)
    put_files(target := begin(where, overwrite=True), newer)
    assert as_store(where).read("") == before
    target.abort()
    assert as_store(where).read("") == before
    put_files(target := begin(where, overwrite=True), newer)
    target.seal()
    assert content(where) == newer
    assert beside(where) == ["x.zarr.zip"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_is_no_zarr_store_is_never_replaced(where: Where, overwrite: bool, tmp_path: Path) -> None:
    other = tmp_path / "thesis.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("thesis.txt", "years")
        archive.writestr("data/zarr.json", "{}")
    for data in (b"", b"years", b"PK\x03\x04", other.read_bytes()):
        as_store(where).put("", data, PLAIN)
        with pytest.raises(TargetError, match="not a Zarr store in a zip and will not be replaced"):
            begin(where, overwrite=overwrite)
        assert as_store(where).read("") == data
    as_store(where).delete([""])
    as_store(where).put("thesis.txt", b"years", PLAIN)
    with pytest.raises(TargetError, match="the target must be a file, but is a folder"):
        begin(where, overwrite=overwrite)
    assert beside(where) == ["x.zarr.zip/thesis.txt"]


def test_what_came_while_the_export_ran_is_never_replaced(where: Where, files: dict[str, bytes]) -> None:
    put_files(target := begin(where), files)
    as_store(where).put("", b"years", PLAIN)
    with pytest.raises(TargetError, match="will not be replaced"):
        target.seal()
    target.abort()
    assert beside(where) == ["x.zarr.zip"]
    assert as_store(where).read("") == b"years"


def test_a_link_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "x.zarr.zip").symlink_to(tmp_path / "nowhere")
    with pytest.raises(TargetError, match="is a folder or a link"):
        begin(tmp_path / "x.zarr.zip", overwrite=True)


def test_names_that_lead_elsewhere(where: Where) -> None:
    target = begin(where)
    for key in HOSTILE:
        with pytest.raises(TargetError, match="not a name inside a bundle"):
            target.put(Blob(key, b"x", ""))
    target.abort()
    assert beside(where) == []


def test_a_run_goes_on_with_what_is_staged(where: Where, files: dict[str, bytes]) -> None:
    first = begin(where)
    receipts = [first.put(Blob(key, data, "")) for key, data in files.items()]
    first.documents().put("head.json", b"{}")
    first.keep()
    second = begin(where, resume=True)
    holds = second.holds()
    assert all(map(holds, receipts))
    assert not holds(Receipt("X/data/none", 1, 2))
    assert not holds(Receipt(receipts[0].key, 1, 2))
    assert second.documents().read("head.json") == b"{}"
    put_files(second, files)
    second.seal()
    assert content(where) == files
    assert beside(where) == ["x.zarr.zip"]


@pytest.mark.parametrize("key", ["X/data/3", CHECKSUMS])
@pytest.mark.parametrize("older", [False, True])
def test_what_is_staged_and_damaged_is_not_put_in_place(
    where: Where, files: dict[str, bytes], newer: dict[str, bytes], older: bool, key: str
) -> None:
    if older:
        put_files(target := begin(where), newer)
        target.seal()
    put_files(target := begin(where, overwrite=older), files)
    # Of the same size: nobody sees it in a list.
    target.put(Blob(key, b"\0" * len(files.get(key, b"")), ""))
    with pytest.raises(TargetError, match=r"has changed since it was written|is damaged"):
        target.seal()
    target.abort()
    assert beside(where) == (["x.zarr.zip"] if older else [])
    if older:
        assert content(where) == newer


@pytest.mark.parametrize("older", [False, True])
def test_a_disk_that_is_full(
    tmp_path: Path, files: dict[str, bytes], newer: dict[str, bytes], older: bool
) -> None:
    """For the zip itself, when all that it is made of is there: nothing is lost."""
    where = tmp_path / "x.zarr.zip"
    if older:
        put_files(target := begin(where), newer)
        target.seal()
    put_files(target := begin(where, overwrite=older), files)

    def full(*given: Any) -> Iterator[bytes]:
        yield b"PK"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("karospace_stream.targets.zips.local.zip_pieces", full)
        with pytest.raises(TargetError, match="could not be published: No space left on device; make room"):
            target.seal()
    assert not list(tmp_path.rglob("archive"))
    assert where.exists() is older
    assert not older or content(where) == newer
    target.keep()
    begin(where, overwrite=older, resume=True).seal()
    assert content(where) == files
    assert beside(where) == ["x.zarr.zip"]


class CutError(BaseException):
    """As a process that is killed."""


def watched(patch: pytest.MonkeyPatch, step: int) -> None:
    """Cut before the n-th change that a seal makes."""
    calls: list[str] = []

    def watch(owner: Any, name: str) -> None:
        inner: Callable[..., Any] = getattr(owner, name)

        def call(*args: Any, **options: Any) -> Any:
            calls.append(name)
            if len(calls) > step:
                raise CutError
            return inner(*args, **options)

        patch.setattr(owner, name, call)

    for name in ("put", "put_pieces", "delete"):
        watch(Store, name)
    for name in ("replace", "rename"):
        watch(Path, name)
    watch(__import__("shutil"), "rmtree")


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.few(3)
def test_cut_off_at_every_step_of_the_seal(
    where: Where, files: dict[str, bytes], newer: dict[str, bytes], older: bool
) -> None:
    for step in range(50):
        own = at(where, step)
        if older:
            put_files(target := begin(own), newer)
            target.seal()
        put_files(target := begin(own, overwrite=older), files)
        with pytest.MonkeyPatch.context() as patch:
            watched(patch, step)
            try:
                target.seal()
                break
            except CutError:
                target.keep()
        if as_store(own).info("") is not None:
            assert content(own) in ((files, newer) if older else (files,))
        try:
            begin(own, overwrite=older, resume=True).seal()
        except TargetError:
            # All but the end was done, and what was staged is gone: nobody goes on with that.
            assert content(own) == files
        assert content(own) == files, step
    assert step > 2
    assert content(own) == files


def at(where: Where, step: int) -> Where:
    """A place of its own."""
    if isinstance(where, Store):
        return Store(location_of(where.location.url.replace("/out/", f"/out/{step}/")))
    return where.parent / str(step) / where.name

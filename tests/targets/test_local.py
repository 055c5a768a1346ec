"""A folder appears whole or not at all, and nothing that is not ours is ever replaced."""

from __future__ import annotations

import pickle
import zlib
from pathlib import Path

import pytest

from karospace_stream.errors import TargetError
from karospace_stream.model.blob import Blob
from karospace_stream.targets import LocalTarget, begin_local
from tests.targets.names import HOSTILE, ODD

SEAL = "manifest.json"


def begin(path: Path | str, *, overwrite: bool = False) -> LocalTarget:
    return begin_local(path, sealed_by=SEAL, overwrite=overwrite)


def put(target: LocalTarget, key: str, data: bytes = b"data") -> None:
    target.put(Blob(key, data, "text/plain"))


def bundle(path: Path) -> Path:
    target = begin(path)
    put(target, SEAL, b"old")
    target.seal()
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_nothing_is_seen_before_the_seal(tmp_path: Path) -> None:
    final = tmp_path / "a" / "new" / "bundle"
    target = begin(final)
    receipt = target.put(Blob("assets/x/y.bin", b"12345", ""))
    assert (receipt.key, receipt.size, receipt.crc32) == ("assets/x/y.bin", 5, zlib.crc32(b"12345"))
    put(target, SEAL)
    assert not final.exists()
    target.seal()
    assert names(final) == ["assets", "assets/x", "assets/x/y.bin", SEAL]
    assert names(final.parent)[0] == "bundle"
    assert len(list(final.parent.iterdir())) == 1
    assert target.location == str(final)


def test_a_task_in_another_process_writes_to_the_same_place(tmp_path: Path) -> None:
    target = begin(tmp_path / "bundle")
    put(pickle.loads(pickle.dumps(target)), "x")
    put(target, "x", b"again")
    target.seal()
    assert (tmp_path / "bundle" / "x").read_bytes() == b"again"


def test_an_older_bundle_stays_until_the_new_one_is_sealed(tmp_path: Path) -> None:
    final = bundle(tmp_path / "bundle")
    with pytest.raises(TargetError, match="a bundle already exists; add --overwrite"):
        begin(final)
    target = begin(final, overwrite=True)
    put(target, SEAL, b"new")
    assert (final / SEAL).read_bytes() == b"old"
    target.abort()
    assert (final / SEAL).read_bytes() == b"old"
    target = begin(final, overwrite=True)
    put(target, "other", b"new")
    target.seal()
    assert names(tmp_path) == ["bundle", "bundle/other"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_is_no_bundle_is_never_replaced(tmp_path: Path, overwrite: bool) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years")
    with pytest.raises(TargetError, match=r"mine: the folder has other files and no manifest\.json"):
        begin(mine, overwrite=overwrite)
    with pytest.raises(TargetError, match="the target must be a folder, but is a file"):
        begin(mine / "thesis.txt", overwrite=overwrite)
    with pytest.raises(TargetError, match="could not be made there"):
        begin(mine / "thesis.txt" / "bundle", overwrite=overwrite)
    for link, goal in (("link", bundle(tmp_path / "real")), ("dangling", tmp_path / "nowhere")):
        (tmp_path / link).symlink_to(goal)
        with pytest.raises(TargetError, match="a file or a link"):
            begin(tmp_path / link, overwrite=overwrite)
    assert names(mine) == ["thesis.txt"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_came_while_the_export_ran_is_never_replaced(tmp_path: Path, overwrite: bool) -> None:
    final = tmp_path / "bundle"
    target = begin(final, overwrite=overwrite)
    put(target, SEAL)
    final.mkdir()
    (final / "thesis.txt").write_text("years")
    with pytest.raises(TargetError, match="has other files"):
        target.seal()
    target.abort()
    assert names(tmp_path) == ["bundle", "bundle/thesis.txt"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    final = tmp_path / "empty"
    final.mkdir()
    target = begin(final)
    put(target, SEAL)
    target.seal()
    assert names(tmp_path) == ["empty", f"empty/{SEAL}"]


@pytest.mark.parametrize("spelling", [".", "", "../here"])
def test_the_folder_that_this_runs_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with pytest.raises(TargetError, match="the current folder"):
        begin(spelling)
    assert names(tmp_path) == ["here"]


def test_a_relative_target_does_not_move_with_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    target = begin("bundle")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    put(target, SEAL)
    target.seal()
    assert names(tmp_path) == ["bundle", f"bundle/{SEAL}", "elsewhere"]


@pytest.mark.parametrize("key", HOSTILE)
def test_names_that_lead_elsewhere(tmp_path: Path, key: str) -> None:
    target = begin(tmp_path / "bundle")
    with pytest.raises(TargetError, match="not a name inside a bundle"):
        put(target, key)
    target.abort()
    assert names(tmp_path) == []


@pytest.mark.parametrize("key", ODD)
def test_names_that_are_only_odd(tmp_path: Path, key: str) -> None:
    target = begin(tmp_path / "bundle")
    receipt = target.put(Blob(key, key.encode(), ""))
    assert target.holds()(receipt)
    put(target, SEAL)
    target.seal()
    files = {path for path in (tmp_path / "bundle").rglob("*") if path.is_file()}
    assert files == {tmp_path / "bundle" / SEAL, tmp_path / "bundle" / key}
    assert (tmp_path / "bundle" / key).read_bytes() == key.encode()


def test_a_seal_that_fails_leaves_the_older_bundle(tmp_path: Path) -> None:
    final = bundle(tmp_path / "bundle")
    target = begin(final, overwrite=True)
    target.abort()  # somebody took the staged folder away
    with pytest.raises(TargetError, match="could not be published"):
        target.seal()
    assert names(tmp_path) == ["bundle", f"bundle/{SEAL}"]
    assert (final / SEAL).read_bytes() == b"old"


def test_every_byte_is_written_as_it_is(tmp_path: Path) -> None:
    target = begin(tmp_path / "bundle")
    every = bytes(range(256)) + b"\r\n\n\x1a"
    put(target, "a.bin", every)
    put(target, SEAL)
    target.seal()
    assert (tmp_path / "bundle" / "a.bin").read_bytes() == every


def test_a_mounted_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.path.ismount", lambda path: Path(path) == tmp_path / "volume")
    (tmp_path / "volume").mkdir()
    with pytest.raises(TargetError, match="cannot replace a mounted folder; name a new folder in it"):
        begin(tmp_path / "volume")
    begin(tmp_path / "volume" / "bundle").abort()
    assert names(tmp_path) == ["volume"]

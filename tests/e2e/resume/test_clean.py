"""``clean`` removes what exports that were cut off have left, and nothing else, whatever a ledger says."""

from __future__ import annotations

import json
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError, TargetError
from karospace_stream.storage import Headers, Store, location_of
from tests.e2e.resume.cutting import SMALL, cut_off
from tests.e2e.resume.stored import objects
from tests.e2e.support import command, contents, run
from tests.stores.servers import Server

Synth = Callable[..., Path]
SPILL = {"strategy": "spill"}


@pytest.fixture
def source(synth: Synth) -> Path:
    return synth(600, 12, chunk_values=500)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def head_of(folder: Path) -> Path:
    (head,) = folder.glob(".*.karospace-partial/ledger/head.json")
    return head


def change(head: Path, **fields: Any) -> None:
    head.write_text(json.dumps(json.loads(head.read_text()) | fields))


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_folder(elsewhere: bool, source: Path, tmp_path: Path, temporary: Path) -> None:
    out, scratch = tmp_path / "out", tmp_path / "scratch"
    karospace_stream.export(source, out / "bundle", **SMALL)
    karospace_stream.export(source, out / "bundle.b", **SMALL)
    whole = contents(out)
    more: dict[str, Any] = {"scratch": scratch} if elsewhere else {}
    cut_off(source, out / "bundle", stage="gather", killed=True, overwrite=True, **SPILL, **more)
    cut_off(source, out / "bundle.b", stage="gather", killed=True, overwrite=True)
    assert list((scratch if elsewhere else temporary).glob("karospace-scratch-*/block_*"))
    kept = {path: data for path, data in contents(out).items() if path.startswith((".bundle.b.", "bundle"))}
    cleaned = karospace_stream.clean(out / "bundle")
    assert [each.what for each in cleaned.leftovers] == ["scratch", "unfinished export"]
    assert cleaned.nbytes == sum(each.nbytes for each in cleaned.leftovers) > 10_000
    assert contents(out) == kept
    assert names(temporary) == []
    karospace_stream.clean(out / "bundle.b")
    assert contents(out) == whole
    assert karospace_stream.clean(out / "bundle").leftovers == ()


def test_several_formats(source: Path, tmp_path: Path, temporary: Path) -> None:
    cut_off(source, tmp_path / "out", stage="gather", killed=True, format=["karospace", "cellucid"], **SPILL)
    assert len(karospace_stream.clean(tmp_path / "out").leftovers) == 3
    assert contents(tmp_path) == {}


def test_scratch_whose_ledger_is_gone(source: Path, tmp_path: Path, temporary: Path) -> None:
    cut_off(source, tmp_path / "out" / "bundle", stage="gather", killed=True, **SPILL)
    cut_off(source, tmp_path / "out" / "other", stage="gather", killed=True, **SPILL)
    for partial in (tmp_path / "out").iterdir():
        for path in sorted(partial.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        partial.rmdir()
    assert len(names(temporary)) == 2
    assert [each.what for each in karospace_stream.clean(tmp_path / "out" / "bundle").leftovers] == [
        "scratch"
    ]
    assert len(names(temporary)) == 1


HOSTILE = ["other name", "a file of others", "a link", "a link inside", "another export", "no owner", "root"]


@pytest.mark.parametrize("how", HOSTILE)
def test_a_ledger_that_names_what_is_not_its_own(
    how: str, source: Path, tmp_path: Path, temporary: Path
) -> None:
    out, thesis = tmp_path / "out", tmp_path / "thesis"
    thesis.mkdir()
    (thesis / "block_00001.bin").write_text("years of work")
    cut_off(source, out / "bundle", stage="gather", killed=True, **SPILL)
    (scratch,) = temporary.iterdir()
    named = scratch
    if how == "other name":
        named = thesis
        (thesis / "owner.json").write_bytes((scratch / "owner.json").read_bytes())
    elif how == "a file of others":
        (scratch / "thesis.txt").write_text("years of work")
    elif how == "a link":
        named = tmp_path / "karospace-scratch-01234567"
        (thesis / "owner.json").write_bytes((scratch / "owner.json").read_bytes())
        named.symlink_to(thesis)
    elif how == "a link inside":
        (scratch / "block_00099.bin").symlink_to(thesis)
    elif how == "another export":
        (scratch / "owner.json").write_text('{"token": "00000000", "target": "/elsewhere"}')
    elif how == "no owner":
        (scratch / "owner.json").unlink()
    else:
        named = Path("/")
    change(head_of(out), scratch={"fragments": str(named)})
    before = contents(tmp_path / "thesis"), contents(named) if named == scratch else {}
    cleaned = karospace_stream.clean(out / "bundle")
    assert "unfinished export" in [each.what for each in cleaned.leftovers]
    assert (contents(tmp_path / "thesis"), contents(named) if named == scratch else {}) == before
    assert contents(out) == {}


@pytest.mark.parametrize("how", ["damaged", "no JSON", "other fields"])
def test_a_head_that_cannot_be_understood(how: str, source: Path, tmp_path: Path, temporary: Path) -> None:
    cut_off(source, tmp_path / "out" / "bundle", stage="gather", killed=True, **SPILL)
    head = head_of(tmp_path / "out")
    head.write_text({"damaged": head.read_text()[:-4], "no JSON": "\x80", "other fields": '{"a": 1}'}[how])
    karospace_stream.clean(tmp_path / "out" / "bundle")
    assert contents(tmp_path) == {}


def test_one_that_runs_is_refused(source: Path, synth: Synth, tmp_path: Path, temporary: Path) -> None:
    words = ["--genes", "all", "--compression", "9", "--strategy", "spill"]
    target = tmp_path / "out" / "bundle"
    process = subprocess.Popen(command("export", synth(8_000, 400), target, *words), stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 120
        while not any((tmp_path / "out").glob(".bundle*/bundle/assets/expression/*")):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(signal.SIGSTOP)  # it is there, and stays where it is
        with pytest.raises(TargetError, match="is running"):
            karospace_stream.clean(target)
        done = run("clean", target)
        assert (done.returncode, done.stdout) == (TargetError.exit_code, "")
        assert "is running" in done.stderr
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    done = run("clean", target, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    # Fragments of the matrix, and sums by group.
    assert [each["what"] for each in told["removed"]] == ["scratch", "scratch", "unfinished export"]
    assert told["nbytes"] > 0
    assert contents(tmp_path) == {}
    again = run("clean", target)
    assert (again.returncode, again.stdout) == (3, "")
    assert again.stderr == (
        f"error: {target} does not exist, and no interrupted export to it has left anything\n"
    )
    Path(target).mkdir()
    again = run("clean", target)
    assert (again.returncode, again.stderr) == (0, "")
    assert "no leftovers" in again.stdout


@pytest.mark.parametrize("older", [False, True])
def test_a_store(older: bool, source: Path, tmp_path: Path, temporary: Path) -> None:
    url, scratch = f"memory://{secrets.token_hex(4)}", f"memory://{secrets.token_hex(4)}"
    if older:
        karospace_stream.export(source, url, **SMALL | {"genes": "hvgs:3"})
    before = objects(url, {})
    options = SPILL | {"scratch": scratch, "overwrite": older}
    cut_off(source, url, stage="gather", killed=True, **options)
    assert objects(scratch, {})
    assert len(objects(url, {})) > len(before) + 9
    cleaned = karospace_stream.clean(url)
    assert objects(url, {}) == before
    assert objects(scratch, {}) == {}
    assert cleaned.nbytes > 1_000
    assert karospace_stream.clean(url).leftovers == ()
    karospace_stream.export(source, url, overwrite=older, **SMALL)


@pytest.mark.parametrize("name", ["scratch.json", "head.json"])
@pytest.mark.parametrize("data", [b" " * 20_000, b"\xff", b"[" * 9_000, b'{"a": 1}', b'"x"'])
def test_a_store_with_a_damaged_ledger(
    name: str, data: bytes, source: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"memory://{secrets.token_hex(4)}"
    cut_off(source, url, stage="gather", killed=True, **SPILL)
    Store(location_of(url)).put(f".karospace-partial/ledger/{name}", data, Headers())
    monkeypatch.setattr("karospace_stream.targets.document_store._MOST_NBYTES", 10_000)
    assert karospace_stream.clean(url).leftovers
    assert objects(url, {}) == {}
    assert names(temporary) == []


def test_a_stored_scratch_with_an_owner_that_is_too_large(source: Path, temporary: Path) -> None:
    """Nobody knows whose it is: it stays, and everything else goes."""
    url, scratch = f"memory://{secrets.token_hex(4)}", f"memory://{secrets.token_hex(4)}"
    cut_off(source, url, stage="gather", killed=True, **SPILL | {"scratch": scratch})
    (owner,) = (key for key in objects(scratch, {}) if key.endswith("owner.json"))
    Store(location_of(scratch)).put(owner, b" " * (2 << 20), Headers())
    kept = objects(scratch, {})
    assert karospace_stream.clean(url).leftovers
    assert (objects(url, {}), objects(scratch, {})) == ({}, kept)


@pytest.mark.parametrize("how", ["prefix of the bundle", "fresh", "names outside", "no claim", "damaged"])
def test_a_claim_that_is_not_true(how: str, source: Path, temporary: Path) -> None:
    """The bundle that is there stays, whatever the claim says."""
    url = f"memory://{secrets.token_hex(4)}"
    karospace_stream.export(source, url, **SMALL | {"genes": "hvgs:3"})
    karospace_stream.export(source, url, overwrite=True, **SMALL | {"genes": "hvgs:4"})
    whole = objects(url, {})
    (prefix,) = {key.partition("/")[0] for key in whole if key.startswith("v-")}
    cut_off(source, url, killed=True, overwrite=True)
    store, name = Store(location_of(url)), ".karospace-partial/claim.json"
    claim = json.loads(store.read(name))
    if how == "prefix of the bundle":
        claim["prefix"] = f"{prefix}/"
    elif how == "fresh":
        claim["prefix"] = ""
    elif how == "names outside":
        claim["old"] = ["../../thesis.txt"]
    store.put(name, json.dumps(claim).encode() if how != "damaged" else b"{", Headers())
    if how == "no claim":
        store.delete([name])
    if how in ("names outside", "damaged"):
        with pytest.raises(TargetError, match="cannot be told from others"):
            karospace_stream.clean(url)
    else:
        karospace_stream.clean(url)
        assert not [key for key in store.find() if key.startswith(".")]
    assert whole.items() <= objects(url, {}).items()


@pytest.mark.big
def test_a_store_is_asked_about(moto_store: Server, source: Path, tmp_path: Path) -> None:
    url = f"{moto_store.url}/{secrets.token_hex(4)}"
    cut_off(source, url, killed=True, storage_options=moto_store.options)
    words = [f"--storage-option={name}={value}" for name, value in moto_store.options.items()]
    asked = run("clean", url, *words)
    assert asked.returncode == BadOptionError.exit_code
    assert "--yes" in asked.stderr
    assert "objects of an unfinished export" in asked.stderr
    assert objects(url, moto_store.options)
    done = run("clean", url, *words, "--yes")
    assert done.returncode == 0, done.stderr
    assert "removed" in done.stdout
    assert objects(url, moto_store.options) == {}
    nothing = run("clean", url, *words)
    assert (nothing.returncode, nothing.stderr) == (0, "")
    assert all(moto_store.secret not in text for text in (asked.stderr, done.stdout, nothing.stdout))


def test_what_the_command_says_when_it_is_interrupted(synth: Synth, tmp_path: Path, temporary: Path) -> None:
    target = tmp_path / "out" / "bundle"
    words = [synth(8_000, 400), target, "--genes", "all", "--compression", "9"]
    for more, said in ((["--resume"], "the same command to resume"), ([], "nothing was left behind")):
        process = subprocess.Popen(command("export", *words, *more), stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 120
        while not any((tmp_path / "out").glob(".bundle*/ledger/task-gather*")):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
        assert process.returncode == 130
        assert said in stderr
        assert (contents(tmp_path / "out") == {}) is not bool(more)
        if more:
            done = run("export", *words, *more)
            assert done.returncode == 0
            assert "resumed:" in done.stderr
            assert karospace_stream.verify(target)
            shutil.rmtree(target)

"""An unfinished overwrite that another one replaces: ``--overwrite`` without ``--resume`` begins anew."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from karospace_stream.errors import TargetError
from karospace_stream.storage import Headers, Store, location_of
from karospace_stream.targets.stores.claim import PARTIAL
from karospace_stream.targets.stores.holder import is_gone, this_process
from tests.e2e.resume.cutting import SMALL, CutError, cut_off, nothing_is_cleaned, small
from tests.e2e.resume.stored import objects
from tests.stores.servers import Server

Synth = Callable[..., Path]
OLDER = {"genes": "hvgs:3", "name": "older"}
MIDDLE = {"genes": "hvgs:4", "name": "middle"}
_CLAIM = f"{PARTIAL}/claim.json"


@pytest.fixture
def source(synth: Synth) -> Path:
    return synth(600, 12, chunk_values=500)


@pytest.fixture(scope="module")
def gone() -> dict[str, Any]:
    """A process of this machine that has ended."""
    code = (
        "import json; from karospace_stream.targets.stores.holder import this_process as t; "
        "print(json.dumps(t()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    if not told:
        pytest.skip("this machine cannot be told from others")
    return told


def held_by(url: str, holder: dict[str, Any], options: Any = None) -> None:
    """Say in a claim that another process had made it."""
    store = Store(location_of(url, options))
    claim = json.loads(store.read(_CLAIM))
    assert claim["holder"] == this_process()
    store.put(_CLAIM, json.dumps(claim | {"holder": holder}).encode(), Headers())


@pytest.mark.parametrize("name", ["bundle", "bundle.zarr.zip"])
@pytest.mark.parametrize("killed", [False, True])
def test_in_folders(killed: bool, name: str, source: Path, tmp_path: Path) -> None:
    target = tmp_path / "out" / name
    options = {"overwrite": True} | ({"format": "anndata"} if name.endswith("zip") else {})
    karospace_stream.export(source, target, **small(**OLDER | options))
    cut_off(source, target, killed=killed, **MIDDLE | options)
    karospace_stream.export(source, target, **small(**options))
    assert [path.name for path in target.parent.iterdir()] == [name]
    assert karospace_stream.verify(target)


def test_one_that_had_hardly_begun_is_what_resume_goes_on_with(source: Path, tmp_path: Path) -> None:
    """It was not to be the one before, whose options are others."""
    target = tmp_path / "out" / "bundle"
    cut_off(source, target, killed=True, **MIDDLE)
    for folder in target.parent.iterdir():
        os.utime(folder, (1_000_000_000, 1_000_000_000))

    def die(*_: Any) -> None:
        raise CutError

    with pytest.MonkeyPatch.context() as patch, nothing_is_cleaned():
        patch.setattr("karospace_stream.pipeline.resume.start.open_run", die)
        with pytest.raises(CutError):
            karospace_stream.export(source, target, **SMALL)
    assert len(list(target.parent.iterdir())) == 2
    karospace_stream.export(source, target, resume=True, **SMALL)
    assert [path.name for path in target.parent.iterdir()] == ["bundle"]


@pytest.mark.parametrize("name", ["bundle", "bundle.zarr.zip"])
@pytest.mark.parametrize("older", [False, True])
def test_on_a_store(older: bool, name: str, source: Path, gone: dict[str, Any]) -> None:
    root = f"memory://{secrets.token_hex(4)}"
    url, zipped = f"{root}/{name}", name.endswith("zip")
    options = {"overwrite": True} | ({"format": "anndata"} if zipped else {})
    if older:
        karospace_stream.export(source, url, **small(**OLDER | options))
    cut_off(source, url, killed=True, **MIDDLE | options)
    before = objects(root, {})
    work = next(f"{root}/{key.removesuffix(_CLAIM)}".rstrip("/") for key in before if key.endswith(_CLAIM))
    with pytest.raises(TargetError, match=r"has not ended; .* karospace-stream clean"):
        karospace_stream.export(source, url, **small(**options))  # this process could be at work
    assert objects(root, {}) == before
    held_by(work, gone)
    with pytest.raises(TargetError, match=r"has not ended|a bundle already exists"):
        karospace_stream.export(source, url, **small(**options | {"overwrite": False}))
    karospace_stream.export(source, url, **small(**options))
    assert karospace_stream.verify(url)
    found = objects(root, {})
    assert not [key for key in found if PARTIAL in key]
    if not zipped:
        listed = json.loads(found["bundle/checksums.json"])["files"]
        assert {f"bundle/{key}" for key in listed} | {"bundle/checksums.json"} == found.keys()


def test_who_resumes_holds_the_claim(source: Path, gone: dict[str, Any]) -> None:
    url = f"memory://{secrets.token_hex(4)}"
    cut_off(source, url, killed=True)
    held_by(url, gone)
    cut_off(source, url, 12)  # goes on
    assert json.loads(Store(location_of(url)).read(_CLAIM))["holder"] == this_process()
    with pytest.raises(TargetError, match="has not ended"):
        karospace_stream.export(source, url, overwrite=True, **SMALL)


def test_a_process_that_was_killed_at_a_server(moto_store: Server, source: Path) -> None:
    url, more = f"{moto_store.url}/{secrets.token_hex(4)}", {"storage_options": moto_store.options}
    karospace_stream.export(source, url, **SMALL | OLDER | more)
    code = (
        "import os, signal, sys, json, karospace_stream\n"
        "from karospace_stream.pipeline.resume.ledger import Ledger\n"
        "Ledger.note = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "source, target, options = json.loads(sys.argv[1])\n"
        "karospace_stream.export(source, target, **options)\n"
    )
    given = [str(source), url, SMALL | MIDDLE | more | {"overwrite": True}]
    done = subprocess.run([sys.executable, "-c", code, json.dumps(given)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert _CLAIM in objects(url, moto_store.options)
    karospace_stream.export(source, url, overwrite=True, **SMALL | more)
    found = objects(url, moto_store.options)
    assert json.loads(found["manifest.json"])["dataset_name"] == "small"
    assert {*json.loads(found["checksums.json"])["files"], "checksums.json"} == found.keys()


@pytest.mark.parametrize(
    "change",
    [{"machine": "another"}, {"process": "1"}, {"process": -1}, {"started": None}, {"machine": None}],
)
def test_who_cannot_be_known_is_not_gone(change: dict[str, Any], gone: dict[str, Any]) -> None:
    assert is_gone(gone)
    assert not is_gone(gone | change)
    assert not is_gone({})
    assert not is_gone(this_process())
    assert is_gone(this_process() | {"started": 1.0})  # its number was given to another

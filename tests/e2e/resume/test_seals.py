"""Cut off in the midst of a seal, at every step: readers find one bundle, and the end can be done again."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from karospace_stream.errors import TargetError
from karospace_stream.storage import StorageError, Store
from karospace_stream.targets import LocalTarget, RemoteTarget
from tests.e2e.resume.cutting import SMALL, CutError, nothing_is_cleaned, small
from tests.e2e.resume.stored import files, objects

Synth = Callable[..., Path]
FORMATS = {"karospace": "manifest.json", "cellucid": "dataset_identity.json"}


@pytest.fixture
def source(synth: Synth) -> Path:
    return synth(600, 12, chunk_values=500)


@contextmanager
def stopping(step: int, error: Callable[[], BaseException]) -> Iterator[list[str]]:
    """Fail before the n-th call to the system or the store that a seal makes; gives the calls."""
    calls: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        sealing = False

        def watch(owner: Any, name: str) -> None:
            inner = getattr(owner, name)

            def call(*args: Any, **options: Any) -> Any:
                if sealing:
                    calls.append(name)
                    if len(calls) > step:
                        raise error()
                return inner(*args, **options)

            patch.setattr(owner, name, call)

        for name in ("put", "read_document", "read_whole", "delete", "find"):
            watch(Store, name)
        watch(Path, "rename")
        patch.setattr("karospace_stream.targets.local.folder.remove_partial", _counted(calls, step, error))
        for target in (LocalTarget, RemoteTarget):
            inner = target.seal

            def seal(self: Any, inner: Callable[[Any], None] = inner) -> None:
                nonlocal sealing
                sealing = True
                inner(self)
                sealing = False

            patch.setattr(target, "seal", seal)
        yield calls


def _counted(calls: list[str], step: int, error: Callable[[], BaseException]) -> Callable[[Path], None]:
    from karospace_stream.targets.local.staging import remove_partial

    def remove(partial: Path) -> None:
        calls.append("remove_partial")
        if len(calls) > step:
            raise error()
        remove_partial(partial)

    return remove


def seen(found: dict[str, bytes], sealed_by: str) -> str:
    """Which bundle a reader finds: the name that the document which seals it says, if all of it is there."""
    content = json.loads(found[sealed_by])
    for asset in content.get("asset_files", []):
        assert len(found[asset["path"]]) == asset["size_bytes"]
    return str(content.get("dataset_name") or content["name"])


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.few(2)
def test_a_store_at_every_step(name: str, older: bool, source: Path) -> None:
    options = small(format=name, overwrite=older)
    for step in range(100):
        # Each step of one format in one way, of the other in the other.
        way = ("resume", "clean")[(step + (name == "cellucid")) % 2]
        url = f"memory://{secrets.token_hex(4)}"
        if older:
            karospace_stream.export(source, url, **options | {"genes": "hvgs:3", "name": "older"})
        before = objects(url, {})
        with stopping(step, CutError) as calls:
            try:
                with nothing_is_cleaned():
                    karospace_stream.export(source, url, **options)
            except CutError:
                pass
            else:
                break
        found = objects(url, {})
        if older:
            assert seen(found, FORMATS[name]) in ("older", "small")
        elif FORMATS[name] in found:
            assert seen(found, FORMATS[name]) == "small"
        if way == "resume":
            karospace_stream.export(source, url, resume=True, **options)
        else:
            karospace_stream.clean(url)
        found = objects(url, {})
        assert not [key for key in found if key.startswith(".")]
        if way == "resume" or FORMATS[name] in found:
            assert karospace_stream.verify(url), (step, calls)
        if seen_or_none(found, FORMATS[name]) != "small":
            assert way == "clean"
            assert found == before
    assert step > 8


def seen_or_none(found: dict[str, bytes], sealed_by: str) -> str | None:
    return seen(found, sealed_by) if sealed_by in found else None


@pytest.mark.parametrize("way", ["resume", "clean", "again"])
@pytest.mark.parametrize("older", [False, True])
@pytest.mark.few(3)
def test_a_folder_at_every_step(older: bool, way: str, source: Path, tmp_path: Path) -> None:
    options = SMALL | {"overwrite": older}
    for step in range(100):
        target = tmp_path / str(step) / "bundle"
        if older:
            karospace_stream.export(source, target, **options | {"genes": "hvgs:3", "name": "older"})
        before = files(target) if older else {}
        with stopping(step, CutError):
            try:
                with nothing_is_cleaned():
                    karospace_stream.export(source, target, **options)
            except CutError:
                pass
            else:
                break
        if way == "resume":
            karospace_stream.export(source, target, resume=True, **options)
        elif way == "clean":
            karospace_stream.clean(target)
        else:
            karospace_stream.export(source, target, **options | {"overwrite": True})
        found = files(target) if target.exists() else {}
        if seen_or_none(found, "manifest.json") != "small":
            assert way == "clean"
            assert found == before
        assert [path.name for path in target.parent.iterdir()] == (["bundle"] if found else [])
    assert step > older


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.few(1)
def test_a_store_that_fails_at_every_step(older: bool, source: Path) -> None:
    """The error says how it can be ended, and where nothing was put in place nothing has changed."""
    options = SMALL | {"overwrite": older}
    for step in range(100):
        url = f"memory://{secrets.token_hex(4)}"
        if older:
            karospace_stream.export(source, url, **options | {"genes": "hvgs:3", "name": "older"})
        before = objects(url, {})
        said = ""
        with stopping(step, lambda: StorageError("the store is gone")):
            try:
                karospace_stream.export(source, url, **options)
            except TargetError as error:
                said = str(error)
        if not said:
            break
        assert "the store is gone" in said
        committed = "karospace-stream clean" in said
        assert committed == (step >= 3)  # the claim was read, what waits was listed, and that noted
        karospace_stream.clean(url)
        found = objects(url, {})
        assert not [key for key in found if key.startswith(".")]
        if committed:
            assert karospace_stream.verify(url)
            assert seen(found, "manifest.json") == "small"
        else:
            assert found == before
    assert step > 8


def test_an_export_that_was_cleaned_away_is_not_sealed(source: Path) -> None:
    """Somebody took the place away while it was at work."""
    url = f"memory://{secrets.token_hex(4)}"
    with pytest.MonkeyPatch.context() as patch:
        inner = RemoteTarget.seal

        def seal(self: RemoteTarget) -> None:
            karospace_stream.clean(url)
            inner(self)

        patch.setattr(RemoteTarget, "seal", seal)
        with pytest.raises(TargetError, match="another export removed or published"):
            karospace_stream.export(source, url, **SMALL)
    assert objects(url, {}) == {}

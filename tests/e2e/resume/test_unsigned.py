"""Scratch of an export that was killed between making a place for it and writing down whose it is."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from karospace_stream.pipeline.scratch_owner import Owner
from tests.e2e.resume.cutting import SMALL, CutError, nothing_is_cleaned
from tests.e2e.resume.stored import objects

Synth = Callable[..., Path]


@pytest.fixture
def source(synth: Synth) -> Path:
    return synth(600, 12, chunk_values=500)


def killed_while_signing(source: Path, target: str, scratch: str) -> None:
    sign_store = Owner.sign_store

    def die(*_: Any) -> None:
        raise CutError

    def sign_and_die(self: Owner, store: Any) -> None:
        sign_store(self, store)
        raise CutError

    with pytest.MonkeyPatch.context() as patch, nothing_is_cleaned():
        patch.setattr(Owner, "sign_folder", die)
        patch.setattr(Owner, "sign_store", sign_and_die)
        patch.setattr("karospace_stream.pipeline.scratch.delete_folder", lambda folder: None)
        with pytest.raises(CutError):
            karospace_stream.export(source, target, scratch=scratch, strategy="spill", **SMALL)


@pytest.mark.parametrize("scratch", ["folder", "store"])
@pytest.mark.parametrize(("storage", "again"), [("folder", False), ("folder", True), ("store", False)])
def test_it_is_found(again: bool, storage: str, scratch: str, source: Path, tmp_path: Path) -> None:
    """At once, by ``clean`` and by the next export: nothing need have become old."""
    folder, stored = tmp_path / "scratch", f"memory://{secrets.token_hex(4)}"
    target = str(tmp_path / "out" / "bundle") if storage == "folder" else f"memory://{secrets.token_hex(4)}"

    def left() -> list[str]:
        return [path.name for path in folder.iterdir()] if scratch == "folder" else list(objects(stored, {}))

    folder.mkdir()
    (folder / "karospace-scratch-of-mine").mkdir()  # not a name that an export gives
    mine = left()
    killed_while_signing(source, target, str(folder) if scratch == "folder" else stored)
    assert len(left()) == len(mine) + 1
    if again:
        karospace_stream.export(source, target, **SMALL)
    else:
        assert "scratch" in [each.what for each in karospace_stream.clean(target).leftovers]
    assert left() == mine

"""A disk that fills up, then has room: the same command goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import karospace_stream
from karospace_stream.errors import TargetError
from karospace_stream.runtime.events import Event, Note
from tests.e2e.resume.cutting import SMALL
from tests.e2e.resume.stored import files
from tests.e2e.test_same_bytes import differing

Synth = Callable[..., Path]


@pytest.mark.parametrize("full", ["target", "scratch"])
def test_goes_on_when_there_is_room(full: str, synth: Synth, small_disk: Path, tmp_path: Path) -> None:
    source, notes = synth(3_000, 30, chunk_values=500), []
    options = SMALL | {"strategy": "spill", "resume": True, "scratch": tmp_path / "scratch"}
    target = tmp_path / "bundle"
    karospace_stream.export(source, tmp_path / "wanted", **options)
    if full == "target":
        target, needed = small_disk / "bundle", 1_200_000  # the page alone is larger than all else
    else:
        options["scratch"], needed = small_disk / "scratch", 60_000
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - needed))

    def listen(event: Event) -> None:
        if isinstance(event, Note):
            notes.append(event.text)

    with pytest.raises(TargetError, match="make room"):
        karospace_stream.export(source, target, listener=listen, **options)
    assert not target.exists()
    assert notes[-1] == "finished work is kept: run the same command to resume"
    ballast.unlink()
    karospace_stream.export(source, target, listener=listen, **options)
    (told,) = [note for note in notes if note.startswith("resumed")]
    assert int(told.split()[1]) > 3
    assert differing(files(target), files(tmp_path / "wanted")) == []
    assert not list(small_disk.rglob("*karospace-scratch*"))

"""``--resume`` with something else: one sentence, and nothing is destroyed."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError, KaroSpaceError, TargetError
from karospace_stream.runtime.events import Event, Note
from tests.e2e.resume.cutting import SMALL, cut_off, small
from tests.e2e.resume.stored import files, objects
from tests.e2e.support import contents

Synth = Callable[..., Path]


@pytest.fixture
def source(synth: Synth, tmp_path: Path) -> Path:
    copy = tmp_path / "input" / "cells.h5ad"
    copy.parent.mkdir()
    shutil.copy(synth(600, 12, chunk_values=500), copy)
    return copy


def change_time(source: Path) -> None:
    about = source.stat()
    os.utime(source, ns=(about.st_atime_ns, about.st_mtime_ns + 1))


OTHERS: list[tuple[dict[str, Any], type[KaroSpaceError], str]] = [
    ({"compression": 5}, BadOptionError, "compression was 6, now 5"),
    ({"anno": ["cell_type"]}, BadOptionError, "other options: anno"),
    ({"genes": "hvgs:3"}, BadOptionError, "genes was 'all', now 'hvgs:3'"),
    ({"format": "cellucid"}, BadOptionError, "format was"),
    ({"arrange_by": "sample"}, BadOptionError, "arrange_by was None, now 'sample'"),
    ({"headers": ["x-amz-meta-a: b"]}, BadOptionError, "another headers="),
]


#: Of a folder, headers are refused before an earlier export is looked for.
NO_EFFECT = "headers= would have no effect, since it is for stores"


@pytest.mark.parametrize("storage", ["folder", "store"])
@pytest.mark.parametrize(("other", "error", "why"), OTHERS, ids=lambda each: str(each)[:20])
def test_other_options(
    storage: str, other: dict[str, Any], error: type[KaroSpaceError], why: str, source: Path, tmp_path: Path
) -> None:
    target = str(tmp_path / "out" / "bundle") if storage == "folder" else f"memory://{secrets.token_hex(4)}"
    cut_off(source, target)
    if storage == "folder" and "headers" in other:
        why = NO_EFFECT
    before = contents(tmp_path / "out") if storage == "folder" else objects(target, {})
    with pytest.raises(error, match=why) as caught:
        karospace_stream.export(source, target, resume=True, **small(**other))
    assert ("karospace-stream clean" in str(caught.value)) is (why != NO_EFFECT)
    assert "\n" not in str(caught.value)
    after = contents(tmp_path / "out") if storage == "folder" else objects(target, {})
    assert after == before
    karospace_stream.export(source, target, resume=True, **SMALL)


def test_sections_that_are_laid_out_stay_so(source: Path, tmp_path: Path) -> None:
    cut_off(source, tmp_path / "out", arrange_by="sample")
    with pytest.raises(BadOptionError, match="arrange_by was 'sample', now None"):
        karospace_stream.export(source, tmp_path / "out", resume=True, **SMALL)
    karospace_stream.export(source, tmp_path / "out", resume=True, arrange_by="sample", **SMALL)
    karospace_stream.export(source, tmp_path / "uncut", arrange_by="sample", **SMALL)
    dated = {"manifest.json", "atlas.json", "checksums.json"}
    one, other = (contents(tmp_path / name) for name in ("out", "uncut"))
    assert {key for key in other if one[key] != other[key]} <= dated


@pytest.mark.parametrize("what", ["other input", "changed input", "other version", "damaged", "in memory"])
def test_other_input(
    what: str, source: Path, synth: Synth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out" / "bundle"
    cut_off(source, target)
    given: Any = synth(700, 12, chunk_values=500) if what == "other input" else source
    if what == "changed input":
        change_time(source)
    if what == "other version":
        monkeypatch.setattr("karospace_stream.pipeline.resume.header.__version__", "99.0")
    if what == "damaged":
        (head,) = (tmp_path / "out").glob(".bundle*/ledger/head.json")
        head.write_text(head.read_text()[:-9])
    if what == "in memory":
        given = anndata.read_h5ad(source)
    words = {
        "other input": "has another input",
        "changed input": "the input has changed since",
        "other version": "was made by version .*, but this is 99.0",
        "damaged": "damaged or of another version.*karospace-stream clean",
        "in memory": "an AnnData in memory is gone once its process ends",
    }
    before = contents(tmp_path / "out")
    with pytest.raises(KaroSpaceError, match=words[what]):
        karospace_stream.export(given, target, resume=True, **SMALL)
    assert contents(tmp_path / "out") == before


def test_without_resume_it_begins_anew_and_says_so(source: Path, tmp_path: Path) -> None:
    target, notes = tmp_path / "out" / "bundle", []

    def listen(event: Event) -> None:
        if isinstance(event, Note):
            notes.append(event.text)

    scratch = {"scratch": tmp_path / "out", "strategy": "spill"}
    cut_off(source, target, killed=True, **scratch)
    cut_off(source, target, killed=True, **scratch)
    assert len(list((tmp_path / "out").glob("karospace-scratch-*/owner.json"))) == 2
    karospace_stream.export(source, target, listener=listen, **SMALL)
    (told,) = [note for note in notes if "an interrupted export" in note]
    assert "had finished 9 of its tasks" in told
    assert "resume=True continues it instead" in told
    assert f"karospace-stream clean {target}" in told
    # What the dead ones left is gone, their scratch too, wherever their ledgers say that it is.
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["bundle"]
    karospace_stream.export(source, target, overwrite=True, listener=listen, **SMALL)
    assert len([note for note in notes if "an interrupted export" in note]) == 1


def test_without_resume_a_store_is_left_alone(source: Path) -> None:
    url = f"memory://{secrets.token_hex(4)}"
    cut_off(source, url, killed=True)
    before = objects(url, {})
    for options in ({}, {"overwrite": True}):
        with pytest.raises(TargetError, match=r"has not ended; add resume=True .* karospace-stream clean"):
            karospace_stream.export(source, url, **SMALL | options)
    assert objects(url, {}) == before


@pytest.mark.parametrize("storage", ["folder", "store"])
def test_an_older_bundle_stays_and_is_replaced_only_where_that_was_said(
    storage: str, source: Path, tmp_path: Path
) -> None:
    target = str(tmp_path / "out" / "bundle") if storage == "folder" else f"memory://{secrets.token_hex(4)}"

    def there() -> dict[str, bytes]:
        return files(Path(target)) if storage == "folder" else objects(target, {})

    karospace_stream.export(source, target, **SMALL | {"genes": "hvgs:3"})
    older = there()
    cut_off(source, target, overwrite=True)
    assert older.items() <= there().items()
    with pytest.raises(TargetError, match="add overwrite=True"):
        karospace_stream.export(source, target, resume=True, **SMALL)
    assert older.items() <= there().items()
    karospace_stream.export(source, target, resume=True, overwrite=True, **SMALL)
    assert karospace_stream.verify(target)
    assert sum("/gene_" in key for key in there()) == 12


def test_one_that_runs_is_not_gone_on_with(source: Path, tmp_path: Path) -> None:
    """In the middle of an export, another one with ``--resume``."""
    said: list[str] = []

    def listen(event: Event) -> None:
        if not said:
            said.append("")
            with pytest.raises(TargetError) as caught:
                karospace_stream.export(source, tmp_path / "out", resume=True, **SMALL)
            said.append(str(caught.value))

    def begun(event: Event) -> None:
        if not isinstance(event, Note):
            listen(event)

    karospace_stream.export(source, tmp_path / "out", listener=begun, **SMALL)
    assert "is running" in said[1]
    assert karospace_stream.verify(tmp_path / "out")

"""What was noted is taken where it is true, and done again where it is not."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from karospace_stream.runtime.events import Event, Note
from karospace_stream.storage import Headers, Store, location_of
from tests.e2e.resume.cutting import SMALL, cut_off
from tests.e2e.resume.stored import files, objects
from tests.e2e.test_same_bytes import differing

Synth = Callable[..., Path]


@pytest.fixture
def source(synth: Synth) -> Path:
    return synth(2_000, 40, chunk_values=500, n_neighbors=6)


@pytest.fixture
def wanted(source: Path, tmp_path: Path) -> dict[str, bytes]:
    karospace_stream.export(source, tmp_path / "wanted", **SMALL)
    return files(tmp_path / "wanted")


def resume(source: Path, target: Any, **options: Any) -> tuple[int, list[str]]:
    """How many tasks were done before, and all notes."""
    notes: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, Note):
            notes.append(event.text)

    karospace_stream.export(source, target, resume=True, listener=listen, **SMALL | options)
    told = [note for note in notes if note.startswith("resumed")]
    assert len(told) == 1
    words = told[0].split()
    return (int(words[1]) if words[1].isdecimal() else 0), notes


def partial(folder: Path) -> Path:
    (found,) = folder.glob(".*.karospace-partial")
    return found


def nothing_left(folder: Path) -> bool:
    return not list(folder.glob(".*")) and not list(folder.rglob("karospace-scratch-*"))


@pytest.mark.parametrize("strategy", ["memory", "spill", "pass"])
def test_goes_on(strategy: str, synth: Synth, tmp_path: Path) -> None:
    layout = "csc" if strategy == "pass" else "csr"
    source = synth(2_000, 40, chunk_values=500, n_neighbors=6, layout=layout)
    options = {"strategy": strategy, "scratch": tmp_path}
    karospace_stream.export(source, tmp_path / "wanted", **SMALL | options)
    cut_off(source, tmp_path / "bundle", 9, **options)
    assert not (tmp_path / "bundle").exists()
    n_done, _ = resume(source, tmp_path / "bundle", **options)
    assert n_done == 9
    assert differing(files(tmp_path / "bundle"), files(tmp_path / "wanted")) == []
    assert nothing_left(tmp_path)


def test_begins_where_nothing_is_there(source: Path, tmp_path: Path, wanted: dict[str, bytes]) -> None:
    karospace_stream.export(source, tmp_path / "bundle", resume=True, **SMALL)
    assert differing(files(tmp_path / "bundle"), wanted) == []
    assert nothing_left(tmp_path)


@pytest.mark.parametrize("how", ["torn", "empty", "of another class", "no JSON", "gone", "hostile"])
def test_documents_that_are_no_results(
    how: str, source: Path, tmp_path: Path, wanted: dict[str, bytes]
) -> None:
    cut_off(source, tmp_path / "bundle", 9)
    documents = sorted((partial(tmp_path) / "ledger").glob("task-*"))
    assert len(documents) == 9
    for document in documents[:4]:
        data = document.read_bytes()
        if how == "gone":
            document.unlink()
            continue
        texts = {
            "torn": data[: len(data) // 2],
            "empty": b"",
            "no JSON": b"\x80\x04K\x01.",
            "hostile": data.replace(b'"values":["', b'"values":["../../../'),
            "of another class": data.replace(b"Receipt", b"Popen"),
        }
        document.write_bytes(texts[how])
    n_done, _ = resume(source, tmp_path / "bundle")
    assert 5 <= n_done < 9
    assert differing(files(tmp_path / "bundle"), wanted) == []


@pytest.mark.parametrize("how", ["changed", "shorter", "gone"])
def test_objects_that_are_not_true(how: str, source: Path, tmp_path: Path, wanted: dict[str, bytes]) -> None:
    cut_off(source, tmp_path / "bundle", 9)
    paths = [path for path in (partial(tmp_path) / "bundle").rglob("*") if path.is_file()]
    for path in paths:
        data = path.read_bytes()
        if how == "gone":
            path.unlink()
        else:
            path.write_bytes(data[:-1] if how == "shorter" else data[:-1] + bytes([data[-1] ^ 1]))
    n_done, _ = resume(source, tmp_path / "bundle", strategy="memory")
    assert n_done < 9
    assert differing(files(tmp_path / "bundle"), wanted) == []


def test_receipts_of_other_objects(source: Path, tmp_path: Path, wanted: dict[str, bytes]) -> None:
    """Each document under the name of another: what a result belongs to is its name."""
    cut_off(source, tmp_path / "bundle", 9)
    for document in (partial(tmp_path) / "ledger").glob("task-*"):
        text = document.read_text()
        checksum = '"crc32":{"kind":"plain","values":['
        document.write_text(text.replace(checksum, checksum + "1"))
    n_done, _ = resume(source, tmp_path / "bundle")
    assert n_done < 9
    assert differing(files(tmp_path / "bundle"), wanted) == []


def test_scratch_that_is_gone_in_part(source: Path, tmp_path: Path, wanted: dict[str, bytes]) -> None:
    options = {"strategy": "spill", "scratch": tmp_path / "scratch"}
    cut_off(source, tmp_path / "bundle", stage="gather", **options)
    n_noted = len(list((partial(tmp_path) / "ledger").glob("task-*")))
    blocks = sorted((tmp_path / "scratch").glob("*/block_*"))
    assert len(blocks) > 2
    blocks[0].unlink()
    blocks[1].write_bytes(blocks[1].read_bytes()[:-1])
    n_done, _ = resume(source, tmp_path / "bundle", **options)
    assert n_done == n_noted - 2
    assert differing(files(tmp_path / "bundle"), wanted) == []
    assert nothing_left(tmp_path)


def test_scratch_of_another_is_not_taken(source: Path, tmp_path: Path, wanted: dict[str, bytes]) -> None:
    """A ledger may name anything: only what says that it is this export's is used, and deleted."""
    options = {"strategy": "spill", "scratch": tmp_path / "scratch"}
    cut_off(source, tmp_path / "bundle", stage="gather", **options)
    n_noted = len(list((partial(tmp_path) / "ledger").glob("task-*")))
    own = next((tmp_path / "scratch").glob("*/block_*")).parent
    other = tmp_path / "karospace-scratch-0123456789"
    own.rename(other)
    (other / "owner.json").write_text('{"token": "00000000", "target": "elsewhere"}')
    head = partial(tmp_path) / "ledger" / "head.json"
    content = json.loads(head.read_text())
    content["scratch"]["fragments"] = str(other)
    head.write_text(json.dumps(content))
    n_fragments = len(list(other.glob("block_*")))
    assert n_fragments > 2
    kept = {path.name: path.read_bytes() for path in other.iterdir()}
    n_done, _ = resume(source, tmp_path / "bundle", **options)
    assert n_done == n_noted - n_fragments
    assert differing(files(tmp_path / "bundle"), wanted) == []
    assert {path.name: path.read_bytes() for path in other.iterdir()} == kept


def test_cut_into_other_tasks(source: Path, tmp_path: Path, wanted: dict[str, bytes]) -> None:
    options = {"strategy": "spill", "scratch": tmp_path / "scratch"}
    cut_off(source, tmp_path / "bundle", 6, **options)
    n_done, notes = resume(source, tmp_path / "bundle", strategy="memory", scratch=tmp_path / "scratch")
    assert n_done == 0
    assert any("divides the work differently" in note for note in notes)
    assert differing(files(tmp_path / "bundle"), wanted) == []
    assert nothing_left(tmp_path)


@pytest.mark.parametrize("overwrite", [False, True])
def test_on_a_store(overwrite: bool, source: Path, wanted: dict[str, bytes]) -> None:
    url = f"memory://{secrets.token_hex(4)}"
    store = Store(location_of(url))
    if overwrite:
        karospace_stream.export(source, url, **SMALL | {"genes": "hvgs:3"})
    older = objects(url, {})
    cut_off(source, url, 9, overwrite=overwrite)
    assert older.items() <= objects(url, {}).items()
    documents = [key for key in store.find() if "/ledger/task-" in key]
    assert len(documents) == 9
    store.put(documents[0], store.read(documents[0])[:-9], Headers())
    made = [key for key in store.find() if "/gene_" in key and key not in older]
    store.delete(made[:1])
    n_done, _ = resume(source, url, overwrite=overwrite)
    assert 7 <= n_done < 9
    found = objects(url, {})
    if not overwrite:
        assert differing(found, wanted) == []
    else:
        assert not older.keys() & found.keys() - {"index.html", "checksums.json", "manifest.json"}
    assert karospace_stream.verify(url)
    assert not [key for key in store.find() if key.startswith(".")]

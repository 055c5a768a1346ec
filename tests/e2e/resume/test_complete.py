"""``--resume`` on an export that is whole already has nothing to do, wherever it lies."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from karospace_stream.errors import TargetError
from karospace_stream.runtime.events import Event, Note
from karospace_stream.storage import Headers, Store, location_of
from tests.e2e.resume.cutting import CutError, nothing_is_cleaned, small
from tests.e2e.resume.stored import objects
from tests.e2e.support import contents
from tests.stores.servers import Server

Synth = Callable[..., Path]
BOTH: dict[str, Any] = {"format": ["karospace", "anndata"]}
ZIP: dict[str, Any] = {"format": "anndata"}


@pytest.fixture
def source(synth: Synth, tmp_path: Path) -> Path:
    """Older than whatever is made of it: stores tell times in whole seconds."""
    copy = tmp_path / "input" / "cells.h5ad"
    copy.parent.mkdir()
    shutil.copy(synth(600, 12, chunk_values=500), copy)
    os.utime(copy, (1_000_000_000, 1_000_000_000))
    return copy


def again(source: Path, target: Any, **options: Any) -> list[str]:
    """Export with ``--resume``; what is said."""
    notes: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, Note):
            notes.append(event.text)

    karospace_stream.export(source, target, resume=True, listener=listen, **small(**options))
    return notes


def nothing_to_do(notes: list[str]) -> bool:
    return any(note.startswith("nothing to do") for note in notes)


@pytest.mark.parametrize(
    ("name", "options"),
    [("bundle", {}), ("bundle.zarr.zip", ZIP), ("several", BOTH)],
    ids=lambda each: str(each),
)
@pytest.mark.parametrize("storage", ["folder", "memory"])
def test_asked_twice(storage: str, name: str, options: dict[str, Any], source: Path, tmp_path: Path) -> None:
    root = str(tmp_path / "out") if storage == "folder" else f"memory://{secrets.token_hex(4)}"
    target = f"{root}/{name}"
    first = karospace_stream.export(source, target, **small(**options))

    def there() -> dict[str, bytes]:
        return contents(tmp_path / "out") if storage == "folder" else objects(root, {})

    before = there()
    assert nothing_to_do(again(source, target, **options))
    report = karospace_stream.export(source, target, resume=True, **small(**options))
    assert (report.targets, report.left_out) == (first.targets, first.left_out)
    assert there() == before
    # Another name is another export, a newer input too.
    for other in ({"name": "other"}, {}):
        if not other:
            os.utime(source, (4_000_000_000, 4_000_000_000))
        with pytest.raises(TargetError, match=r"a bundle already exists; add overwrite=True|fixed names"):
            again(source, target, **options | other)
    assert there() == before


@pytest.mark.parametrize("name", ["bundle", "bundle.zarr.zip"])
def test_one_with_a_part_missing_is_not_whole(name: str, source: Path) -> None:
    url = f"memory://{secrets.token_hex(4)}/{name}"
    options = ZIP if name.endswith("zip") else {}
    karospace_stream.export(source, url, **small(**options))
    store = Store(location_of(url))
    if options:
        store.put("", store.read("")[:-1] + b"0", Headers())  # of the digest
    else:
        store.delete([next(key for key in store.find() if "/gene_" in key)])
    with pytest.raises(TargetError, match="a bundle already exists"):
        again(source, url, **options)


def test_asked_twice_of_a_server(moto_store: Server, source: Path) -> None:
    for name, options in {"bundle": {}, "bundle.zarr.zip": ZIP}.items():
        url = f"{moto_store.url}/{secrets.token_hex(4)}/{name}"
        given = options | {"storage_options": moto_store.options}
        karospace_stream.export(source, url, **small(**given))
        assert nothing_to_do(again(source, url, **given))


@pytest.mark.parametrize(("name", "options"), [("bundle", {}), ("bundle.zarr.zip", ZIP)])
def test_what_the_server_sends_counts(
    name: str, options: dict[str, Any], moto_store: Server, source: Path
) -> None:
    url = f"{moto_store.url}/{secrets.token_hex(4)}/{name}"
    given = options | {"storage_options": moto_store.options}
    sent: dict[str, Any] = {"headers": ["Cache-Control: no-cache", "x-amz-meta-a: b"], "public_read": True}
    karospace_stream.export(source, url, **small(**given, **sent))
    assert nothing_to_do(again(source, url, **given | sent))
    assert karospace_stream.verify(url, source=source, storage_options=moto_store.options)
    for other in ({}, {"headers": ["Cache-Control: max-age=5"], "public_read": True}):
        with pytest.raises(TargetError, match="a bundle already exists"):
            again(source, url, **given | other)


@pytest.mark.parametrize(("name", "options"), [("bundle", {}), ("b.zarr.zip", ZIP), ("several", BOTH)])
def test_killed_when_it_was_complete(
    name: str, options: dict[str, Any], source: Path, tmp_path: Path
) -> None:
    """The very last thing that an export does is to look for what dead ones have left."""
    target = tmp_path / "out" / name

    def die(*_: Any) -> None:
        raise CutError

    with pytest.MonkeyPatch.context() as patch, nothing_is_cleaned():
        patch.setattr("karospace_stream.pipeline.run.remove_stale", die)
        with pytest.raises(CutError):
            karospace_stream.export(source, target, **small(**options))
    before = contents(tmp_path / "out")
    assert nothing_to_do(again(source, target, **options))
    assert contents(tmp_path / "out") == before

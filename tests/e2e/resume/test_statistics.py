"""An export with statistics that was cut off: its sums in scratch are resumed from, or removed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import karospace_stream
from karospace_stream.formats.genes.statistics.writer import _OpenSums
from karospace_stream.pipeline.scratch_owner import SCRATCH
from karospace_stream.runtime.events import Event, Note
from karospace_stream.storage import Store, location_of
from karospace_stream.transpose.array_scratch import StoredArrayScratch
from tests.e2e.resume.cutting import cut_off, small
from tests.e2e.resume.stored import files
from tests.e2e.support import contents
from tests.stores.servers import Server

Synth = Callable[..., Path]
GROUPS: dict[str, Any] = {"group_by": ["cell_type", "sample"], "markers": "wilcoxon", "strategy": "spill"}


@pytest.fixture
def source(synth: Synth) -> Path:
    return synth(600, 12, chunk_values=500)


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("format", ["karospace", "anndata"])
def test_resume(format: str, killed: bool, source: Path, tmp_path: Path) -> None:
    options = GROUPS | {"format": format, "scratch": tmp_path / "scratch"}
    cut_off(source, tmp_path / "cut", stage="statistics", killed=killed, **{"resume": True} | options)
    assert list((tmp_path / "scratch").glob(f"{SCRATCH}*/sums_*"))
    done: list[Event] = []
    summed: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_OpenSums, "add", lambda *_: summed.append(1))
        karospace_stream.export(
            source, tmp_path / "cut", resume=True, listener=done.append, **small(**options)
        )
    assert any("already done" in each.text for each in done if isinstance(each, Note))
    assert summed == []
    assert not list((tmp_path / "scratch").iterdir())
    karospace_stream.export(source, tmp_path / "whole", **small(**options))
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


@pytest.mark.parametrize("more", [{}, {"pseudobulk": ["cell_type", "sample"]}], ids=["sums", "pseudobulk"])
def test_scratch_on_a_store_is_resumed_from(
    more: dict[str, Any], source: Path, moto_store: Server, tmp_path: Path
) -> None:
    url = f"{moto_store.url}/{secrets.token_hex(4)}"
    options = GROUPS | {"scratch": url, "storage_options": moto_store.options} | more
    cut_off(source, tmp_path / "cut", stage="statistics", killed=True, **{"resume": True} | options)
    stored = Store(location_of(url, moto_store.options))
    assert any("/sums_" in key for key in stored.find())
    summed: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_OpenSums, "add", lambda *_: summed.append(1))
        karospace_stream.export(source, tmp_path / "cut", resume=True, **small(**options))
    assert summed == []
    assert stored.find() == {}
    karospace_stream.export(source, tmp_path / "whole", **small(**GROUPS, **more))
    assert files(tmp_path / "cut") == files(tmp_path / "whole")


@pytest.mark.parametrize("name", ["", "pseudobulk", "tissue"])
def test_scratch_on_a_store_holds_its_own_files_only(name: str) -> None:
    stores = {
        each: StoredArrayScratch(Store(location_of(f"memory://{secrets.token_hex(4)}")), each)
        for each in ("", "pseudobulk", "tissue")
    }
    receipt = stores[name].put("part", 3, {"values": np.arange(5)})
    for other in stores.values():
        other.put("part", 3, {"values": np.arange(5)})
    assert [each for each, store in stores.items() if store.holds()(receipt)] == [name]


def test_clean(source: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    cut_off(source, tmp_path / "cut", stage="statistics", killed=True, scratch=scratch, **GROUPS)
    assert list(scratch.iterdir())
    karospace_stream.clean(tmp_path / "cut")
    assert not list(scratch.iterdir())

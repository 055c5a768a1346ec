"""An export with statistics that was cut off: its sums in scratch are resumed from, or removed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from karospace_stream.formats.genes.statistics.writer import _OpenSums
from karospace_stream.pipeline.scratch_owner import SCRATCH
from karospace_stream.runtime.events import Event, Note
from tests.e2e.resume.cutting import cut_off, small
from tests.e2e.support import contents

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


def test_clean(source: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    cut_off(source, tmp_path / "cut", stage="statistics", killed=True, scratch=scratch, **GROUPS)
    assert list(scratch.iterdir())
    karospace_stream.clean(tmp_path / "cut")
    assert not list(scratch.iterdir())

"""A source that changes while it is exported: refused in a sentence, whenever that is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import karospace_stream
from karospace_stream.errors import BadInputError
from karospace_stream.runtime.events import Event, TaskDone
from tests.e2e.support import contents

Synth = Callable[..., Path]


def rewritten(source: Path) -> None:
    """The same bytes, written a moment later: what another program would do that is not done yet."""
    file = source if source.is_file() else max(source.rglob("c/0"), key=lambda path: path.stat().st_size)
    later = file.stat().st_mtime_ns + 1_000_000
    os.utime(file, ns=(later, later))


@pytest.mark.parametrize("stage", ["scatter", "seal"])
@pytest.mark.parametrize("suffix", [".h5ad", ".zarr"])
def test_the_older_bundle_stays(suffix: str, stage: str, synth: Synth, tmp_path: Path) -> None:
    source, target = synth(3_000, 400, suffix, chunk_values=20_000, seed=len(stage)), tmp_path / "bundle"
    karospace_stream.export(source, target, genes="hvgs:5")
    before = contents(tmp_path)

    def meddle(event: Event) -> None:
        if event == TaskDone(stage):
            rewritten(source)

    with pytest.raises(BadInputError, match="changed while it was read"):
        karospace_stream.export(source, target, genes="hvgs:7", overwrite=True, listener=meddle)
    assert contents(tmp_path) == before


def test_a_computed_plan_looks_once_more(synth: Synth, tmp_path: Path) -> None:
    source = synth(3_000, 400, chunk_values=20_000, seed=9)
    lazy = karospace_stream.plan_export(source, genes="none", format="cellucid").to_dask(tmp_path / "out")
    rewritten(source)
    with pytest.raises(BadInputError, match="changed while it was read"):
        lazy.compute(scheduler="sync")
    assert not (tmp_path / "out").exists()

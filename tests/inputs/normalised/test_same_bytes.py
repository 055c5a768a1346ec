"""The bytes do not depend on how the matrix is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from karospace_stream.inputs.normalised import count, once
from karospace_stream.source import open_source
from karospace_stream.transpose import plan as planning
from tests.e2e.support import contents
from tests.inputs.normalised.made import LAYOUTS, counts, exported, write

WAYS: tuple[dict[str, Any], ...] = (
    {"scheduler": "sync", "workers": 1},
    {"scheduler": "threads", "strategy": "spill"},
    {"scheduler": "processes", "strategy": "spill"},
)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("target", [1e4, "median"])
@pytest.mark.parametrize("ways", [WAYS[:2], pytest.param(WAYS, marks=pytest.mark.big)], ids=len)
def test_every_way(
    layout: str, target: Any, ways: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    source = write(tmp_path / "cells.h5ad", counts(seed=1), layout)
    made = []
    for number, way in enumerate(ways):
        if number == 1:  # small pieces, tasks and blocks
            monkeypatch.setattr(once, "PIECE", 200)
            monkeypatch.setattr(planning, "_FEWEST_VALUES", 700)
            monkeypatch.setattr(count.CountTotals, "steps", _small_steps(count.CountTotals.steps))
        terms = {key: value for key, value in way.items() if layout != "csc" or key != "strategy"}
        exported(source, tmp_path / f"{number}.zarr", normalize=target, log1p=True, name="same", **terms)
        made.append(contents(tmp_path / f"{number}.zarr"))
        if layout == "tall" and number == 1:
            exported(source, tmp_path / "p.zarr", normalize=target, log1p=True, name="same", strategy="pass")
            made.append(contents(tmp_path / "p.zarr"))
    assert all(each == made[0] for each in made)


def _small_steps(steps: Any) -> Any:
    return lambda preparation, task_nbytes: steps(preparation, 8 * 300 + 2000)


def test_rows_do_not_know_each_other(tmp_path: Path) -> None:
    from karospace_stream.inputs.normalised.change import Change
    from karospace_stream.inputs.normalised.reader import NormalisedReader

    for layout in ("csr", "dense"):
        stored = open_source(write(tmp_path / f"{layout}.h5ad", counts(seed=2), layout)).matrix("X")
        reader = NormalisedReader(stored.info, stored, Change("X", "float32", 1e4, log=True))
        whole = reader.read_rows(0, 300).data
        parts = [reader.read_rows(first, min(first + 7, 300)).data for first in range(0, 300, 7)]
        np.testing.assert_array_equal(np.concatenate(parts), whole)

"""Transcripts of several runs: each where the cells of its run are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError
from tests.made.tenx_folders import write_xenium
from tests.made.transcripts import make_transcripts, places, write_xenium_transcripts
from tests.transcripts.reading import BundleTranscripts

#: In natural order the second comes first: sections are stored in another order than the inputs.
RUNS = ("run10", "run2")
GENE = "Gene1"


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    folders = [write_xenium(tmp_path / name, n_cells=60).path for name in RUNS]
    for number, folder in enumerate(folders):
        write_xenium_transcripts(folder / "transcripts.parquet", made(number), as_bytes=True)
    return folders


def made(number: int) -> pd.DataFrame:
    return make_transcripts(2_000 + 500 * number, high=600.0, seed=number)


def export(runs: list[Path], target: Path, **options: Any) -> tuple[BundleTranscripts, Any]:
    about = {"genes": "none", "preview": False, "scheduler": "sync", "transcripts": "own", "overwrite": True}
    result = karospace_stream.export(runs, target, **about | options)
    return BundleTranscripts.of(target), result


def kept(number: int) -> np.ndarray:
    found = made(number)
    return places(found[found["qv"] >= 20], GENE)


def check(found: BundleTranscripts, shifts: dict[int, tuple[float, float]]) -> None:
    """The transcripts are those of these runs, with these shifts, and no others."""
    expected = np.concatenate([kept(number) + shift for number, shift in shifts.items()])
    drawn = found.all_points(GENE)
    assert len(drawn) == len(expected)
    for axis in (0, 1):
        np.testing.assert_allclose(
            np.sort(drawn[:, axis]), np.sort(expected[:, axis]), rtol=0, atol=found.side / 65535
        )


def codes(result: Any) -> set[str]:
    return {each.code for each in result.findings if each.code.startswith("transcripts")}


@pytest.mark.parametrize("section", [None, "batch"], ids=["as they are", "by section"])
def test_each_run_takes_its_transcripts_along(runs: list[Path], tmp_path: Path, section: str | None) -> None:
    options = {"arrange": "grid", "section": section}
    found, result = export(runs, tmp_path / "bundle", **options)
    arranged = karospace_stream.plan_export(runs, genes="none", **options).selection.arrangement
    shifts = {number: arranged.shift(name) for number, name in enumerate(RUNS)}
    assert shifts[0] != shifts[1]
    check(found, shifts)
    assert "transcripts-overlap" not in codes(result)


def test_runs_that_lie_over_each_other(runs: list[Path], tmp_path: Path) -> None:
    found, result = export(runs, tmp_path / "bundle")
    check(found, {0: (0, 0), 1: (0, 0)})
    assert "transcripts-overlap" in codes(result)


def test_a_run_without_cells_or_without_a_table(runs: list[Path], tmp_path: Path) -> None:
    found, result = export(runs, tmp_path / "bundle", arrange="grid", where="batch == 'run2'")
    check(found, {1: (0, 0)})
    assert "transcripts-of-some" in codes(result)
    (runs[1] / "transcripts.parquet").unlink()
    found, result = export(runs, tmp_path / "bundle", arrange="grid")
    assert "transcripts-of-some" in codes(result)
    assert found.entry["n"] == np.count_nonzero(made(0)["qv"] >= 20)
    with pytest.raises(BadOptionError, match="no cells are exported of the inputs with transcripts, run10"):
        export(runs, tmp_path / "other", arrange="grid", where="batch == 'run2'")


def test_what_is_refused(runs: list[Path], tmp_path: Path) -> None:
    with pytest.raises(BadOptionError, match=r'give transcripts="own", by which those of each input'):
        export(runs, tmp_path / "bundle", arrange="grid", transcripts=str(runs[0]))
    with pytest.raises(BadOptionError, match=r"laid out as several sections of 'graphclust' .*arrange="):
        export(runs, tmp_path / "bundle", arrange_by="graphclust")

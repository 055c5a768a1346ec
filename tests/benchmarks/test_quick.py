"""The benchmark still runs, and what it measures, compares and prints is true. No time is asserted."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from benchmarks import report
from benchmarks.__main__ import main
from benchmarks.agree import DisagreementError, compare, compare_size
from benchmarks.arithmetic import projections
from benchmarks.cases import cases, quick_cases
from benchmarks.data import DataSet, build
from benchmarks.locations import Locations
from benchmarks.measure import measure
from benchmarks.plans import plan_atlas
from benchmarks.records import load, of_case, ratio
from benchmarks.runner import SideError, Workspace, run_case
from benchmarks.sides import Bound

PEERS = {"cellucid 0.0.9", "cellucid 0.9.5"}


@pytest.mark.skipif(sys.platform != "linux", reason="counts bytes by /proc")
@pytest.mark.big
def test_quick_form(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    results = tmp_path / "results.jsonl"
    folders = ("--ram", tmp_path / "ram", "--disk", tmp_path / "disk", "--environments", tmp_path / "none")
    assert main(["--quick", "--results", str(results), *map(str, folders)]) == 0
    printed = capfd.readouterr()
    assert "genes of ours and gene at a time agree" in printed.err
    for name in ("karospace", "cellucid"):
        assert f"files of both and {name} are the same bytes" in printed.err
    assert "cellucid 0.0.9 is left out: its environment is not there" in printed.err
    records = load(results)
    wanted = {(case.name, side.label) for case in quick_cases() for side in case.sides}
    assert {(r["case"], r["side"]) for r in records} == {pair for pair in wanted if pair[1] not in PEERS}
    for record in records:
        assert record["wall_s"] > 0
        assert record["user_s"] > 0
        assert record["peak_nbytes"] > 10e6
        assert record["output_nbytes"] > 0
        assert record["n_objects"] > 0
        assert record["written_nbytes"] >= record["output_nbytes"]
        assert str(tmp_path) not in json.dumps(record)
    assert not [path for path in (tmp_path / "ram").rglob("*") if path.is_file()]
    for name in ("floor", "export"):
        floor = {r["side"]: r for r in records if r["case"] == name}
        assert floor["floor"]["n_objects"] == floor["ours"]["n_objects"]
        assert floor["floor"]["told"]["inflated_nbytes"] > floor["ours"]["n_values"] * 8
    check_tables(printed.out)


def test_quick_form_of_one_case(tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    folders = ("--ram", tmp_path / "ram", "--disk", tmp_path / "disk", "--environments", tmp_path / "none")
    assert main(["--quick", "--case", "floor", "--results", str(results), *map(str, folders)]) == 0
    floor = {record["side"]: record for record in load(results)}
    assert floor["floor"]["n_objects"] == floor["ours"]["n_objects"] > 0
    assert not [path for path in (tmp_path / "ram").rglob("*") if path.is_file()]


def check_tables(printed: str) -> None:
    lines = printed.splitlines()
    targets = [line for line in lines if line.startswith("| 100,000 x 20,000 gzip")]
    assert " x | " in targets[0]
    assert any("not run" in line for line in lines if "cellucid 0.0.9 (level 6)" in line)
    assert any(line.startswith("| floor | ours | RAM | 1 |") for line in lines)
    peaks = [line for line in lines if line.startswith("| 10,000,000 x 50, Cellucid")]
    assert " MB | met |" in peaks[0]


def test_memory_of_children_counts(tmp_path: Path) -> None:
    held = "import time; held = bytearray(120_000_000); time.sleep(0.6)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {held!r}])"
    done = measure([sys.executable, "-c", parent], cwd=tmp_path)
    assert done.exit_code == 0
    assert 120e6 < done.peak_nbytes < 240e6  # once, not for each process


def test_scratch_and_bytes_are_counted(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    writes = (
        "import os, sys, time; os.makedirs(sys.argv[1]); path = os.path.join(sys.argv[1], 'x');"
        "open(path, 'wb').write(bytes(3_000_000)); time.sleep(0.5); os.remove(path)"
    )
    done = measure([sys.executable, "-c", writes, str(scratch)], cwd=tmp_path, scratch=scratch)
    assert done.scratch_nbytes == 3_000_000
    if sys.platform == "linux":
        assert done.written_nbytes is not None
        assert done.written_nbytes >= 3_000_000


def test_a_command_that_hangs_is_killed(tmp_path: Path) -> None:
    done = measure([sys.executable, "-c", "import time; time.sleep(60)"], cwd=tmp_path, timeout_s=0.3)
    assert done.exit_code < 0
    assert done.wall_s < 30


def test_a_side_that_fails_is_told(tmp_path: Path) -> None:
    case = quick_cases()[0]
    broken = replace(case.sides[0], options=("--coords", "obsm:nowhere"))
    case = replace(case, sides=(broken,), agree=())
    workspace = Workspace(Locations(None, tmp_path), tmp_path, False, lambda line: None)
    with pytest.raises(SideError, match="nowhere"):
        run_case(case, workspace)


def write_bundle(folder: Path, values: np.ndarray) -> Path:
    folder.mkdir()
    (folder / "g.bin").write_bytes(values.astype("<f4").tobytes())
    chunk = {"path": "g.bin", "start": 0, "end": len(values), "size_bytes": 4 * len(values)}
    manifest = {"n_cells": len(values), "gene_list": ["G"], "expression": {"genes": [{"chunks": [chunk]}]}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def write_baseline(folder: Path, name: str, values: np.ndarray) -> Path:
    folder.mkdir()
    (folder / "g.bin").write_bytes(values.astype("<f4").tobytes())
    (folder / "genes.json").write_text(json.dumps({name: "g.bin"}))
    return folder


def test_one_other_value_is_a_disagreement(tmp_path: Path) -> None:
    values = np.arange(5, dtype=np.float32)
    ours = write_bundle(tmp_path / "ours", values)
    assert compare(ours, write_baseline(tmp_path / "same", "G", values), "baseline") == 12
    values[3] += 1e-6
    with pytest.raises(DisagreementError, match="other values"):
        compare(ours, write_baseline(tmp_path / "other", "G", values), "baseline")
    with pytest.raises(DisagreementError, match="0 are the same"):
        compare(ours, write_baseline(tmp_path / "none", "H", values), "baseline")


def test_a_floor_that_writes_less_is_a_disagreement() -> None:
    compare_size((1_000, 10), (1_015, 10))
    with pytest.raises(DisagreementError, match="objects"):
        compare_size((1_000, 10), (1_000, 9))
    with pytest.raises(DisagreementError, match="bytes"):
        compare_size((1_000, 10), (900, 10))


def test_ratio_is_the_median_of_rounds() -> None:
    walls = {"a": (10.0, 30.0, 8.0), "b": (5.0, 10.0, 8.0)}
    records = [
        {"side": side, "round": number, "wall_s": wall, "scaled_wall_s": None}
        for side, some in walls.items()
        for number, wall in enumerate(some)
    ]
    bound = Bound("", "wall", "a", "b", 2.0)
    assert ratio(records, bound) == 2.0
    assert bound.holds(2.0)
    assert not bound.holds(2.1)
    assert ratio(records[:3], bound) is None


def test_ratio_to_several_sides_is_to_their_sum() -> None:
    walls = {"both": 9.0, "a": 5.0, "b": 10.0}
    records = [
        {"side": side, "round": 0, "wall_s": wall, "scaled_wall_s": None} for side, wall in walls.items()
    ]
    bound = Bound("", "wall", "both", ("a", "b"), 1.0)
    assert ratio(records, bound) == 0.6
    assert ratio(records[:2], bound) is None
    assert ratio(records, replace(bound, bottom=None)) == 9.0


def test_results_outlive_new_attributes_of_data_sets() -> None:
    case = next(case for case in cases(2_000_000) if case.name == "floor")
    older = {key: value for key, value in case.sides[0].data.to_json().items() if key != "n_neighbors"}
    kept = {"case": "floor", "side": "ours", "dataset": older}
    assert of_case([kept], case) == [kept]
    assert of_case([kept | {"dataset": older | {"n_neighbors": 15}}], case) == []


def test_data_sets_have_names_of_their_own(tmp_path: Path) -> None:
    plain = DataSet(200, 50)
    several = [
        plain, replace(plain, n_neighbors=5), replace(plain, n_latent=9), replace(plain, vectors=True)
    ]  # fmt: skip
    assert plain.name == "200x50-csr-gzip-float32-log-0p07-8"
    assert len({data.name for data in several}) == len(several)
    with h5py.File(build(replace(plain, n_neighbors=5, n_latent=9, vectors=True), tmp_path)) as file:
        assert file["obsm/X_pca"].shape == (200, 9)
        assert "connectivities" in file["obsp"]
        assert "velocity_umap" in file["obsm"]


def made_up(n_cells: int, side: str) -> dict[str, object]:
    """A run of ours: 1,000 values a cell, 3 bytes of input, 6 of scratch, 5 of output, 50 ns each."""
    n_values = 1_000 * n_cells
    return {
        "case": "size",
        "program": "ours",
        "side": side,
        "round": 0,
        "dataset": next(
            s for c in cases(2_000_000) if c.name == "size" for s in c.sides if s.label == side
        ).data.to_json(),
        "n_values": n_values,
        "input_nbytes": 3 * n_values,
        "scratch_nbytes": 6 * n_values,
        "output_nbytes": 5 * n_values,
        "user_s": 40e-9 * n_values,
        "system_s": 10e-9 * n_values,
        "wall_s": 30e-9 * n_values,
        "scaled_wall_s": None,
        "peak_nbytes": 800e6,
    }


def test_projections_are_rates_times_values(tmp_path: Path) -> None:
    records = [*plan_atlas(tmp_path, 200_000, 1_000), made_up(2_000_000, "2,000,000")]
    assert [record["n_values"] for record in records[:2]] == [20_000_000, 20_000_000]
    assert list(tmp_path.iterdir()) == []
    table = projections(cases(2_000_000), records)
    assert "3.00 bytes of input, 6.00 of scratch, 5.00 of output, and 50 ns" in table
    rows = dict(line.strip("| ").split(" | ", 1) for line in table.splitlines() if line.startswith("| "))
    assert rows["read"] == "60 MB | 60 MB"
    assert rows["output"] == "100 MB | 100 MB"
    assert rows["processor time, divided by all cores"] == "0.5 s | 0.0 s"
    assert rows["transfer at 100 MB/s per machine"] == "4.0 s | 0.1 s"
    blocks, bands = (
        int(word.replace(",", ""))
        for word in rows["row blocks x gene bands (planned)"].split(" | ")[0].split(" x ")
    )
    assert rows["requests: ranged reads of scratch"].split(" | ")[0] == f"{blocks * bands:,}"


def test_plots_are_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="in the dependency group bench")
    from benchmarks.plots import write_plots

    write_plots(cases(2_000_000), [made_up(200_000, "200,000"), made_up(2_000_000, "2,000,000")], tmp_path)
    first = (tmp_path / "growth.svg").read_bytes()
    assert b"</svg>" in first
    write_plots(cases(2_000_000), [made_up(200_000, "200,000"), made_up(2_000_000, "2,000,000")], tmp_path)
    assert (tmp_path / "growth.svg").read_bytes() == first


def test_page_has_all_markers() -> None:
    table = cases(2_000_000)
    page = report.fill(report.PAGE.read_text(), report.sections(table, []))
    assert all(bound.text in page for case in table for bound in case.bounds)
    with pytest.raises(ValueError, match="begin nothing"):
        report.fill(page, {"nothing": ""})


def test_the_page_shows_the_results_that_are_kept() -> None:
    if not report.RESULTS.exists():
        pytest.skip("no full run is kept yet")
    records = load(report.RESULTS)
    largest = max(r["dataset"]["n_cells"] for r in records if r["case"] == "size")
    page = report.PAGE.read_text()
    assert report.fill(page, report.sections(cases(largest), records)) == page
    assert os.fspath(report.ROOT) not in report.RESULTS.read_text()

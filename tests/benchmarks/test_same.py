"""Two exports are told apart by any byte that matters, and by none that does not."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.cases import quick_cases
from benchmarks.data import DataSet, build
from benchmarks.locations import Locations
from benchmarks.machine import ROOT
from benchmarks.outputs import open_bundle
from benchmarks.peers.environments import interpreter
from benchmarks.runner import Workspace, run_case
from benchmarks.same import DisagreementError, compare_bytes, compare_cellucid
from karospace_stream import export

PEER = "cellucid 0.0.9"


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data set, exported at level 1 and at level 6."""
    folder = tmp_path_factory.mktemp("exports")
    source = build(DataSet(400, 30, n_neighbors=5, n_latent=8, vectors=True), folder)
    for level in (1, 6):
        export(
            source,
            folder / str(level),
            format="cellucid",
            anno="all",
            name="same",
            compression=level,
            var_quantization=8,
            obs_quantization=8,
        )
    return folder


@pytest.fixture
def other(exports: Path, tmp_path: Path) -> Path:
    """A copy to be spoiled."""
    return Path(shutil.copytree(exports / "6", tmp_path / "other"))


def test_levels_and_times_do_not_matter(exports: Path) -> None:
    n_files = sum(path.is_file() for path in (exports / "1").rglob("*")) - 1  # the list of checksums
    assert compare_cellucid(exports / "1", exports / "6") == n_files
    assert compare_cellucid(exports / "1", exports / "6", n_genes=3) == n_files - 27
    with pytest.raises(DisagreementError, match="other bytes"):
        compare_bytes(exports / "1", exports / "6")
    assert compare_bytes(exports / "1", exports / "1") == n_files


def flip(path: Path) -> None:
    data = bytearray(gzip.decompress(path.read_bytes()))
    data[-1] ^= 1
    path.write_bytes(gzip.compress(bytes(data)))


@pytest.mark.parametrize(
    "pattern",
    [
        "points_3d.bin.gz", "obs/*.codes.*", "obs/*.outliers.*", "obs/*.values.*", "connectivity/edges.dst*",
        "vectors/*_2d*", "var/*",
    ],
)  # fmt: skip
def test_one_other_bit_is_a_disagreement(exports: Path, other: Path, pattern: str) -> None:
    path = sorted(other.glob(pattern))[0]
    flip(path)
    with pytest.raises(DisagreementError, match=path.name):
        compare_cellucid(exports / "1", other)


def change_range(manifest: dict) -> None:
    manifest["fields"][7][2] += 1e-7


def change_centroid(manifest: dict) -> None:
    manifest["_categoricalFields"][0][4]["2"][0]["position"][0] += 2e-5


def change_count(manifest: dict) -> None:
    manifest["stats"]["n_edges"] += 1


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("var_manifest.json", change_range),
        ("obs_manifest.json", change_centroid),
        ("dataset_identity.json", change_count),
    ],
)
def test_one_other_number_is_a_disagreement(
    exports: Path, other: Path, name: str, change: Callable[[dict], None]
) -> None:
    manifest = json.loads((other / name).read_text())
    change(manifest)
    (other / name).write_text(json.dumps(manifest))
    with pytest.raises(DisagreementError, match=name):
        compare_cellucid(exports / "1", other)


def test_centroids_may_be_apart_by_rounding(exports: Path, other: Path) -> None:
    manifest = json.loads((other / "obs_manifest.json").read_text())
    manifest["_categoricalFields"][0][4]["2"][0]["position"][0] += 5e-6
    (other / "obs_manifest.json").write_text(json.dumps(manifest))
    compare_cellucid(exports / "1", other)


def test_a_file_that_is_absent_is_a_disagreement(exports: Path, other: Path) -> None:
    (other / "points_2d.bin.gz").unlink()
    with pytest.raises(DisagreementError, match=r"points_2d\.bin\.gz"):
        compare_cellucid(exports / "1", other)


def test_stored_values_are_codes_where_quantised(exports: Path) -> None:
    bundle = open_bundle(exports / "1")
    assert bundle.dtype == np.uint8
    codes = bundle.stored(3)
    assert codes.shape == (400,)
    assert {0, 254} <= set(codes.tolist())
    assert codes.max() == 254
    assert bundle.chunks(3)[0]["size_bytes"] == (exports / "1" / bundle.chunks(3)[0]["path"]).stat().st_size


def test_the_peer_writes_the_same(tmp_path: Path) -> None:
    cache = ROOT / ".bench" / "environments"
    try:
        interpreter(PEER, cache, make=True)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"{PEER} could not be installed in {cache}: {error}")
    told: list[str] = []
    case = next(case for case in quick_cases() if case.name == "export")
    case = replace(case, process_nbytes=0)
    records = run_case(case, Workspace(Locations(None, tmp_path), cache, False, told.append))
    assert {record["side"] for record in records} == {"ours", PEER, "floor"}
    assert any(f"of ours and {PEER} hold the same" in line for line in told)
    assert any("floor wrote as many objects and bytes as ours" in line for line in told)

"""Values in other files, which HDF5 opens by itself: the files are named."""

from __future__ import annotations

import json
from pathlib import Path

import anndata as ad
import h5py
import numpy as np
import pytest
from click.testing import CliRunner

from karospace_stream import export, plan_export
from karospace_stream.pipeline.report import Report
from karospace_stream.plan.export_plan import ExportPlan

TEXT = "values are read from another file that the input names: "


@pytest.fixture
def path(tmp_path: Path) -> Path:
    adata = ad.AnnData(np.arange(8, dtype="f4").reshape(4, 2))
    adata.obs["score"] = np.arange(4.0)
    adata.obsm["X_umap"] = np.arange(8.0).reshape(4, 2)
    adata.write_h5ad(path := tmp_path / "x.h5ad")
    return path


def stored_externally(path: Path, key: str, files: list[Path]) -> None:
    """Move the values of an array of float64 to other files, in equal parts."""
    with h5py.File(path, "r+") as root:
        values, about = root[key][:].astype("f8"), dict(root[key].attrs)
        del root[key]
        size = values.nbytes // len(files)
        for number, file in enumerate(files):
            file.write_bytes(values.tobytes()[number * size : (number + 1) * size])
        external = [(str(file), 0, size) for file in files]
        root.create_dataset(key, values.shape, "f8", external=external).attrs.update(about)


def said(made: ExportPlan | Report) -> list[str]:
    return [each.text for each in made.findings if each.code == "external-files"]


def test_nothing_is_said_of_one_file(path: Path) -> None:
    assert not said(plan_export(path))


def test_external_storage(path: Path, tmp_path: Path) -> None:
    stored_externally(path, "X", [file := tmp_path / "values.bin"])
    assert said(plan_export(path)) == [f"{TEXT}{file} (X)"]
    made = export(path, tmp_path / "out")
    assert said(made) == [f"{TEXT}{file} (X)"]
    backed = ad.read_h5ad(path, backed="r")
    assert said(plan_export(backed)) == [f"{TEXT}{file} (X)"]


def test_a_part_that_is_left_out_is_not_named(path: Path, tmp_path: Path) -> None:
    stored_externally(path, "obs/score", [tmp_path / "values.bin"])
    assert said(plan_export(path))
    assert not said(plan_export(path, leave_out=["obs:score"]))


def test_many_files(path: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.bin" for number in range(8)]
    stored_externally(path, "X", files)
    listed = ", ".join(f"{file} (X)" for file in files[:3])
    assert said(plan_export(path)) == [
        f"values are read from other files that the input names: {listed} and 5 more"
    ]


def test_a_virtual_dataset(path: Path, tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["values"] = np.ones((4, 2), "f4")
    with h5py.File(path, "r+") as root:
        about = dict(root["X"].attrs)
        del root["X"]
        layout = h5py.VirtualLayout((4, 2), "f4")
        layout[:] = h5py.VirtualSource(tmp_path / "other.h5", "values", shape=(4, 2))
        root.create_virtual_dataset("X", layout).attrs.update(about)
    assert said(plan_export(path)) == [f"{TEXT}{tmp_path / 'other.h5'} (X)"]


def test_a_link(path: Path, tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["values"] = np.ones((4, 2), "f4")
    with h5py.File(path, "r+") as root:
        del root["X"]
        root["X"] = h5py.ExternalLink(tmp_path / "other.h5", "/values")
    assert said(plan_export(path)) == [f"{TEXT}{tmp_path / 'other.h5'} (values)"]


def test_odd_names(path: Path, tmp_path: Path) -> None:
    stored_externally(path, "X", [tmp_path / f"{'long' * 30}\n.bin"])
    (text,) = said(plan_export(path))
    assert len(text) < 200
    assert text.isprintable()


def test_inspect_says_it(path: Path, tmp_path: Path) -> None:
    from karospace_stream.cli import program

    stored_externally(path, "X", [file := tmp_path / "values.bin"])
    done = CliRunner().invoke(program, ["inspect", str(path), "--json"])
    found = json.loads(done.stdout)
    assert found["external_files"] == [["X", str(file)]]
    assert [each["text"] for each in found["findings"] if each["code"] == "external-files"]

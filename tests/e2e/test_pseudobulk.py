"""``--pseudobulk`` in whole exports: every format, target and way, resumed, verified, refused."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError, TargetError
from karospace_stream.formats.genes.statistics.writer import _OpenSums
from karospace_stream.pipeline.scratch_owner import SCRATCH
from karospace_stream.storage import Store, location_of
from tests.e2e.resume.cutting import cut_off, small
from tests.e2e.support import contents
from tests.e2e.test_memory import measured, plan_of
from tests.e2e.test_same_bytes import differing
from tests.statistics.test_pseudobulk import drawn

Synth = Callable[..., Path]
BY = ["sample", "kind"]
NAME = "pseudobulk.h5ad"


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = drawn()
    data.obsm["X_umap"] = np.random.default_rng(0).random((data.n_obs, 2))
    data.layers["half"] = data.X * np.float32(0.3)
    path = tmp_path_factory.mktemp("source") / "data.h5ad"
    data.write_h5ad(path)
    return path


def exported(source: Any, target: Any, **options: Any) -> Any:
    given: dict[str, Any] = {"pseudobulk": BY, "name": "same", "progress": False}
    return karospace_stream.export(source, target, **given | options)


def same(path: Path, expected: anndata.AnnData) -> None:
    made = anndata.read_h5ad(path)
    np.testing.assert_array_equal(made.X, expected.X)
    assert made.obs.astype(str).equals(expected.obs.astype(str))
    assert made.var_names.tolist() == expected.var_names.tolist()


@pytest.mark.parametrize("layer", [None, "twice", "half"])
@pytest.mark.parametrize("format", ["karospace", "anndata"])
def test_as_without_an_export(format: str, layer: str | None, source: Path, tmp_path: Path) -> None:
    report = exported(source, tmp_path / "out", format=format, pseudobulk_layer=layer)
    same(tmp_path / "out" / NAME, karospace_stream.pseudobulk(source, BY, layer=layer))
    listed = json.loads((tmp_path / "out" / "checksums.json").read_text())
    assert NAME in listed["files"]
    assert listed["options"]["pseudobulk"] == BY
    assert karospace_stream.verify(tmp_path / "out", source=source)
    assert "pseudobulk leaves out 7 cells without a value in 'sample' or 'kind'" in report.notes
    assert any("pseudobulk reads layers/" in each for each in report.notes) == (layer is not None)


def test_the_exported_matrix_may_be_a_layer_and_x_is_summed(source: Path, tmp_path: Path) -> None:
    exported(source, tmp_path / "out", layer="half", pseudobulk_layer="X", genes="top_mean:7")
    made = anndata.read_h5ad(tmp_path / "out" / NAME)
    whole = karospace_stream.pseudobulk(source, BY)
    np.testing.assert_array_equal(made.X, whole[:, made.var_names].X)


def test_atlas_and_manifest(source: Path, tmp_path: Path) -> None:
    exported(source, tmp_path / "out", pseudobulk_layer="twice")
    entry = json.loads((tmp_path / "out" / "atlas.json").read_text())["pseudobulk"]
    size = (tmp_path / "out" / NAME).stat().st_size
    stated = {"columns": BY, "matrix": "layers/twice", "n_combinations": 9}
    assert entry == {"path": NAME, "size_bytes": size, **stated}
    assets = json.loads((tmp_path / "out" / "manifest.json").read_text())["asset_files"]
    assert [each["path"] for each in assets if each["kind"] == "pseudobulk"] == [NAME]


@pytest.mark.parametrize(
    "way",
    [
        {"scheduler": "sync", "strategy": "spill", "memory": "350MB"},
        {"scheduler": "processes", "workers": 2, "memory": "4GB"},
        {"format": ["karospace", "anndata"]},
    ],
    ids=str,
)
@pytest.mark.parametrize("layer", [None, "half"])
def test_every_way(layer: str | None, way: dict[str, Any], source: Path, tmp_path: Path) -> None:
    exported(source, tmp_path / "one", pseudobulk_layer=layer)
    exported(source, tmp_path / "other", pseudobulk_layer=layer, **way)
    other = tmp_path / "other" / ("karospace" if "format" in way else "")
    assert differing(contents(other), contents(tmp_path / "one")) == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one", "other"]


def test_beside_groups_and_variable_genes(source: Path, tmp_path: Path) -> None:
    exported(source, tmp_path / "out", group_by="kind", markers="wilcoxon", genes="hvgs:9", hvg_flavor="none")
    made = anndata.read_h5ad(tmp_path / "out" / NAME)
    np.testing.assert_array_equal(made.X, karospace_stream.pseudobulk(source, BY)[:, made.var_names].X)
    assert karospace_stream.verify(tmp_path / "out", source=source)


def test_a_zip(source: Path, tmp_path: Path) -> None:
    exported(source, tmp_path / "out.zarr.zip", format="anndata")
    with zipfile.ZipFile(tmp_path / "out.zarr.zip") as archive:
        archive.extract(NAME, tmp_path)
    same(tmp_path / NAME, karospace_stream.pseudobulk(source, BY))
    assert karospace_stream.verify(tmp_path / "out.zarr.zip", source=source)


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_a_store_that_anndata_reads(zarr_format: int, source: Path, tmp_path: Path) -> None:
    exported(source, tmp_path / "out.zarr", format="anndata", zarr_format=zarr_format)
    assert anndata.read_zarr(tmp_path / "out.zarr").shape == (500, 25)
    assert karospace_stream.open_source(tmp_path / "out.zarr").catalog.n_cells == 500


def test_an_object_store_and_a_later_export(source: Path, tmp_path: Path) -> None:
    url = f"memory://pseudobulk/{tmp_path.name}"
    store = Store(location_of(url))
    exported(source, url, scheduler="sync")
    (tmp_path / NAME).write_bytes(store.read(NAME))
    same(tmp_path / NAME, karospace_stream.pseudobulk(source, BY))
    exported(source, url, scheduler="sync", overwrite=True, pseudobulk_layer="twice")
    (path,) = (key for key in store.find() if key.endswith(NAME))
    assert path.startswith("v-")
    (tmp_path / NAME).write_bytes(store.read(path))
    same(tmp_path / NAME, karospace_stream.pseudobulk(source, BY, layer="twice"))
    karospace_stream.export(source, url, scheduler="sync", overwrite=True, progress=False)
    assert not [key for key in store.find() if key.endswith(NAME)]


def test_replaced_by_an_export_without(source: Path, tmp_path: Path) -> None:
    exported(source, tmp_path / "out")
    karospace_stream.export(source, tmp_path / "out", overwrite=True, progress=False)
    assert not (tmp_path / "out" / NAME).exists()


def test_to_dask(source: Path, tmp_path: Path) -> None:
    plan = karospace_stream.plan_export(source, pseudobulk=BY, pseudobulk_layer="twice")
    plan.to_dask(tmp_path / "out").compute(scheduler="sync")
    same(tmp_path / "out" / NAME, karospace_stream.pseudobulk(source, BY, layer="twice"))


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("stage", ["gather", "pseudobulk"])
@pytest.mark.parametrize("layer", [None, "counts"])
def test_resumed_and_cleaned(
    layer: str | None, stage: str, killed: bool, synth: Synth, tmp_path: Path
) -> None:
    data = anndata.read_h5ad(synth(600, 12, chunk_values=500))
    data.layers["counts"] = data.X.copy()
    data.write_h5ad(tmp_path / "in.h5ad")
    options: dict[str, Any] = {"pseudobulk": ["sample", "cell_type"], "pseudobulk_layer": layer}
    options |= {"strategy": "spill", "scratch": tmp_path / "scratch"}
    cut_off(tmp_path / "in.h5ad", tmp_path / "cut", stage=stage, killed=killed, **{"resume": True} | options)
    assert list((tmp_path / "scratch").glob(f"{SCRATCH}*"))
    shutil.copytree(tmp_path / "scratch", tmp_path / "before")
    summed: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        if stage == "pseudobulk":
            patch.setattr(_OpenSums, "add", lambda *_: summed.append(1))
        karospace_stream.export(tmp_path / "in.h5ad", tmp_path / "cut", resume=True, **small(**options))
    assert not list((tmp_path / "scratch").iterdir())
    assert summed == []
    karospace_stream.export(tmp_path / "in.h5ad", tmp_path / "whole", **small(**options))
    assert differing(contents(tmp_path / "cut"), contents(tmp_path / "whole")) == []
    cut_off(tmp_path / "in.h5ad", tmp_path / "again", stage=stage, killed=True, **options)
    assert list((tmp_path / "scratch").iterdir())
    karospace_stream.clean(tmp_path / "again")
    assert not list((tmp_path / "scratch").iterdir())


def test_other_columns_do_not_resume(source: Path, tmp_path: Path) -> None:
    cut_off(source, tmp_path / "cut", pseudobulk=BY)
    with pytest.raises(BadOptionError, match=r"other options: .*pseudobulk was"):
        exported(source, tmp_path / "cut", resume=True, pseudobulk=["sample"])


def test_damage_is_found(source: Path, tmp_path: Path) -> None:
    exported(source, tmp_path / "out")
    data = bytearray((tmp_path / "out" / NAME).read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "out" / NAME).write_bytes(data)
    assert [(each.key, each.kind) for each in karospace_stream.verify(tmp_path / "out").faults] == [
        (NAME, "checksum")
    ]
    (tmp_path / "out" / NAME).unlink()
    assert (NAME, "missing") in [
        (each.key, each.kind) for each in karospace_stream.verify(tmp_path / "out").faults
    ]


@pytest.mark.parametrize(
    ("options", "kind", "sentence"),
    [
        (
            {"pseudobulk": "sampel"},
            BadOptionError,
            "pseudobulk: the file has no obs column 'sampel'; did you",
        ),
        (
            {"pseudobulk": "sample,sample"},
            BadOptionError,
            "pseudobulk= must name columns .* got sample, sample",
        ),
        ({"pseudobulk": ""}, BadOptionError, "pseudobulk= must name columns of obs"),
        ({"pseudobulk": "score"}, BadInputError, "pseudobulk: 'score' must hold categories"),
        ({"pseudobulk_layer": "twise"}, BadOptionError, "pseudobulk_layer: the file has no layer 'twise'"),
        ({"pseudobulk": None, "pseudobulk_layer": "X"}, BadOptionError, "no effect, since no pseudobulk="),
        ({"raw": True, "pseudobulk_layer": "X"}, BadOptionError, "do not go together, since raw has genes"),
        ({"format": "cellucid"}, BadOptionError, "pseudobulk= is for format=.karospace. or format=.anndata."),
        ({"genes": "none", "format": "anndata"}, BadOptionError, "would have no effect"),
    ],
)
def test_refusals(
    options: dict[str, Any], kind: type[Exception], sentence: str, source: Path, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=sentence):
        exported(source, tmp_path / "out", **options)
    assert not list(tmp_path.iterdir())


def test_values_that_are_no_counts_are_said(source: Path) -> None:
    def notes(**options: Any) -> list[tuple[str, str, Any]]:
        plan = karospace_stream.plan_export(source, pseudobulk=BY, **options)
        return [(e.text, e.option, e.value) for e in plan.findings if e.code == "summed-values"]

    assert notes() == notes(pseudobulk_layer="twice") == []
    ((text, option, value),) = notes(layer="half")
    assert text.startswith("pseudobulk sums layers['half'], which holds normalised values and no counts")
    assert (option, value) == ("pseudobulk_layer", "X")


def test_the_plan_tells_the_price(source: Path) -> None:
    facts = karospace_stream.plan_export(source, pseudobulk=BY, pseudobulk_layer="twice").to_json()
    plain = karospace_stream.plan_export(source, pseudobulk=BY).to_json()
    assert (plain["pseudobulk"]["own_pass"], plain["pseudobulk"]["own_pass_values"]) == (False, 0)
    assert facts["pseudobulk"]["own_pass_values"] > 1_000
    assert facts["pseudobulk"]["n_combinations"] == 9
    assert facts["seconds"] > plain["seconds"]
    assert facts["n_objects"] == plain["n_objects"]


def test_a_temporary_folder_without_room_is_said(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(anndata.AnnData, "write_h5ad", full)
    with pytest.raises(TargetError, match=r"pseudobulk\.h5ad could not be made in .*: No space left"):
        exported(source, tmp_path / "out")
    assert not list(tmp_path.iterdir())


@pytest.mark.few(1)
def test_memory(synth: Synth, tmp_path: Path) -> None:
    """A layer of a million values, and many combinations: the peak stays below the plan's."""
    data = anndata.read_h5ad(synth(60_000, 200, density=0.3))
    data.layers["counts"] = data.X.copy()
    data.obs["plate"] = np.arange(data.n_obs) % 300
    data.write_h5ad(tmp_path / "in.h5ad")
    del data
    words = ["--pseudobulk", "plate,cell_type", "--pseudobulk-layer", "counts", "--memory", "400MB"]
    words += ["--scratch", str(tmp_path / "scratch")]
    plan = plan_of(tmp_path / "in.h5ad", *words)
    done = measured(tmp_path / "in.h5ad", tmp_path / "out", *words)
    assert done.peak_nbytes < plan["peak_nbytes"] <= 400e6

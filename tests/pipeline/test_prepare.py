"""`prepare`: the same bytes from every kind of argument, and what it tells and refuses."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anndata as ad
import dask.array as da
import h5py
import numpy as np
import pandas as pd
import pytest
from anndata.experimental import read_lazy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from karospace_stream import prepare
from karospace_stream.errors import BadOptionError, BudgetError, KaroSpaceError, TargetError
from karospace_stream.runtime.events import Note
from tests.oracle.cellucid import CellucidExport, file_name

N, G = 300, 12


@pytest.fixture(autouse=True)
def _one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@contextmanager
def quiet() -> Iterator[None]:
    """For anndata and zarr, whose warnings are not ours to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def arguments() -> dict[str, Any]:
    """All that can be given, in memory."""
    rng = np.random.default_rng(0)
    X = sparse.random(N, G, 0.3, "csr", dtype="f4", random_state=1)
    ends = rng.integers(0, N, (2, 900))
    names = [f"c{i}" for i in range(N)]
    obs = pd.DataFrame({"type": rng.choice(list("abc"), N), "n": rng.integers(0, 99, N)}, index=names)
    return {
        "latent_space": rng.normal(size=(N, 6)),
        "obs": obs.astype({"type": "category"}),
        "var": pd.DataFrame({"id": [f"id {i}" for i in range(G)]}, index=[f"g{i}" for i in range(G)]),
        "gene_expression": X,
        "connectivities": sparse.csr_matrix((np.ones(900, "f4"), ends), (N, N)),
        "X_umap_2d": rng.normal(size=(N, 2)),
        "X_umap_3d": rng.normal(size=(N, 3)).astype("f4"),
        "vector_fields": {"velocity_umap": rng.normal(size=(N, 2)), "none of it": None},
        "dataset_name": "one",
    }


ARRAYS = ("latent_space", "X_umap_2d", "X_umap_3d")
SPARSE = ("gene_expression", "connectivities")


def changed(convert: Callable[[Any], Any], convert_sparse: Callable[[Any], Any]) -> dict[str, Any]:
    given = arguments()
    given |= {key: convert(given[key]) for key in ARRAYS}
    given |= {key: convert_sparse(given[key]) for key in SPARSE}
    given["vector_fields"] = {"velocity_umap": convert(given["vector_fields"]["velocity_umap"])}
    return given


def stored(folder: Path) -> ad.AnnData:
    given = arguments()
    obsm = {key: given[key] for key in ARRAYS} | {"velocity_umap": given["vector_fields"]["velocity_umap"]}
    obsp = {"connectivities": given["connectivities"]}
    adata = ad.AnnData(given["gene_expression"], given["obs"], given["var"], obsm=obsm, obsp=obsp)
    with quiet():
        adata.write_h5ad(folder / "a.h5ad")
        adata.write_zarr(folder / "a.zarr")
    return adata


def members(adata: ad.AnnData) -> dict[str, Any]:
    return {
        **{key: adata.obsm[key] for key in ARRAYS},
        "obs": adata.obs,
        "var": adata.var,
        "gene_expression": adata.X,
        "connectivities": adata.obsp["connectivities"],
        "vector_fields": {"velocity_umap": adata.obsm["velocity_umap"]},
        "dataset_name": "one",
    }


def backed(folder: Path) -> dict[str, Any]:
    stored(folder)
    with quiet():
        return members(ad.read_h5ad(folder / "a.h5ad", backed="r"))


def lazy(folder: Path, container: str) -> dict[str, Any]:
    stored(folder)
    with quiet():
        return members(read_lazy(folder / f"a.{container}"))


def open_arrays(folder: Path) -> dict[str, Any]:
    """Arrays and groups of h5py, and frames."""
    stored(folder)
    root = h5py.File(folder / "a.h5ad")
    given = arguments()
    obsm = {key: root["obsm"][key] for key in (*ARRAYS, "velocity_umap")}
    graph = ad.io.sparse_dataset(root["obsp/connectivities"])
    fields = {"velocity_umap": obsm.pop("velocity_umap")}
    return given | obsm | {"gene_expression": root["X"], "connectivities": graph, "vector_fields": fields}


def blocks(values: Any) -> Any:
    return da.from_array(values.toarray(), chunks=(70, values.shape[1])).map_blocks(sparse.csr_matrix)


KINDS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "dense": lambda _: changed(np.asfortranarray, lambda x: x.toarray()),
    "SciPy, by columns": lambda _: changed(sparse.csr_matrix, sparse.csc_array),
    "SciPy, triples": lambda _: changed(sparse.coo_array, sparse.coo_matrix),
    "frames": lambda _: changed(pd.DataFrame, sparse.dok_matrix),
    "Dask": lambda _: changed(lambda x: da.from_array(x, chunks=(50, 1)), blocks),
    "backed": backed,
    "lazy h5ad": lambda folder: lazy(folder, "h5ad"),
    "lazy zarr": lambda folder: lazy(folder, "zarr"),
    "open HDF5": open_arrays,
    "in an AnnData": lambda folder: members(stored(folder)),
    "a view": lambda folder: members(stored(folder)[:]),
}


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("prepare") / "export"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        prepare(out_dir=folder, compression=6, var_quantization=8, **arguments())
    CellucidExport(folder)
    return contents(folder)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_argument_gives_the_same_bytes(
    kind: str, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    given = KINDS[kind](tmp_path)
    prepare(out_dir=tmp_path / "export", compression=6, var_quantization=8, **given)
    assert contents(tmp_path / "export") == expected


@pytest.mark.parametrize("kind", ["in an AnnData", "backed"])
@pytest.mark.parametrize("scheduler", ["sync", "processes"])
@pytest.mark.few(1)
def test_every_scheduler_gives_the_same_bytes(
    kind: str, scheduler: str, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    given = KINDS[kind](tmp_path)
    prepare(out_dir=tmp_path / "export", compression=6, var_quantization=8, scheduler=scheduler, **given)
    assert contents(tmp_path / "export") == expected


def test_a_backed_matrix_is_never_loaded(tmp_path: Path) -> None:
    """Nothing of the matrix's size is taken; the plan has to spill within this budget."""
    n_cells, n_genes = 40_000, 400
    X = sparse.random(n_cells, n_genes, 0.5, "csr", dtype="f4", random_state=0)
    nbytes = X.data.nbytes + X.indices.nbytes
    rng = np.random.default_rng(0)
    ad.AnnData(X, obsm={"X_umap": rng.random((n_cells, 2))}).write_h5ad(tmp_path / "a.h5ad")
    del X
    adata = ad.read_h5ad(tmp_path / "a.h5ad", backed="r")
    given = {
        "latent_space": adata.obsm["X_umap"],
        "X_umap_2d": adata.obsm["X_umap"],
        "obs": adata.obs,
        "var": adata.var,
        "gene_expression": adata.X,
        "var_quantization": 8,
        "scheduler": "sync",
    }
    with pytest.raises(BudgetError, match="memory") as refused:
        prepare(out_dir=tmp_path / "export", memory="1MB", **given)
    tracemalloc.start(1)
    try:
        report = prepare(out_dir=tmp_path / "export", memory=refused.value.needed_nbytes + (4 << 20), **given)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert report.strategy == "spill"
    assert peak < nbytes / 2


def test_notes_are_warnings_unless_somebody_listens(tmp_path: Path) -> None:
    given = arguments() | {"gene_identifiers": ["g3", "gone", "g1"], "X_umap_2d": None}
    with pytest.warns(UserWarning, match="left out") as caught:
        report = prepare(out_dir=tmp_path / "a", **given)
    assert [str(each.message) for each in caught] == list(report.notes)
    assert caught[0].filename == __file__
    assert report.notes[0] == "1 of 3 listed genes is not in var and left out: 'gone'"
    assert "'velocity_umap' is left out" in report.notes[1]
    heard: list[Any] = []
    again = prepare(out_dir=tmp_path / "b", listener=heard.append, **given)
    assert (
        [event.text for event in heard if isinstance(event, Note)] == list(again.notes) == list(report.notes)
    )
    assert list(CellucidExport(tmp_path / "a").genes) == ["g3", "g1"]


def test_many_genes_that_are_not_there(tmp_path: Path) -> None:
    wanted = [f"no {i}" for i in range(7)]
    with pytest.warns(UserWarning, match="7 of 7 listed genes are .* 'no 4', …"):
        prepare(out_dir=tmp_path / "a", **arguments() | {"gene_identifiers": wanted})
    export = CellucidExport(tmp_path / "a")
    assert export.genes == {}
    assert export.stats["n_genes"] == G


def test_names_and_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given = arguments() | {"dataset_name": None}
    prepare(out_dir="deep/er/my éxport", **given)
    prepare(**given)
    for folder, name, id in (
        ("deep/er/my éxport", "my éxport", "my_xport"),
        ("exports", "exports", "exports"),
    ):
        identity = json.loads((tmp_path / folder / "dataset_identity.json").read_text())
        assert (identity["name"], identity["id"]) == (name, id)
    with pytest.raises(TargetError, match="force=True"):
        prepare(**given)
    assert prepare(**given, overwrite=True).target == str(tmp_path / "exports")


def test_the_signature_is_the_one_that_users_know() -> None:
    """Of cellucid 0.0.9, in its order; what is ours comes after it, by name only."""
    old = [
        "latent_space", "obs", "var", "gene_expression", "var_gene_id_column", "gene_identifiers",
        "connectivities", "out_dir", "obs_keys", "centroid_outlier_quantile", "centroid_min_points",
        "obs_manifest_filename", "obs_binary_dirname", "var_manifest_filename", "var_binary_dirname",
        "connectivity_manifest_filename", "connectivity_binary_dirname", "force", "var_quantization",
        "obs_continuous_quantization", "obs_categorical_dtype", "compression", "dataset_name",
        "dataset_description", "dataset_id", "source_name", "source_url", "source_citation",
        "X_umap_1d", "X_umap_2d", "X_umap_3d", "X_umap_4d", "vector_fields",
    ]  # fmt: skip
    parameters = inspect.signature(prepare).parameters
    assert list(parameters)[: len(old)] == old
    ours = [each for each in parameters.values() if each.name not in old]
    assert {each.kind for each in ours} == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize(
    "argument",
    [name for name in inspect.signature(prepare).parameters if name.endswith("name") and "_" in name],
)
def test_names_of_files_are_fixed(argument: str, tmp_path: Path) -> None:
    if argument in ("dataset_name", "source_name"):
        prepare(out_dir=tmp_path / "export", **arguments() | {argument: "x"})
        return
    with pytest.raises(BadOptionError, match=f"{argument} must be .* got 'x'"):
        prepare(out_dir=tmp_path / "export", **arguments(), **{argument: "x"})


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "bits": ({"obs_continuous_quantization": 4}, "^obs_continuous_quantization must be 8 or 16"),
    "codes": ({"obs_categorical_dtype": "u1"}, "^obs_categorical_dtype must be one of"),
    "level": ({"compression": 6.5}, "^compression must be a whole number"),
    "vector of the name of points": ({"vector_fields": {"X_umap_2d": np.ones((N, 2))}}, "another name"),
    "vector of the name none": ({"vector_fields": {"none": np.ones((N, 2))}}, "another name"),
    "no memory": ({"memory": "1MB"}, "^memory 1 MB is too small .* or more$"),
    "no such scheduler": ({"scheduler": "magic"}, "^scheduler must be one of"),
    "no cells": ({}, "must have at least one cell, but has none"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    change, match = REFUSED[name]
    given = arguments() | change
    if name == "no cells":
        given |= {key: given[key][:0] for key in (*ARRAYS, "obs", "gene_expression")}
        given |= {"connectivities": None, "vector_fields": {}}
    with pytest.raises(KaroSpaceError, match=match) as caught:
        prepare(out_dir=tmp_path / "export", **given)
    assert "\n" not in str(caught.value)
    assert "--" not in str(caught.value), "a flag of the command, not an argument"
    assert list(tmp_path.iterdir()) == []


NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12
) | st.sampled_from(
    ["../../etc/passwd", "a/b", "con", "</script>", "$(rm)", "__proto__", "é", "é", " ", "none", "all", "="]
)


@settings(max_examples=40)
@given(st.lists(NAMES, min_size=1, max_size=6, unique=True), st.booleans())
def test_names_from_files_stay_names(tmp_path_factory: Any, names: list[str], as_genes: bool) -> None:
    """Whatever genes and columns are called: each is read back under its name, or refused."""
    folder = tmp_path_factory.mktemp("names")
    rng = np.random.default_rng(0)
    values = rng.random((20, len(names)), np.float32)
    frame = pd.DataFrame(values, columns=names)
    given: dict[str, Any] = {"latent_space": values, "X_umap_1d": values[:, :1], "obs": frame}
    if as_genes:
        genes = {"var": pd.DataFrame(index=names), "gene_expression": values, "gene_identifiers": names[::-1]}
        given |= genes | {"obs": pd.DataFrame({"x": values[:, 0]})}
    files = {file_name(name).lower() for name in names}
    if len(files) < len(names):
        with pytest.raises(KaroSpaceError):
            prepare(out_dir=folder / "export", **given)
        assert list(folder.iterdir()) == []
        return
    prepare(out_dir=folder / "export", **given)
    export = CellucidExport(folder / "export")
    found = export.genes if as_genes else export.obs
    assert list(found) == (names[::-1] if as_genes else names)
    for column, name in enumerate(names):
        np.testing.assert_array_equal(found[name].values, values[:, column].astype(np.float64))


def test_nothing_is_imported_before_it_is_needed() -> None:
    program = "import karospace_stream, sys; karospace_stream.prepare; assert 'anndata' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)

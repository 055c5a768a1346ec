"""Exports into the cache: made once, found again, made anew when something changed."""

from __future__ import annotations

import json
import urllib.request
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import dask.array
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.preview.cached import cached_export
from karospace_stream.runtime.events import Event, Note
from karospace_stream.targets.local.cache import FOLDER_VARIABLE, open_cache


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def make(**changes: Any) -> anndata.AnnData:
    rng = np.random.default_rng(3)
    expression = sparse.random(60, 8, 0.4, "csr", dtype=np.float32, random_state=rng)
    obs = pd.DataFrame({"kind": pd.Categorical(["a", "b", "c"] * 20)}, index=[f"c{i}" for i in range(60)])
    adata = anndata.AnnData(expression, obs=obs, var=pd.DataFrame(index=[f"g{i}" for i in range(8)]))
    adata.obsm["X_umap"] = rng.normal(size=(60, 2))
    adata.obsm["X_pca"] = rng.normal(size=(60, 6))
    adata.obsp["connectivities"] = sparse.random(60, 60, 0.1, "csr", random_state=rng)
    return adata


def kept(source: Any, **options: Any) -> Path:
    found = cached_export(source, **options)
    found.release()
    return found.folder


def test_a_file_is_exported_once(tmp_path: Path) -> None:
    make().write_h5ad(tmp_path / "a.h5ad")
    first = kept(tmp_path / "a.h5ad")
    made = (first / "atlas.json").stat().st_mtime_ns
    assert kept(str(tmp_path / "a.h5ad")) == first
    assert (first / "atlas.json").stat().st_mtime_ns == made
    [entry] = open_cache().entries()
    assert entry.source == str(tmp_path / "a.h5ad")
    on_disk = sum(file.stat().st_size for file in first.rglob("*") if file.is_file())
    assert on_disk - 10_000 < entry.nbytes <= on_disk  # but for the report


def test_a_changed_file_and_other_options_are_exported_anew(tmp_path: Path) -> None:
    make().write_h5ad(tmp_path / "a.h5ad")
    folders = {kept(tmp_path / "a.h5ad"), kept(tmp_path / "a.h5ad", genes="top_mean:3")}
    adata = make()
    adata.obs["more"] = 1.5
    adata.write_h5ad(tmp_path / "a.h5ad")
    folders.add(kept(tmp_path / "a.h5ad"))
    assert len(folders) == 3
    genes = tmp_path / "genes.txt"
    genes.write_text("g1\n")
    folders.add(kept(tmp_path / "a.h5ad", genes=f"list:{genes}"))
    genes.write_text("g2\ng3\n")
    folders.add(kept(tmp_path / "a.h5ad", genes=f"list:{genes}"))
    assert len(folders) == 5


def test_how_it_is_made_is_no_other_export(tmp_path: Path) -> None:
    make().write_h5ad(tmp_path / "a.h5ad")
    plain = kept(tmp_path / "a.h5ad")
    assert kept(tmp_path / "a.h5ad", memory="1GB", workers=1, scheduler="sync", strategy="spill") == plain


@pytest.mark.parametrize(
    ("n_genes", "layers", "words"),
    [
        (0, {}, 'has no genes: only columns and coordinates are shown, as with genes="none"'),
        (3, {}, 'has no X: only columns and coordinates are shown, as with genes="none"'),
        (3, {"counts": np.ones((60, 3))}, "use the layer 'counts' with layer=\"counts\""),
    ],
)
@pytest.mark.few(2)
def test_what_has_no_genes_is_shown_without(
    n_genes: int, layers: dict[str, Any], words: str, tmp_path: Path
) -> None:
    whole = make()
    adata = anndata.AnnData(
        np.ones((60, 0)) if not n_genes else None,
        obs=whole.obs,
        var=pd.DataFrame(index=[f"g{i}" for i in range(n_genes)]),
        obsm={"X_umap": whole.obsm["X_umap"]},
        layers=layers,
    )
    source = tmp_path / "a.h5ad"
    adata.write_h5ad(source)
    for _ in range(2):  # the second time it is there
        heard: list[Event] = []
        with karospace_stream.serve(source, port=0, listener=heard.append) as server:
            server.complete()
            atlas = json.loads(urllib.request.urlopen(server.url + "atlas.json").read())
        assert (atlas["n_cells"], atlas["n_genes"]) == (60, 0)
        assert [column["name"] for column in atlas["columns"]] == ["kind"]
        [note] = [event.text for event in heard if isinstance(event, Note) and "are shown" in event.text]
        assert words in note
    with pytest.raises(BadInputError, match="--genes none"):  # who asks for genes is told that there are none
        cached_export(source, genes="all")
    if layers:
        assert json.loads((kept(source, layer="counts") / "atlas.json").read_text())["n_genes"] == 3


def recolour(adata: anndata.AnnData) -> None:
    adata.uns["kind_colors"] = ["#ff0000", "#00ff00", "#0000ff"]


def rename_cell(adata: anndata.AnnData) -> None:
    adata.obs_names = ["other", *adata.obs_names[1:]]


def rename_gene(adata: anndata.AnnData) -> None:
    adata.var_names = ["other", *adata.var_names[1:]]


def move_value(adata: anndata.AnnData) -> None:
    adata.X = sparse.csr_matrix((adata.X.data, adata.X.indices[::-1].copy(), adata.X.indptr), adata.X.shape)


def change_value(adata: anndata.AnnData) -> None:
    adata.X.data[0] += 1


def move_cell(adata: anndata.AnnData) -> None:
    adata.obsm["X_umap"][5, 1] += 1e-3


def move_fifth_axis(adata: anndata.AnnData) -> None:
    adata.obsm["X_pca"][7, 4] += 1e-3


def change_edge(adata: anndata.AnnData) -> None:
    adata.obsp["connectivities"].data[9] += 1


def relabel(adata: anndata.AnnData) -> None:
    adata.obs["kind"] = adata.obs["kind"].cat.rename_categories({"a": "z"})


def unlabel(adata: anndata.AnnData) -> None:
    adata.obs.iloc[3, 0] = None


@pytest.mark.parametrize(
    "change",
    [
        recolour,
        rename_cell,
        rename_gene,
        move_value,
        change_value,
        move_cell,
        move_fifth_axis,
        change_edge,
        relabel,
        unlabel,
    ],
)
def test_an_object_is_known_by_what_it_holds(change: Callable[[anndata.AnnData], None]) -> None:
    first = kept(make())
    assert kept(make()) == first, "another object with the same content"
    changed = make()
    change(changed)
    assert kept(changed) != first


@pytest.mark.parametrize("kind", ["csc", "dense", "in columns", "dask", "dask sparse"])
def test_every_kind_of_matrix_is_hashed(kind: str) -> None:
    def build(bump: float) -> anndata.AnnData:
        adata = make()
        adata.X.data[7] += bump
        plain = adata.X.toarray()
        adata.X = {
            "csc": lambda: sparse.csc_matrix(plain),
            "dense": lambda: plain,
            "in columns": lambda: np.asfortranarray(plain),
            "dask": lambda: dask.array.from_array(plain, chunks=(20, 8)),
            "dask sparse": lambda: dask.array.from_array(plain, chunks=(20, 8)).map_blocks(sparse.csr_matrix),
        }[kind]()
        return adata

    first = kept(build(0))
    assert kept(build(0)) == first
    assert kept(build(1)) != first


def test_a_matrix_that_nobody_asked_for_is_not_read() -> None:
    def read(block: object) -> np.ndarray[Any, Any]:
        raise RuntimeError("X was read")

    adata = make()
    chunks = dask.array.from_array(adata.X.toarray(), chunks=(20, 8))
    adata.X = chunks.map_blocks(read, dtype=np.float32, meta=np.empty((0, 0), np.float32))
    first = kept(adata, format="cellucid", genes="none")
    move_cell(adata)
    assert kept(adata, format="cellucid", genes="none") != first
    with pytest.raises(RuntimeError, match="X was read"):
        kept(adata, format="cellucid")


def test_a_failed_export_leaves_nothing(tmp_path: Path, cache: Path) -> None:
    make().write_h5ad(tmp_path / "a.h5ad")
    with pytest.raises(BadOptionError):
        cached_export(tmp_path / "a.h5ad", anno="no such column")
    assert open_cache().entries() == []
    assert not list(cache.glob("*/.export*"))
    assert open_cache().clear() == []
    assert not list(cache.glob("*/"))[1:]


def test_the_cache_is_the_only_target(tmp_path: Path) -> None:
    for format in (["karospace", "cellucid"], f"karospace={tmp_path / 'own'}"):
        with pytest.raises(BadOptionError, match="the cache is the target"):
            cached_export(make(), format=format)


def test_serving_holds_the_export_until_it_stops(tmp_path: Path) -> None:
    adata = make()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # consolidated metadata is no standard yet, and soon all is v3
        with anndata.settings.override(zarr_write_format=3, auto_shard_zarr_v3=False):
            adata.write_zarr(tmp_path / "a.zarr")
    with karospace_stream.serve(tmp_path / "a.zarr", port=0, genes="top_mean:2") as server:
        server.complete()
        assert server.location.endswith("export")
        assert [entry.in_use for entry in open_cache().entries()] == [True]
        assert open_cache().clear() == []
    assert [entry.in_use for entry in open_cache().entries()] == [False]
    assert len(open_cache().clear()) == 1

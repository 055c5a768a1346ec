"""MuData are read: one modality, or several at once."""

from __future__ import annotations

import gzip
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import h5py
import numpy as np
import pytest
import zarr
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.inputs.open import open_input
from karospace_stream.model.matrix import DenseBlock
from karospace_stream.options.general.inputs import InputOptions
from tests.inputs.kinds.mudata.conftest import Several, dense, modality, partly, several
from tests.source.remote.servers import serving

Write = Callable[..., Path]
LAYOUTS = [("csr", "csr"), ("csr", "dense"), ("dense", "dense"), ("csc", "csc")]


def opened(path: Path | str, *modalities: str) -> Any:
    return pickle.loads(pickle.dumps(open_input(path, InputOptions(modality=modalities))))


def rows_of(reader: Any, start: int, stop: int) -> Any:
    block = reader.read_rows(start, stop)
    if isinstance(block, DenseBlock):
        return block.data
    arrays = (block.data, block.indices, block.indptr)
    return sparse.csr_matrix(arrays, (stop - start, reader.info.shape[1])).toarray()


def genes_of(reader: Any, start: int, stop: int) -> Any:
    band = reader.read_genes(start, stop)
    return sparse.csc_matrix((band.data, band.rows, band.indptr), (band.n_cells, stop - start)).toarray()


def labels(column: Any) -> list[str]:
    return [column.categories[code] for code in column.values]


@pytest.mark.parametrize("suffix", ["h5mu", "zarr"])
def test_one_modality(suffix: str, same: Several, written: Write) -> None:
    source = opened(written(same, suffix), "atac")
    atac, catalog = same.mod["atac"], source.catalog
    assert (catalog.kind, catalog.findings, catalog.unreadable) == ("MuData", (), ())
    assert source.var_names().tolist() == atac.var_names.tolist()
    assert source.obs_names(5, 9).tolist() == atac.obs_names[5:9].tolist()
    np.testing.assert_array_equal(rows_of(source.matrix("X"), 3, 20), dense(atac.X)[3:20])
    assert [each.name for each in catalog.obs] == ["depth", "passed", "leiden", "batch", "rna:leiden"]
    assert labels(source.obs_column("leiden", 0, 60)) == atac.obs["leiden"].tolist()
    assert labels(source.obs_column("batch", 0, 60)) == same.whole.obs["batch"].tolist()
    assert {each.key for each in catalog.obsm} == {"X_umap", "X_wnn"}
    assert set(catalog.obsp) == {"connectivities", "wnn"}
    np.testing.assert_array_equal(source.obsm("X_wnn", 0, 60, 2), same.whole.obsm["X_wnn"])


def test_own_columns_come_before_those_of_the_mudata(same: Several, written: Write) -> None:
    source = opened(written(same), "rna")
    assert [each.name for each in source.catalog.obs] == ["depth", "passed", "leiden", "batch"]
    assert labels(source.obs_column("leiden", 0, 60)) == same.mod["rna"].obs["leiden"].tolist()


@pytest.mark.parametrize("name", ["rna", "prot"])
def test_one_modality_of_fewer_cells(name: str, written: Write) -> None:
    data = partly("csr", "dense")
    source = opened(written(data), name)
    own = data.mod[name]
    cells = data.whole.obs_names.get_indexer(own.obs_names)
    assert source.obs_names(0, 50).tolist() == own.obs_names.tolist()
    assert labels(source.obs_column("batch", 7, 31)) == data.whole.obs["batch"].iloc[cells[7:31]].tolist()
    np.testing.assert_array_equal(source.obsm("X_wnn", 7, 31, 2), data.whole.obsm["X_wnn"][cells[7:31]])
    assert [key for key, _ in source.catalog.unreadable] == ["obsp/wnn"]


def test_the_usual_one_is_taken(same: Several, written: Write) -> None:
    path = written(same)
    source = opened(path)
    assert source.catalog.n_genes == 30
    (finding,) = source.catalog.findings
    assert (finding.code, finding.option, finding.value) == ("one-modality", "modality", "all")
    assert finding.text == "of the modalities rna, atac, only rna is exported"
    same.mod = {"first": same.mod["atac"], "second": same.mod["rna"]}
    same.maps = {"first": same.maps["atac"], "second": same.maps["rna"]}
    path.unlink()
    assert opened(written(same)).catalog.n_genes == 40


@pytest.mark.parametrize("suffix", ["h5mu", "zarr"])
def test_all_at_once(suffix: str, same: Several, written: Write) -> None:
    source = opened(written(same, suffix), "all")
    catalog = source.catalog
    assert (catalog.n_cells, catalog.n_genes, catalog.findings) == (60, 70, ())
    np.testing.assert_array_equal(rows_of(source.matrix("X"), 0, 60), same.joined())
    np.testing.assert_array_equal(
        rows_of(source.matrix("layers/counts"), 0, 60), same.joined() * np.float32(3)
    )
    assert source.var_names().tolist() == [name for each in same.mod.values() for name in each.var_names]
    assert labels(source.var_column("modality")) == ["rna"] * 30 + ["atac"] * 40
    mean = np.concatenate([each.var["mean"] for each in same.mod.values()])
    np.testing.assert_array_equal(source.var_column("mean").values, mean)
    variable = source.var_column("highly_variable")
    assert variable.values[:30].tolist() == [True, False] * 15
    assert variable.missing.tolist() == [False] * 30 + [True] * 40
    names = ["batch", "rna:leiden", "rna:depth", "rna:passed", "atac:depth", "atac:passed", "atac:leiden"]
    assert [each.name for each in catalog.obs] == names
    assert labels(source.obs_column("rna:leiden", 0, 3)) == ["global"] * 3
    np.testing.assert_array_equal(
        source.obs_column("atac:depth", 5, 9).values, same.mod["atac"].obs["depth"][5:9]
    )
    assert {each.key for each in catalog.obsm} == {"X_wnn", "X_rna:umap", "X_atac:umap"}
    assert set(catalog.obsp) == {"wnn", "rna:connectivities", "atac:connectivities"}
    assert source.uns_colors("atac:leiden") is not None


@pytest.mark.parametrize("layouts", LAYOUTS, ids=str)
def test_the_cells_that_are_in_all(layouts: Any, written: Write) -> None:
    data = partly(*layouts)
    source = opened(written(data), "prot", "rna")
    wanted, common = data.joined(), data.common()
    reader = source.matrix("X")
    assert source.catalog.n_cells == len(common) == 40
    (finding,) = source.catalog.findings
    assert finding.text.startswith("40 of 60 cells are in all of the modalities rna, prot")
    assert source.obs_names(0, 40).tolist() == data.whole.obs_names[common].tolist()
    assert source.var_names()[[0, 31, 32]].tolist() == ["rna:CD3E", "CD4", "prot:CD3E"]
    if layouts[0] == "csc":
        np.testing.assert_array_equal(genes_of(reader, 0, 34), wanted)
        np.testing.assert_array_equal(genes_of(reader, 29, 33), wanted[:, 29:33])
    else:
        np.testing.assert_array_equal(rows_of(reader, 0, 40), wanted)
        np.testing.assert_array_equal(rows_of(reader, 13, 22), wanted[13:22])
        stored = reader.count_before(np.arange(41))
        block = reader.read_rows(0, 40)
        assert isinstance(block, DenseBlock) or stored.tolist() == block.indptr.tolist()
    leiden = data.mod["prot"].obs["leiden"].iloc[data.rows("prot")]
    assert labels(source.obs_column("prot:leiden", 3, 30)) == leiden.tolist()[3:30]
    umap = data.mod["prot"].obsm["X_umap"][data.rows("prot")]
    np.testing.assert_array_equal(source.obsm("X_prot:umap", 3, 30, 2), umap[3:30])
    assert source.catalog.obsp == ()


@pytest.mark.parametrize("layouts", LAYOUTS, ids=str)
def test_an_export_is_verified(layouts: Any, written: Write, tmp_path: Path) -> None:
    data = partly(*layouts)
    karospace_stream.export(written(data), tmp_path / "out", modality="all")
    assert karospace_stream.verify(tmp_path / "out")


@pytest.mark.parametrize("genes", ["all", "list:names.txt"])
def test_a_bundle_says_which_gene_is_of_which_modality(
    genes: str, written: Write, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("names.txt").write_text("prot:CD3E\ng7\ng3\nCD4\n")
    path = written(partly("csr", "dense"))
    plan = karospace_stream.plan_export(path, modality="all")
    assert "modality" not in " ".join(map(str, plan.left_out))
    karospace_stream.export(path, "all", modality="all", genes=genes)
    karospace_stream.export(path, "one", modality="rna")
    table = json.loads(gzip.decompress(Path("all/assets/genes.json.gz").read_bytes()))
    groups = table["groups"]
    assert groups["column"] == "modality"
    of = dict(zip(table["name"], (groups["names"][code] for code in groups["codes"]), strict=True))
    assert [of[name] for name in ("prot:CD3E", "g7", "g3", "CD4")] == ["prot", "rna", "rna", "prot"]
    assert "groups" not in json.loads(gzip.decompress(Path("one/assets/genes.json.gz").read_bytes()))


def test_the_same_bytes_whatever_the_budget(written: Write, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    path = written(partly("csr", "dense"))
    for name, strategy in (("a", "memory"), ("b", "spill")):
        karospace_stream.export(path, tmp_path / name, modality="all", strategy=strategy, scheduler="sync")
    names = sorted(each.relative_to(tmp_path / "a") for each in (tmp_path / "a").rglob("*.gz"))
    assert names
    assert all((tmp_path / "a" / each).read_bytes() == (tmp_path / "b" / each).read_bytes() for each in names)


def test_without_maps_cells_are_found_by_their_names(written: Write) -> None:
    """As in files of mudata 0.1."""
    data = partly("csr", "csr")
    path = written(data)
    with h5py.File(path, "a") as root:
        del root["obsmap"], root["mod"].attrs["mod-order"], root.attrs["encoding-type"]
    source = opened(path, "all")
    at_once = np.hstack([dense(data.mod[name].X)[data.rows(name)] for name in ("prot", "rna")])
    np.testing.assert_array_equal(rows_of(source.matrix("X"), 0, 40), at_once)


def test_columns_of_different_kinds_stay_apart(same: Several, written: Write) -> None:
    same.mod["atac"].var["mean"] = "text"
    var = opened(written(same), "all").catalog.var
    kinds = {each.name: each.kind for each in var}
    assert (kinds["rna:mean"], kinds["atac:mean"], "mean" in kinds) == ("float", "string", False)


def refusal(kind: type[Exception], path: Path | str, *modalities: str) -> str:
    with pytest.raises(kind) as caught:
        opened(path, *modalities)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    return sentence


def test_a_modality_that_is_not_there(same: Several, written: Write) -> None:
    sentence = refusal(BadOptionError, written(same), "atacs")
    assert sentence.endswith("has no modality 'atacs'; it has rna, atac; did you mean 'atac'?")


def test_a_modality_of_an_anndata(same: Several, tmp_path: Path) -> None:
    same.mod["rna"].write_h5ad(tmp_path / "a.h5ad")
    assert refusal(BadOptionError, tmp_path / "a.h5ad", "rna").endswith("is an AnnData; leave it out")


@pytest.mark.parametrize("option", ["modality", "feature_type"])
def test_an_empty_list_chooses_nothing(option: str, same: Several, written: Write, tmp_path: Path) -> None:
    choice: dict[str, Any] = {option: []}
    words = f"{option}=? must name at least one, got an empty list"
    with pytest.raises(BadOptionError, match=words) as refused:
        karospace_stream.export(written(same), tmp_path / "out.zarr", format="anndata", **choice)
    assert "\n" not in str(refused.value)


def test_no_cell_in_common(written: Write) -> None:
    cells = [f"cell{i}" for i in range(20)]
    mod = {"rna": modality(1, cells[:9], ["a", "b"]), "prot": modality(2, cells[9:], ["c", "d"])}
    path = written(several(mod, cells))
    assert "is in all of the modalities rna, prot; choose one" in refusal(BadOptionError, path, "all")
    assert opened(path, "prot").catalog.n_cells == 11


@pytest.mark.parametrize("layouts", [("csr", "csc"), ("csc", "dense")], ids=str)
@pytest.mark.parametrize("layer", [None, "counts"])
def test_different_orders_are_sorted_through_scratch(
    layer: str | None, layouts: Any, written: Write, tmp_path: Path
) -> None:
    data = partly(*layouts)
    path = written(data)
    assert opened(path, "all").preparation is not None
    karospace_stream.export(path, tmp_path / "out.zarr", modality="all", format="anndata", layer=layer)
    found = anndata.read_zarr(tmp_path / "out.zarr")
    wanted = data.joined() * np.float32(3 if layer else 1)
    np.testing.assert_array_equal(dense(found.X), wanted)
    assert found.obs_names.tolist() == data.whole.obs_names[data.common()].tolist()
    assert karospace_stream.verify(tmp_path / "out.zarr", source=path)


LIES = {
    "beyond": (lambda each: np.where(each == 1, 51, each), "names the row 51, but the modality has 50"),
    "twice": (lambda each: np.where(each == 2, 1, each), "names a cell of the modality twice"),
    "fewer": (
        lambda each: np.where(each == 2, 0, each),
        "must name each of the 50 cells of the modality, but names 49",
    ),
    "short": (
        lambda each: each[1:],
        "must be a whole number for each of the 60 cells, got uint32 of shape (59,)",
    ),
    "text": (lambda each: each.astype(float), "must be a whole number for each of the 60 cells, got float64"),
}


@pytest.mark.parametrize("name", LIES)
@pytest.mark.parametrize("modality", ["rna", "all"])
def test_maps_that_lie(modality: str, name: str, written: Write) -> None:
    data = partly("csr", "csr")
    lie, words = LIES[name]
    data.maps["rna"] = lie(data.maps["rna"])
    path = written(data)
    assert words in refusal(BadInputError, path, modality)


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ("mod", "is a MuData without a modality"),
        ("mod/rna/obs", "the modality 'rna' of"),
        ("mod/rna/X", "its X is missing"),
        ("obs", "obs of"),
    ],
)
def test_parts_that_are_missing(gone: str, words: str, same: Several, written: Write) -> None:
    path = written(same)
    with h5py.File(path, "a") as root:
        del root[gone]
    assert words in refusal(BadInputError, path, "all")


SHORT = {
    "obsm/X_wnn": "obsm/X_wnn",
    "mod/rna/obs/depth": "obs/depth",
    "mod/rna/obsm/X_umap": "obsm/X_umap",
    "mod/rna/layers/counts": "layers/counts",
    "obsp/wnn": "obsp/wnn",
    "mod/rna/obsp/connectivities": "obsp/connectivities",
}


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("path", SHORT)
def test_parts_with_too_few_rows_are_left_out(
    path: str, at_once: bool, same: Several, written: Write, tmp_path: Path
) -> None:
    made = written(same)
    with h5py.File(made, "a") as file:
        if path in file:
            del file[path]
        file[path] = np.ones((3,) if "/obs/" in path else (3, 2))
    source = opened(made, *(["all"] if at_once else ["rna"]))
    name = SHORT[path]
    if at_once and path.startswith("mod"):
        group, _, key = name.partition("/")
        name = f"{group}/rna:{key}"
    assert name in dict(source.catalog.unreadable)
    assert "3" in dict(source.catalog.unreadable)[name]
    karospace_stream.export(
        made, tmp_path / "out.zarr", format="anndata", modality="all" if at_once else "rna"
    )


def test_a_truncated_file(same: Several, written: Write) -> None:
    path = written(same)
    path.write_bytes(path.read_bytes()[:-3000])
    assert "is truncated" in refusal(BadInputError, path)


@pytest.mark.parametrize("suffix", ["h5mu", "zarr"])
def test_ranges_of_a_url(suffix: str, written: Write) -> None:
    data = partly("csr", "dense")
    path = written(data, suffix)
    if suffix == "zarr":
        zarr.consolidate_metadata(path)
    with serving() as web:
        url = web.put_folder(path) if path.is_dir() else web.put(path)
        source = opened(f"{web.address}/{path.name}", "all") if path.is_dir() else opened(url, "all")
        np.testing.assert_array_equal(rows_of(source.matrix("X"), 0, 40), data.joined())


def test_a_real_file() -> None:
    path = Path(__file__).parents[5] / "shared" / "data" / "muon_rna_atac.h5ad"
    if not path.exists():
        pytest.skip(f"the shared test data is not at {path.parent}")
    source = opened(path, "all")
    assert (source.catalog.n_cells, source.catalog.n_genes) == (1000, 219)
    with h5py.File(path) as root:
        nodes = [root["mod"][name]["X"] for name in ("atac", "rna")]
        arrays = [
            sparse.csr_matrix((x["data"][:], x["indices"][:], x["indptr"][:]), x.attrs["shape"])
            for x in nodes
        ]
    np.testing.assert_array_equal(rows_of(source.matrix("X"), 0, 1000), sparse.hstack(arrays).toarray())

"""Columns of every kind, in h5ad, both versions of Zarr, and memory."""

from __future__ import annotations

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import pytest
import zarr

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source


def every_kind(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    holes = rng.random(n) < 0.3
    numbers = rng.integers(0, 5, n)

    def with_holes(values, dtype):
        return pd.array(
            [None if hole else value for hole, value in zip(holes, values, strict=True)], dtype=dtype
        )

    codes = np.where(holes, -1, numbers)
    categories = {
        "text": list("abcde"),
        "int": [10, 20, 30, 40, 50],
        "float": [0.5, 1.0, 1e20, -2.25, 0.1],
        "bool": [True, False],
        "unicode": ["β-cell", "T 😀", "", "a/b", "__proto__"],
    }
    columns = {
        **{name: rng.integers(0, 100, n).astype(name) for name in ("int8", "uint16", "int64", "uint64")},
        **{name: rng.random(n).astype(name) for name in ("float16", "float32", "float64")},
        "float with holes": np.where(holes, np.nan, 1.5),
        "bool": holes,
        "text": [f"cell ü {i}" for i in range(n)],
        "nullable int": with_holes(numbers, "Int16"),
        "nullable bool": with_holes(numbers > 2, "boolean"),
        "nullable text": with_holes([f"t{i}" for i in range(n)], "string"),
        **{
            f"category of {name}": pd.Categorical.from_codes(np.minimum(codes, len(values) - 1), values)
            for name, values in categories.items()
        },
        "ordered": pd.Categorical.from_codes(codes, list("edcba"), ordered=True),
        "all missing": pd.Categorical.from_codes(np.full(n, -1), []),
        "a.b[0] with/out": rng.random(n),
    }
    columns["a.b[0] with out"] = columns.pop("a.b[0] with/out")
    return pd.DataFrame(columns, index=[f"c{i}" for i in range(n)])


@pytest.fixture(scope="module", params=["h5ad", "zarr2", "zarr3", "memory", "view"])
def pair(request, tmp_path_factory, quietly, write_zarr):
    obs = every_kind()
    x = np.ones((len(obs), 3), "f4")
    obsm = {
        "frame": pd.DataFrame(
            {"x": np.arange(60), "name": ["n"] * 60, "y": np.arange(60) / 7}, index=obs.index
        ),
        "wide": np.random.default_rng(1).random((60, 50)),
        "small ints": np.arange(120, dtype="i2").reshape(60, 2),
        "halves": np.arange(120, dtype="f2").reshape(60, 2),
    }
    adata = quietly(ad.AnnData, x, obs, pd.DataFrame(index=["g", "g", ""]), obsm=obsm)
    kind, folder = request.param, tmp_path_factory.mktemp("columns")
    if kind == "memory":
        return open_source(adata), adata
    if kind == "view":
        part = quietly(lambda: adata[::-2])
        return quietly(open_source, part), part
    path = folder / f"x.{kind.rstrip('23')}"
    with ad.settings.override(allow_write_nullable_strings=True):
        if kind == "h5ad":
            quietly(adata.write_h5ad, path)
            with h5py.File(path, "a") as root:
                _write_as_it_is(root, obs)
        else:
            write_zarr(adata, path, int(kind[-1]))
            root = zarr.open_group(path, mode="a", use_consolidated=False)
            quietly(_write_as_it_is, root, obs)
            quietly(zarr.consolidate_metadata, root.store)
    adata.obs = obs
    return open_source(path), adata


def _write_as_it_is(root, obs):
    """Writing a whole AnnData turns repeated text to categories."""
    del root["obs"]
    ad.io.write_elem(root, "obs", obs)


def test_every_column(pair, quietly):
    source, adata = pair
    n = adata.n_obs
    kinds = {info.name: info for info in source.catalog.obs}
    assert list(kinds) == list(adata.obs.columns)
    for name in adata.obs.columns:
        _assert_same(source.obs_column(name, 0, n), adata.obs[name], kinds[name])
        _assert_same(source.obs_column(name, 7, 19), adata.obs[name].iloc[7:19], kinds[name])


def _assert_same(column, wanted, info):
    assert column.kind == info.kind
    holes = wanted.isna().to_numpy(bool)
    if column.kind == "category":
        assert column.categories == tuple(wanted.cat.categories.astype(str))
        assert info.n_categories == len(column.categories)
        assert column.values.dtype == np.int32
        np.testing.assert_array_equal(column.values, wanted.cat.codes)
    elif column.kind == "float":
        assert column.missing is None
        assert str(column.values.dtype) == info.dtype == str(wanted.dtype)
        np.testing.assert_array_equal(column.values, wanted.to_numpy())
    else:
        missing = np.zeros(len(holes), bool) if column.missing is None else column.missing
        np.testing.assert_array_equal(missing, holes)
        assert column.values[~holes].tolist() == wanted.to_numpy(object)[~holes].tolist()
        if column.kind == "string":
            assert all(type(value) is str for value in column.values)
            assert all(value == "" for value in column.values[holes])
        else:
            assert str(column.values.dtype) == info.dtype


def test_kinds(pair):
    source, _ = pair
    kinds = {info.name: info.kind for info in source.catalog.obs}
    assert kinds["nullable int"] == kinds["int8"] == kinds["uint64"] == "integer"
    assert kinds["nullable bool"] == kinds["bool"] == "bool"
    assert kinds["nullable text"] == kinds["text"] == "string"
    assert kinds["float16"] == kinds["float with holes"] == "float"
    assert {kind for name, kind in kinds.items() if name.startswith("category")} == {"category"}


def test_names(pair):
    source, adata = pair
    assert source.obs_names(3, 9).tolist() == adata.obs_names[3:9].tolist()
    assert source.var_names().tolist() == ["g", "g", ""]


def test_embeddings(pair):
    source, adata = pair
    n = adata.n_obs
    infos = {info.key: info for info in source.catalog.obsm}
    assert {key: info.n_columns for key, info in infos.items()} == {
        "frame": 2,
        "wide": 50,
        "small ints": 2,
        "halves": 2,
    }
    np.testing.assert_array_equal(
        source.obsm("frame", 2, n, 5), adata.obsm["frame"][["x", "y"]].to_numpy()[2:]
    )
    np.testing.assert_array_equal(source.obsm("wide", 5, 11, 2), adata.obsm["wide"][5:11, :2])
    for key, dtype in (("frame", "f8"), ("wide", "f8"), ("small ints", "f4"), ("halves", "f4")):
        part = source.obsm(key, 0, n, 2)
        assert part.dtype == dtype
        assert part.flags.c_contiguous
        np.testing.assert_array_equal(
            part, np.asarray(adata.obsm[key])[:, [0, -1]] if key == "frame" else part
        )


def test_odd_entries_do_not_stop_the_rest(tmp_path, quietly):
    adata = ad.AnnData(np.ones((4, 2), "f4"), obs=pd.DataFrame({"good": range(4)}, index=list("abcd")))
    adata.obsm["good"] = np.ones((4, 2))
    adata.layers["good"] = np.ones((4, 2), "f4")
    path = tmp_path / "odd.h5ad"
    quietly(adata.write_h5ad, path)
    with h5py.File(path, "a") as root:
        root["obsm/text"] = np.array([[b"a", b"b"]] * 4)
        root["obsm/cube"] = np.ones((4, 2, 2))
        root["obsm/short"] = np.ones((3, 2))
        root.create_group("obsm/unknown").attrs["encoding-type"] = "awkward-array"
        root["layers/complex"] = np.ones((4, 2), "c8")
        root["layers/narrow"] = np.ones((4, 1), "f4")
        root["obs/complex"] = np.ones(4, "c8")
        root["obs/short"] = np.ones(3)
        root["obs/table"] = np.ones((4, 2))
        root["obs"].attrs["column-order"] = ["good", "complex", "short", "table", "nowhere"]
    source = open_source(path)
    catalog = source.catalog
    assert [info.name for info in catalog.obs] == ["good"]
    assert [info.key for info in catalog.obsm] == ["good"]
    assert [info.name for info in catalog.layers] == ["layers/good"]
    assert {key for key, _ in catalog.unreadable} == {
        *(f"obsm/{key}" for key in ("text", "cube", "short", "unknown")),
        *(f"obs/{key}" for key in ("complex", "short", "table", "nowhere")),
        "layers/complex",
        "layers/narrow",
    }
    assert all(why for _, why in catalog.unreadable)
    with pytest.raises(BadInputError, match=r"cube.*cannot be read.*shape \(4, 2, 2\)"):
        source.obsm("cube", 0, 4, 2)
    with pytest.raises(BadInputError, match=r"no column 'nix'; it has good"):
        source.obs_column("nix", 0, 4)
    with pytest.raises(BadInputError, match=r"no matrix 'layers/nix'; it has X, layers/good"):
        source.matrix("layers/nix")


def test_a_code_beyond_the_categories_is_damage(tmp_path, quietly):
    obs = pd.DataFrame({"c": pd.Categorical(list("abca"))}, index=list("wxyz"))
    quietly(ad.AnnData(np.ones((4, 1), "f4"), obs=obs).write_h5ad, path := tmp_path / "codes.h5ad")
    with h5py.File(path, "a") as root:
        root["obs/c/codes"][2] = 3
    with pytest.raises(BadInputError, match=r"obs/c/codes holds the code 3 in rows 1 to 4.*3 categories"):
        open_source(path).obs_column("c", 1, 4)
    assert open_source(path).obs_column("c", 0, 2).values.tolist() == [0, 1]

"""Columns and colours whose values prove damaged: left out with a note, or the way out is named."""

from __future__ import annotations

import pickle

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import pytest
import zarr

from karospace_stream import export, plan_export
from karospace_stream.errors import BadInputError, DamagedError
from karospace_stream.source import open_source

FORMATS = ["karospace", "cellucid", "anndata"]
LATIN = np.array([b"caf\xe9", b"the", b"caf\xe9", b"the"], object)


@pytest.fixture
def path(tmp_path):
    kinds = {"kind": pd.Categorical(list("abab")), "other": pd.Categorical(list("ccdd"))}
    obs = pd.DataFrame(kinds | {"number": np.arange(4.0)}, index=list("wxyz"))
    adata = ad.AnnData(np.ones((4, 2), "f4"), obs=obs)
    adata.obsm["spatial"] = np.arange(8.0).reshape(4, 2)
    adata.uns |= {"kind_colors": ["#ff0000", "#00ff00"], "other_colors": ["#0000ff", "#00ffff"]}
    adata.write_h5ad(path := tmp_path / "damaged.h5ad")
    return path


def replace(path, key, values):
    with h5py.File(path, "r+") as root:
        about = dict(root[key].attrs) if key in root else {}
        if key in root:
            del root[key]
        else:
            root["obs"].attrs["column-order"] = [*root["obs"].attrs["column-order"], key.partition("/")[2]]
        root.create_dataset(key, data=values, dtype=h5py.string_dtype() if values.dtype == object else None)
        root[key].attrs.update(about)


def unreadable(made):
    return [found.text for found in made.findings if found.code == "unreadable"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("key", "values", "part", "words"),
    [
        ("obs/text", LATIN, "obs:text", r"text must be UTF-8, got b'caf\xe9'"),
        ("obs/kind/categories", LATIN[:2], "obs:kind", r"text must be UTF-8, got b'caf\xe9'"),
        ("obs/kind/codes", np.array([7, 1, 0, 1], "u1"), "obs:kind", "holds the code 7 in rows"),
        ("obs/kind/categories", np.array(["a", "a"], object), "obs:kind", "holds 'a' more than once"),
    ],
)
def test_a_column_is_left_out_with_the_reason(path, tmp_path, name, key, values, part, words):
    replace(path, key, values)
    with h5py.File(path, "r+") as root:
        del root["uns/kind_colors"]  # or the AnnData format needs no look at the column before it runs
    report = export(path, tmp_path / "out", format=name, anno="all")
    (text,) = unreadable(report)
    assert text.startswith(f"{part} is left out: cannot be read: ")
    assert words in text
    assert str(path) not in text
    (left,) = (each for each in report.left_out[name] if each.part == part)
    assert not left.by_user


@pytest.mark.parametrize("name", ["karospace", "anndata"])  # Cellucid has no colours
def test_colours_are_left_out_with_the_reason(path, tmp_path, name):
    replace(path, "uns/kind_colors", np.array([b"\xff", b"#00ff00"], object))
    report = export(path, tmp_path / "out", format=name, anno="all")
    assert unreadable(report) == [
        r"uns:kind_colors is left out: cannot be read: text must be UTF-8, got b'\xff'"
    ]
    if name == "anndata":
        uns = zarr.open_group(tmp_path / "out", mode="r")["uns"]
        assert "kind_colors" not in uns
        assert uns["other_colors"][:].tolist() == ["#0000ff", "#00ffff"]


def test_many_are_left_out(path):
    for number in range(5):
        replace(path, f"obs/text{number}", LATIN)
    (text,) = unreadable(plan_export(path, anno="all"))
    assert text.startswith("obs:text0, obs:text1, obs:text2, obs:text3, obs:text4 are left out: ")


@pytest.mark.parametrize(
    "options",
    [{"anno": ["kind"]}, {"arrange_by": "kind"}, {"format": "cellucid", "anno": ["kind"]}],
)
def test_a_column_that_is_asked_for_ends_it(path, options):
    replace(path, "obs/kind/codes", np.array([7, 1, 0, 1], "i1"))
    with pytest.raises(
        BadInputError, match=r"holds the code 7 .*; leave it out with leave_out=\"obs:kind\"$"
    ):
        plan_export(path, **options)


def test_the_way_out_is_named(path):
    replace(path, "obs/kind/codes", np.array([7, 1, 0, 1], "i1"))
    with pytest.raises(DamagedError) as caught:
        plan_export(path, anno=["kind"])
    assert str(caught.value).endswith('the column is damaged; leave it out with leave_out="obs:kind"')
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert not unreadable(plan_export(path, anno="all", leave_out=["obs:kind"]))


def test_damage_that_the_run_finds_names_it_too(path, tmp_path):
    replace(path, "obs/kind/codes", np.array([0, 1, 0, 7], "i1"))  # planning reads the first row
    with pytest.raises(BadInputError, match=r"the code 7 .*; leave it out with leave_out=\"obs:kind\"$"):
        export(path, tmp_path / "out", format="anndata")
    export(path, tmp_path / "out", format="anndata", leave_out=["obs:kind"])


def test_an_array_of_uns_that_is_asked_for(path, tmp_path):
    replace(path, "uns/kind_colors", np.array([b"\xff", b"#00ff00"], object))
    with pytest.raises(BadInputError, match=r"UTF-8, .* leave_out=\"uns:kind_colors\"$"):
        export(path, tmp_path / "out", format="anndata", uns=["kind_colors"])


def test_a_column_of_a_table_in_obsm(path):
    adata = ad.read_h5ad(path)
    adata.obsm["table"] = pd.DataFrame({"n": np.arange(4.0), "t": list("abab")}, index=adata.obs_names)
    adata.write_h5ad(path)
    replace(path, "obsm/table/t", LATIN)
    with pytest.raises(DamagedError, match=r"--leave-out obsm:table$"):
        open_source(path).obsm_column("table", "t", 0, 4)


def test_a_file_that_changed_is_not_damaged(path):
    source = open_source(path)
    replace(path, "obs/kind/codes", np.zeros(4, "i1"))
    with pytest.raises(BadInputError, match="changed") as caught:
        source.obs_column("kind", 0, 4)
    assert not isinstance(caught.value, DamagedError)

"""Lists of categories and codes that are none: refused as anndata does, or left out with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source

CODES = np.array([0, 1, 1, -1], "i1")


@pytest.fixture
def write(tmp_path, quietly):
    """A file whose column ``kind`` has the codes and the categories that are given."""

    def call(codes: Any, categories: Any, mask: Any = None) -> Path:
        obs = pd.DataFrame({"kind": pd.Categorical(["a", "b", "b", None])}, index=list("wxyz"))
        path = tmp_path / "x.h5ad"
        quietly(ad.AnnData(np.ones((4, 2), "f4"), obs=obs).write_h5ad, path)
        with h5py.File(path, "r+") as root:
            for name, values in (("codes", codes), ("categories", categories)):
                attributes = dict(root[f"obs/kind/{name}"].attrs)
                del root[f"obs/kind/{name}"]
                if name == "categories" and mask is not None:
                    values = {"values": values, "mask": mask}
                    root.create_group("obs/kind/categories")
                    for part, held in values.items():
                        root[f"obs/kind/categories/{part}"] = held
                    attributes |= {"encoding-type": "nullable-string-array", "encoding-version": "0.1.0"}
                else:
                    root[f"obs/kind/{name}"] = values
                    if name == "categories" and values.dtype.kind not in "SO":
                        attributes |= {"encoding-type": "array", "encoding-version": "0.2.0"}
                root[f"obs/kind/{name}"].attrs.update(attributes)
        return path

    return call


def read_ours(path: Path) -> list[str | None]:
    source = open_source(path)
    column = source.obs_column("kind", 0, source.catalog.n_cells)
    whole = source.obs_categories("kind").values
    assert [str(each) for each in whole.tolist()] == list(column.categories)
    return [None if code < 0 else column.categories[code] for code in column.values.tolist()]


GOOD = {
    "text": (CODES, np.array([b"a", b"b"])),
    "numbers": (CODES, np.array([10, 20])),
    "floats": (CODES, np.array([0.5, 2.0])),
    "booleans": (CODES, np.array([False, True])),
    "an empty name": (CODES, np.array([b"", b"b"])),
    "more than needed": (CODES, np.array([b"a", b"b", b"c"])),
    "codes of 64 bits": (CODES.astype("i8"), np.array([b"a", b"b"])),
    "codes without sign": (np.array([0, 1, 1, 0], "u8"), np.array([b"a", b"b"])),
    "a letter that stands for a lost one": (CODES, np.array(["a\ufffd", "b"], h5py.string_dtype())),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_ones_are_read_as_anndata_reads_them(write, quietly, name):
    path = write(*GOOD[name])
    wanted = quietly(ad.read_h5ad, path).obs["kind"]
    assert read_ours(path) == [None if each is np.nan else str(each) for each in wanted.astype(object)]


BAD = {
    "repeated text": (CODES, np.array([b"a", b"a"]), r"holds 'a' more than once"),
    "repeated numbers": (CODES, np.array([3, 3]), r"holds '3' more than once"),
    "no number": (CODES, np.array([np.nan, 1.0]), r"holds a missing value"),
    "no UTF-8": (CODES, np.array([b"a", b"\xe9"]), r"obs/kind/categories in .* must be UTF-8, got b'\\xe9'"),
    "code too high": (np.array([0, 1, 2, -1], "i1"), np.array([b"a", b"b"]), r"holds the code 2 in rows"),
    "code too low": (np.array([0, 1, -2, -1], "i1"), np.array([b"a", b"b"]), r"holds the code -2 in rows"),
    "code that wraps": (np.array([0, 1, 2**32, 1], "i8"), np.array([b"a", b"b"]), r"the code 4294967296"),
    "codes that are floats": (
        CODES.astype("f4"),
        np.array([b"a", b"b"]),
        r"codes must be whole numbers, got float32",
    ),
    "codes that are text": (
        CODES.astype("S2"),
        np.array([b"a", b"b"]),
        r"codes must be whole numbers, got object",
    ),
    "codes of two dimensions": (CODES[:, None], np.array([b"a", b"b"]), r"one dimension, .* \(4, 1\)"),
    "codes of another length": (CODES[:3], np.array([b"a", b"b"]), r"it has 3 rows, but obs has 4"),
    "a table of categories": (
        CODES,
        np.array([[b"a", b"b"]]),
        r"one list of .*, got object of shape \(1, 2\)",
    ),
    "a single value as categories": (CODES, np.array(b"ab"), r"must be a list .*, got a single value"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_ones_are_refused_as_by_anndata(write, quietly, name):
    codes, categories, words = BAD[name]
    path = write(codes, categories)
    if name != "codes of two dimensions":  # of which anndata makes a column that breaks when it is used
        with pytest.raises((ValueError, TypeError, AssertionError)):
            quietly(ad.read_h5ad, path)
    source = open_source(path)
    known = dict(source.catalog.unreadable)
    if "obs/kind" in known:  # seen when the file was opened: left out, with the reason
        with pytest.raises(BadInputError, match=words):
            raise BadInputError(known["obs/kind"])
    else:
        with pytest.raises(BadInputError, match=words):
            source.obs_column("kind", 0, 4)


def test_a_mask_of_missing_categories(write):
    """As anndata writes text with pandas 3."""
    names = np.array([b"a", b"b"])
    assert read_ours(write(CODES, names, np.zeros(2, bool))) == ["a", "b", "b", None]
    with pytest.raises(BadInputError, match="holds a missing value"):
        read_ours(write(CODES, names, np.array([False, True])))


def test_an_order_that_is_a_list(write):
    path = write(CODES, np.array([b"a", b"b"]))
    with h5py.File(path, "r+") as root:
        root["obs/kind"].attrs["ordered"] = [True, False]
    why = dict(open_source(path).catalog.unreadable)["obs/kind"]
    assert why == "its attribute 'ordered' must be true or false, got [ True False]"


@pytest.mark.parametrize("bad", [b"caf\xe9", b"\xff"])
def test_text_that_is_not_utf8(tmp_path, quietly, bad):
    """No other letter stands in for what cannot be read."""
    obs = pd.DataFrame({"name": list("abcd")}, index=list("wxyz"))
    quietly(ad.AnnData(np.ones((4, 2), "f4"), obs=obs).write_h5ad, tmp_path / "x.h5ad")
    with h5py.File(tmp_path / "x.h5ad", "r+") as root:
        root["obs/name"][2] = bad
    source = open_source(tmp_path / "x.h5ad")
    assert source.obs_column("name", 0, 2).values.tolist() == ["a", "b"]
    with pytest.raises(BadInputError, match=r"obs/name in .* cannot be read: text must be UTF-8"):
        source.obs_column("name", 0, 4)

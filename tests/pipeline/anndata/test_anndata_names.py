"""Names and texts of an AnnData store, beside anndata's own rules; keys that are no paths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from anndata.utils import make_index_unique

import karospace_stream
from karospace_stream.errors import BadInputError
from karospace_stream.formats.anndata.arrays import strings
from karospace_stream.formats.anndata.arrays.index import unique_names
from karospace_stream.formats.anndata.arrays.strings import distinct_texts, n_held, text_codes
from karospace_stream.formats.anndata.layout.identity import check_id, id_of
from karospace_stream.formats.anndata.layout.keys import StoredKeys, stored_keys
from karospace_stream.model.column import Column
from karospace_stream.targets.keys import is_inside


@pytest.mark.filterwarnings("ignore:Suffix used")
@pytest.mark.parametrize("seed", range(40))
def test_names_are_unique_as_anndata_makes_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pool = np.array(["a", "a-1", "a-1-1", "b", "a-2", "ü", "b-1", "c d"], object)
    names = rng.choice(pool[: rng.integers(1, len(pool) + 1)], rng.integers(1, 40)).astype(object)

    def read() -> Iterator[np.ndarray]:
        yield names[: len(names) // 3]
        yield names[len(names) // 3 :]

    renamed: list[tuple[str, str]] = []
    found = np.concatenate([*unique_names(len(names), read, "cell", renamed)]).tolist()
    assert found == make_index_unique(pd.Index(names)).tolist()
    assert len(set(found)) == len(found)
    assert len(renamed) == sum(new != old for new, old in zip(found, names.tolist(), strict=True))


@pytest.mark.parametrize("few", [2, 1000])
@pytest.mark.parametrize("seed", range(20))
def test_texts(seed: int, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strings, "_FEW", few)
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 60))
    values = np.array([f"v{i}" for i in range(n)], object)
    if seed % 3:
        values = rng.choice(values, n)
    missing = (rng.random(n) < 0.1) if seed % 2 else np.zeros(n, bool)
    values[missing] = ""

    def tiles() -> Iterator[Column]:
        for start in range(0, n, 7):
            part = slice(start, start + 7)
            yield Column("x", "string", values[part], missing[part])

    there = values[~missing].tolist()
    names = distinct_texts(tiles, n)
    if not missing.any() and len(set(there)) == n:
        assert names is None
        return
    assert names is not None
    assert names.tolist() == sorted(set(there))
    assert n_held(tiles, n) >= len(names) - 1
    codes = np.concatenate([*text_codes(tiles, names)])
    wanted = pd.Categorical(np.where(missing, None, values), categories=sorted(set(there))).codes
    np.testing.assert_array_equal(codes, wanted)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            ".",
            "..",
            "a/b",
            "/a",
            "a\\b",
            "a:b",
            'a"b',
            "a|b",
            "a?b",
            "a*b",
            "<a",
            "a>",
            "a\0",
            "a\n",
            "a\x7f",
            "COM¹",
        ),
        *(".zarray", "zarr.json", "a ", "a.", "con", "CON", "nul.txt", "com1", "lpt9.a.b", "x" * 256),
        *("é" * 128, "\ud800"),
    ],
)
def test_keys_that_are_no_paths(name: str) -> None:
    keys = stored_keys(["fine", name])
    assert keys["fine"] == "fine"
    assert keys[name] != name
    assert is_inside(f"obs/{keys[name]}/0")
    assert len(keys[name].encode()) <= 255


def test_keys_that_are() -> None:
    names = ["a b", "é(%)", "-a", "console", "c", "0", "..a", "a" * 255, "日本", "__proto__", ".a", "a%3Ab"]
    assert stored_keys(names) == dict(zip(names, names, strict=True))


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["Sex", "sex", "SEX"], ["Sex", "sex-1", "SEX-2"]),
        (["ß", "SS"], ["ß", "SS-1"]),
        (["é", "e\u0301"], ["é", "e\u0301-1"]),
        (["a:b", "a%3Ab", "a%3ab"], ["a%3Ab-2", "a%3Ab", "a%3ab-1"]),
        (["_index", "a"], ["%5Findex", "a"]),
    ],
)
def test_keys_that_are_one_folder(names: list[str], keys: list[str]) -> None:
    assert list(stored_keys(names).values()) == keys


def test_the_names_themselves_are_kept() -> None:
    keys = StoredKeys.of({"obs": ["rna:leiden", "b"], "uns": ["Title"]}, reserved={"uns": ["title"]})
    assert keys.path("obs", "rna:leiden") == "obs/rna%3Aleiden"
    assert keys.attributes("obs") == {"original-names": {"rna%3Aleiden": "rna:leiden"}}
    assert keys.attributes("uns") == {"original-names": {"Title-1": "Title"}}
    assert keys.attributes("var") == {}


@pytest.mark.parametrize("name", ["a b", "../x", "", "é", "a" * 300, "a.", "...", "-x"])
def test_an_id_of_any_name(name: str) -> None:
    assert check_id(id_of(name))


@pytest.mark.parametrize("where", ["cell", "text", "category"])
def test_half_a_character(where: str, tmp_path: Path) -> None:
    half = "a\ud800"
    names = {"cell": [half, "b", "c"]}.get(where, list("abc"))
    values: dict[str, Any] = {
        "text": [half, "b", "b"],
        "category": pd.Categorical([half, "b", "b"]),
    }
    adata = AnnData(obs=pd.DataFrame({"x": values.get(where, [1, 2, 3])}, index=names))
    with pytest.raises(BadInputError, match="Unicode") as error:
        karospace_stream.export(adata, tmp_path / "out.zarr", format="anndata", genes="none")
    str(error.value).encode()
    assert list(tmp_path.iterdir()) == []

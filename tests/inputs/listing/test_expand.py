"""What people give becomes a list of single inputs, each with a name of its own."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path

import anndata
import fsspec
import numpy as np
import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.listing.expand import expand
from karospace_stream.inputs.listing.keys import keys_of
from karospace_stream.inputs.listing.listed import Listed
from karospace_stream.inputs.listing.looks import naturally


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder of inputs, and what lies beside such."""
    folder = tmp_path / "lung"
    folder.mkdir()
    for name in (
        "s10.h5ad",
        "s2.h5ad",
        "s1.h5",
        "readme.md",
        "genes.txt",
        ".hidden.h5ad",
        "molecule_info.h5",
    ):
        (folder / name).touch()
    (folder / "s3.zarr").mkdir()
    (folder / "s3.zarr" / "zarr.json").write_text("{}")
    (folder / "logs").mkdir()
    (folder / "mtx4").mkdir()
    (folder / "mtx4" / "matrix.mtx.gz").touch()
    return folder


def keys(listed: Listed) -> list[str]:
    return [each.key for each in listed.inputs]


def paths(listed: Listed) -> list[str]:
    return [each.input for each in listed.inputs]


def test_a_folder_is_sorted_naturally_and_says_what_it_passes_over(files: Path) -> None:
    listed = expand(files)
    assert paths(listed) == [
        str(files / name) for name in ("mtx4", "s1.h5", "s2.h5ad", "s3.zarr", "s10.h5ad")
    ]
    assert keys(listed) == ["mtx4", "s1", "s2", "s3", "s10"]
    assert (listed.name, listed.is_several) == ("lung", True)
    (finding,) = listed.findings
    assert finding.code == "entries-passed-over"
    assert finding.text == (
        f"4 entries of {files} are no inputs and were passed over: genes.txt, logs, molecule_info.h5, …"
    )


@pytest.mark.parametrize("name", ["s3.zarr", "mtx4", "logs", "s1.h5", "readme.md", "missing.h5ad"])
def test_what_is_one_input_stays_one(files: Path, name: str) -> None:
    listed = expand(str(files / name))
    assert paths(listed) == [str(files / name)]
    assert not listed.is_several
    assert not listed.findings


def test_a_pattern(files: Path) -> None:
    listed = expand(str(files / "s*"))
    assert keys(listed) == ["s1", "s2", "s3", "s10"]
    assert listed.name == "lung"
    assert keys(expand(str(files.parent / "*" / "s*.h5ad"))) == ["s2", "s10"]
    assert keys(expand(str(files.parent / "**" / "*.h5ad"))) == ["s2", "s10"]


def test_a_name_with_wildcards_that_exists_is_a_file(files: Path) -> None:
    (files / "s[1].h5ad").touch()
    assert paths(expand(files / "s[1].h5ad")) == [str(files / "s[1].h5ad")]


@pytest.mark.parametrize(
    ("pattern", "why"), [("none*", "matches nothing"), ("r*", "matches 1 file, but none looks like an input")]
)
def test_a_pattern_without_inputs_is_refused(files: Path, pattern: str, why: str) -> None:
    with pytest.raises(BadInputError, match=why):
        expand(str(files / pattern))


def test_a_pattern_of_urls() -> None:
    root = f"memory://{secrets.token_hex(4)}"
    fs = fsspec.filesystem("memory")
    for name in ("p1/a10.h5ad", "p1/a2.h5ad", "p1/notes.md", "p2/a1.h5ad", "p2/b.zarr/zarr.json"):
        fs.pipe_file(f"{root}/{name}", b"")
    listed = expand(f"{root}/*/a*.h5ad")
    assert paths(listed) == [f"{root}/{name}" for name in ("p1/a2.h5ad", "p1/a10.h5ad", "p2/a1.h5ad")]
    assert keys(listed) == ["a2", "a10", "a1"]
    listed = expand(f"{root}/p*/*")
    assert keys(listed) == ["a2", "a10", "a1", "b"]
    assert "passed over: notes.md" in listed.findings[0].text
    with pytest.raises(BadInputError, match="matches nothing"):
        expand(f"{root}/q/*.h5ad")
    with pytest.raises(BadInputError, match=r"\*\* works for local paths only"):
        expand(f"{root}/**/*.h5ad")


def test_a_folder_at_a_url_ends_in_a_slash() -> None:
    root = f"memory://{secrets.token_hex(4)}"
    fs = fsspec.filesystem("memory")
    for name in ("lung/a10.h5ad", "lung/a2.zarr/zarr.json", "lung/notes.md", "store/zarr.json", "none/x.md"):
        fs.pipe_file(f"{root}/{name}", b"")
    listed = expand(f"{root}/lung/")
    assert paths(listed) == [f"{root}/lung/a2.zarr", f"{root}/lung/a10.h5ad"]
    assert (listed.name, listed.findings[0].code) == ("lung", "entries-passed-over")
    for single in ("lung", "store/", "none/", "missing/", "lung/a2.zarr/"):
        assert paths(expand(f"{root}/{single}")) == [f"{root}/{single}"]


def test_lists_and_dictionaries_in_any_mixture(files: Path) -> None:
    adata = anndata.AnnData(np.ones((2, 2), np.float32))
    listed = expand([files / "s2.h5ad", "s3://bucket/far.h5ad", adata, str(files / "s1*.h5ad")])
    assert keys(listed) == ["s2", "far", "2", "s10"]
    assert listed.inputs[2].input is adata
    assert listed.name == ""
    named = expand({"old": files / "s2.h5ad", "young": adata})
    assert keys(named) == ["old", "young"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([], "must name at least one"),
        ({}, "must name at least one"),
        ({"a": ["x", "y"]}, "the name 'a' must stand for one input, but stands for 2"),
        ({1: "x"}, "the names of inputs must be text, got 1"),
        (["a.h5ad", "./a.h5ad"], "./a.h5ad is given twice"),
        ([["a.h5ad"]], "must hold paths, URLs and AnnDatas, got a list"),
    ],
)
def test_lists_that_make_no_sense_are_refused(given: object, why: str) -> None:
    with pytest.raises(BadInputError, match=why):
        expand(given)


def test_one_object_twice_is_refused() -> None:
    adata = anndata.AnnData(np.ones((2, 2), np.float32))
    with pytest.raises(BadInputError, match="an AnnData is given twice"):
        expand([adata, adata])


def test_names_are_sorted_as_people_sort_them() -> None:
    names = ["²", "s10", "S2", "s2b", "s2", "10", "9", "s"]
    assert sorted(names, key=naturally) == ["9", "10", "s", "S2", "s2", "s2b", "s10", "²"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["/d/a.h5ad", "/d/b.zarr.zip", "/d/c.loom"], ["a", "b", "c"]),
        (["/d/sample1/filtered.h5", "/d/sample2/filtered.h5"], ["sample1", "sample2"]),
        (["/d/s1/outs/f.h5", "/d/s2/outs/f.h5", "/d/x.h5ad"], ["s1", "s2", "x"]),
        (["/d/1/a/f.h5", "/d/2/a/f.h5", "/d/1/b/f.h5"], ["1-a-f", "2-a-f", "1-b-f"]),
        (["/d/a/x.h5ad", "/d/a/x.zarr"], ["x", "x-2"]),
        (["s3://b/p/f.h5ad", "https://host/q/f.h5ad?token=1"], ["p", "q"]),
        (["https://host/a%20b.h5ad"], ["a b"]),
    ],
)
def test_names_are_short_and_no_two_alike(given: Iterable[str], expected: list[str]) -> None:
    several = list(given)
    assert keys_of(several, [""] * len(several)) == expected

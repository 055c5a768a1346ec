"""Manifests: text, CSV and TSV; every mistake is refused with its line."""

from __future__ import annotations

import secrets
from pathlib import Path

import fsspec
import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.listing.expand import expand


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.h5ad", "b.h5ad", "c, d.h5ad"):
        (tmp_path / name).touch()
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "e.h5ad").touch()
    return tmp_path


def read(folder: Path, name: str, text: str) -> list[tuple[str, dict[str, str]]]:
    (folder / name).write_text(text, "utf-8")
    listed = expand(folder / name)
    assert listed.name == Path(name).stem
    return [(str(each.input), dict(each.columns)) for each in listed.inputs]


def test_a_text_file_has_a_path_in_each_line(folder: Path) -> None:
    found = read(
        folder, "list.txt", "\ufeff# those of May\na.h5ad\n\n  c, d.h5ad  \ns3://bucket/x.h5ad\nmore/*.h5ad\n"
    )
    assert found == [
        (str(folder / "a.h5ad"), {}),
        (str(folder / "c, d.h5ad"), {}),
        ("s3://bucket/x.h5ad", {}),
        (str(folder / "more/e.h5ad"), {}),
    ]


def test_further_columns_become_columns_of_obs(folder: Path) -> None:
    text = '# made by hand\nsample,Path,age\nold,a.h5ad,70\n\n"young, male","c, d.h5ad",\n'
    assert read(folder, "list.csv", text) == [
        (str(folder / "a.h5ad"), {"sample": "old", "age": "70"}),
        (str(folder / "c, d.h5ad"), {"sample": "young, male", "age": ""}),
    ]
    text = "file\tsample\r\na.h5ad\told\r\nb.h5ad\tyoung\r\n"
    for name in ("list.tsv", "other.txt"):
        assert read(folder, name, text) == [
            (str(folder / "a.h5ad"), {"sample": "old"}),
            (str(folder / "b.h5ad"), {"sample": "young"}),
        ]


def test_a_table_of_one_column_needs_no_header(folder: Path) -> None:
    expected = [(str(folder / "a.h5ad"), {}), (str(folder / "b.h5ad"), {})]
    assert read(folder, "list.csv", "a.h5ad\nb.h5ad\n") == expected
    assert read(folder, "list.csv", "file\na.h5ad\nb.h5ad\n") == expected
    assert read(folder, "list.txt", "path\na.h5ad\nb.h5ad\n") == expected


def test_a_manifest_at_a_url(folder: Path) -> None:
    root = f"memory://{secrets.token_hex(4)}/lists"
    fsspec.filesystem("memory").pipe_file(
        f"{root}/list.csv", b"path,n\na.h5ad,1\n../b.h5ad,2\ns3://x/c.h5ad,3\n"
    )
    listed = expand(f"{root}/list.csv")
    above = root.rpartition("/")[0]
    assert [each.input for each in listed.inputs] == [f"{root}/a.h5ad", f"{above}/b.h5ad", "s3://x/c.h5ad"]
    assert [each.columns["n"] for each in listed.inputs] == ["1", "2", "3"]
    assert [each.key for each in listed.inputs] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("l.txt", "", "must name at least one, but is empty"),
        ("l.csv", "path,x\n", "has only a header"),
        ("l.txt", "a.h5ad\n\nmissing.h5ad\n", r"l\.txt, line 3: .*missing\.h5ad does not exist"),
        ("l.txt", "a.h5da\n", r"line 1: .*a\.h5da does not exist; did you mean .*a\.h5ad"),
        ("l.txt", "a.h5ad\n# x\n./a.h5ad\n", r"line 3: .*a\.h5ad is named in line 1 already"),
        (
            "l.csv",
            "path,x\na.h5ad,1,2\n",
            "line 2: there must be 2 values, as in the header, but there are 3",
        ),
        ("l.csv", "path,x,x\na.h5ad,1,2\n", "two columns are called 'x'"),
        ("l.csv", "path,,y\na.h5ad,1,2\n", "every column must have a name; name column 2"),
        (
            "l.csv",
            "a.h5ad,old\nb.h5ad,young\n",
            "line 1: a list with further columns must begin with their names",
        ),
        ("l.csv", "x,path\n1,\n", "line 2: there must be a path, but it is empty"),
        ("l.csv", 'path\n"a.h5ad\n', "it is no table"),
        ("l.txt", "other.csv\n", "line 1: a list must name inputs, but other.csv is a list itself"),
        ("l.txt", "more/*.zarr\n", r"line 1: .*more/\*\.zarr matches nothing"),
        ("l.txt", "a\0b\n", "has bytes that are none"),
    ],
)
def test_mistakes_are_refused_with_their_line(folder: Path, name: str, text: str, why: str) -> None:
    with pytest.raises(BadInputError, match=why):
        read(folder, name, text)


def test_other_encodings_are_refused(folder: Path) -> None:
    (folder / "l.txt").write_bytes("ä.h5ad".encode("utf-16"))
    with pytest.raises(BadInputError, match="must be text in UTF-8"):
        expand(folder / "l.txt")

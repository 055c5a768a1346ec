"""The pickers: folders, completion, new folders; names are data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.app.client import Client

HOSTILE = [
    "<img src=x onerror=alert(1)>.h5ad",
    "$(touch x).h5ad",
    "-rf.h5ad",
    "..h5ad",
    "a\nb.h5ad",
    "%2e%2e.h5ad",
]


def test_a_folder_is_listed_folders_first_hidden_files_off(client: Client, tmp_path: Path) -> None:
    root = tmp_path / "place"
    for folder in ("zoo", ".git", "atlas.zarr", "bundle"):
        (root / folder).mkdir(parents=True)
    (root / "bundle" / "manifest.json").write_text("{}")
    for name in ("b.H5AD", "packed.zarr.zip", "a.png", "genes.txt", "notes.doc", ".secret"):
        (root / name).write_text("12345")
    (root / "broken.h5ad").symlink_to(root / "nowhere")
    listing = client.ask("browse", path=str(root))
    assert [(each["name"], each["kind"]) for each in listing["entries"]] == [
        ("zoo", "folder"),
        ("a.png", "image"),
        ("atlas.zarr", "data"),
        ("b.H5AD", "data"),
        ("broken.h5ad", "data"),
        ("bundle", "bundle"),
        ("genes.txt", "text"),
        ("notes.doc", "file"),
        ("packed.zarr.zip", "data"),
    ]
    assert listing["parent"] == str(tmp_path)
    sizes = {each["name"]: each["nbytes"] for each in listing["entries"]}
    assert (sizes["a.png"], sizes["zoo"], sizes["broken.h5ad"]) == (5, None, None)
    with_hidden = client.ask("browse", path=str(root), hidden=True)
    assert {".git", ".secret"} <= {each["name"] for each in with_hidden["entries"]}


def test_a_file_shows_the_folder_that_it_lies_in(client: Client, tmp_path: Path) -> None:
    (tmp_path / "a.h5ad").touch()
    assert client.ask("browse", path=str(tmp_path / "a.h5ad"))["path"] == str(tmp_path)
    assert client.ask("browse", path="")["path"] == str(Path.home())
    assert client.ask("browse", path="/")["parent"] == ""


@pytest.mark.parametrize("path", ["/no/such/place/at/all", "s3://bucket/x", "a" * 5000])
def test_what_cannot_be_listed_is_said(client: Client, path: str) -> None:
    assert client.problem("browse", path=path)[0] == "source"


def test_a_folder_that_may_not_be_read_is_said(client: Client, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    if os.access(closed, os.R_OK):
        pytest.skip("this user may read everything")
    assert "Permission denied" in client.problem("browse", path=str(closed))[1]


def test_a_zero_byte_and_other_types_are_refused(client: Client) -> None:
    assert "must be text" in client.problem("browse", path="a\0b")[1]
    assert "must be text" in client.problem("browse", path=["/"])[1]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_of_any_kind_comes_back_as_it_is(client: Client, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("no HDF5")
    listing = client.ask("browse", path=str(tmp_path), hidden=True)
    found = next(each for each in listing["entries"] if each["name"] == name)
    assert found["path"] == str(tmp_path / name)
    field, message = client.problem("inspect", source=found["path"])
    assert field == "source"
    assert message.startswith(f"{found['path']} is a text file, not an AnnData")


def test_a_name_that_is_no_unicode_comes_back_as_it_is(client: Client, tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/b\xe9ta.h5ad"
    try:
        Path(os.fsdecode(raw)).write_text("no HDF5")
    except OSError:
        pytest.skip("this filesystem takes Unicode only")
    (path,) = (
        each["path"]
        for each in client.ask("browse", path=str(tmp_path))["entries"]
        if "ta" in each["name"] and each["kind"] == "data"
    )
    assert os.fsencode(path) == raw
    assert client.problem("inspect", source=path)[1].startswith(f"{path} is a text file, not an AnnData")


def test_typed_paths_are_completed(client: Client, tmp_path: Path) -> None:
    (tmp_path / "Sample one.h5ad").touch()
    (tmp_path / "samples").mkdir()
    (tmp_path / ".sample").touch()
    assert client.ask("complete", text=f"{tmp_path}/sam")["paths"] == [
        f"{tmp_path}/Sample one.h5ad",
        f"{tmp_path}/samples/",
    ]
    assert client.ask("complete", text=f"{tmp_path}/.sam")["paths"] == [f"{tmp_path}/.sample"]
    for nothing in ("", f"{tmp_path}/nowhere/x", "s3://bucket/x"):
        assert client.ask("complete", text=nothing)["paths"] == []


def test_a_folder_is_made(client: Client, tmp_path: Path) -> None:
    made = client.ask("folder", parent=str(tmp_path), name="new one")["path"]
    assert Path(made) == tmp_path / "new one"
    assert Path(made).is_dir()
    assert "exists" in client.problem("folder", parent=str(tmp_path), name="new one")[1]


@pytest.mark.parametrize("name", ["", " ", ".", "..", "a/b", "../a", "a\\b"])
def test_a_folder_has_a_name_of_its_own(client: Client, tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert "the name of a folder" in client.problem("folder", parent=str(tmp_path), name=name)[1]
    assert sorted(tmp_path.rglob("*")) == before

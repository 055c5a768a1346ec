"""What `karospace_stream.serve` makes of what it is given."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError

HOSTILE = "<img src=x onerror=alert(1)>"


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as response:
        return bytes(response.read())


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def karospace_export(folder: Path, name: str = "first", n_genes: int = 7) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (folder / "index.html").write_text("its own page")
    (folder / "atlas.json").write_text(json.dumps({"dataset_name": name, "n_cells": 5, "n_genes": n_genes}))
    return folder


def cellucid_export(folder: Path, id: str = "second") -> Path:
    folder.mkdir(parents=True)
    identity = {"id": id, "name": f"{id} name", "stats": {"n_cells": 3, "n_genes": 4}}
    (folder / "dataset_identity.json").write_text(json.dumps(identity))
    return folder


def is_viewer(page: bytes) -> bool:
    return page.startswith(b"<!doctype html>") and b"KaroSpace" in page


def test_a_bundle_shows_its_own_page(tmp_path: Path) -> None:
    with karospace_stream.serve(karospace_export(tmp_path / "a"), port=0) as server:
        assert fetch(server.url) == b"its own page"
        assert status(server.url + "datasets.json") == 404
        assert status(server.url + "progress.json") == 404


def test_an_export_without_a_page_is_given_ours(tmp_path: Path) -> None:
    with karospace_stream.serve(cellucid_export(tmp_path / "a"), port=0) as server:
        assert is_viewer(fetch(server.url))
        assert is_viewer(fetch(server.url + "index.html"))
        request = urllib.request.Request(server.url)
        with urllib.request.urlopen(request) as response:
            etag = response.headers["ETag"]
            assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        request.add_header("If-None-Match", etag)
        with pytest.raises(urllib.error.HTTPError) as caught, urllib.request.urlopen(request):
            pass
        assert caught.value.code == 304
        caught.value.close()


def test_the_page_is_no_answer_to_what_is_not_there(tmp_path: Path) -> None:
    (cellucid_export(tmp_path / "a") / "obs").mkdir()
    with karospace_stream.serve(tmp_path / "a", port=0) as server:
        for path in ("obs/", "obs", "none.html", "obs/index.html", "none/", "index.html/", "x/index.html"):
            assert status(server.url + path) in {404}, path


def test_a_folder_of_exports_is_listed(tmp_path: Path) -> None:
    karospace_export(tmp_path / "b", HOSTILE)
    cellucid_export(tmp_path / "a")
    (tmp_path / "no export").mkdir()
    cellucid_export(tmp_path / ".hidden", "hidden")
    with karospace_stream.serve(tmp_path, port=0) as server:
        assert is_viewer(fetch(server.url))
        assert json.loads(fetch(server.url + "datasets.json")) == {
            "version": 1,
            "default": "second",
            "datasets": [
                {"id": "second", "path": "a/", "name": "second name", "n_cells": 3, "n_genes": 4},
                {"id": "b", "path": "b/", "name": HOSTILE, "n_cells": 5, "n_genes": 7},
            ],
        }
        assert fetch(server.url + "b/") == b"its own page"
        assert is_viewer(fetch(server.url + "a/"))
        # The page finds its files beside its own address.
        with urllib.request.urlopen(server.url + "a") as response:
            assert response.url == server.url + "a/"
        assert status(server.url + "no%20export/") == 404
        karospace_export(tmp_path / "c")
        assert len(json.loads(fetch(server.url + "datasets.json"))["datasets"]) == 3


def test_a_list_that_is_there_is_taken(tmp_path: Path) -> None:
    cellucid_export(tmp_path / "a")
    (tmp_path / "datasets.json").write_text('{"version": 1, "mine": true}')
    with karospace_stream.serve(tmp_path, port=0) as server:
        assert fetch(server.url + "datasets.json") == b'{"version": 1, "mine": true}'


def test_two_exports_with_one_id_are_both_listed(tmp_path: Path) -> None:
    cellucid_export(tmp_path / "a", "same")
    cellucid_export(tmp_path / "b", "same")
    cellucid_export(tmp_path / "c", "b")
    with karospace_stream.serve(tmp_path, port=0) as server:
        listed = json.loads(fetch(server.url + "datasets.json"))["datasets"]
    assert [entry["path"] for entry in listed] == ["a/", "b/", "c/"]
    assert len({entry["id"] for entry in listed}) == 3


def test_a_damaged_export_does_not_hide_the_others(tmp_path: Path) -> None:
    karospace_export(tmp_path / "a")
    (karospace_export(tmp_path / "b") / "atlas.json").write_text("{")
    (cellucid_export(tmp_path / "c") / "dataset_identity.json").write_text("[]")
    with karospace_stream.serve(tmp_path, port=0) as server:
        assert [e["id"] for e in json.loads(fetch(server.url + "datasets.json"))["datasets"]] == ["a"]


def test_a_link_that_leads_out_is_neither_listed_nor_shown(tmp_path: Path) -> None:
    karospace_export(tmp_path / "outside")
    karospace_export(tmp_path / "all" / "a")
    (tmp_path / "all" / "z").symlink_to(tmp_path / "outside")
    with karospace_stream.serve(tmp_path / "all", port=0) as server:
        assert [e["id"] for e in json.loads(fetch(server.url + "datasets.json"))["datasets"]] == ["a"]
        assert status(server.url + "z/") == 404
        assert status(server.url + "z/atlas.json") == 404


def test_what_holds_nothing_to_show_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="but is none of them"):
        karospace_stream.serve(tmp_path, port=0)
    with pytest.raises(BadInputError, match="does not exist"):
        karospace_stream.serve(tmp_path / "none.h5ad", port=0)
    with pytest.raises(BadInputError, match="cannot be opened"):
        karospace_stream.serve("nosuchprotocol://bucket/a", port=0)


def test_options_for_what_is_exported_already_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadOptionError, match="it takes no genes"):
        karospace_stream.serve(karospace_export(tmp_path / "a"), port=0, genes="all")


def test_only_those_who_know_the_token_are_answered(tmp_path: Path) -> None:
    with karospace_stream.serve(karospace_export(tmp_path / "a"), port=0, token="s3cret") as server:
        root = f"http://127.0.0.1:{server.port}/"
        assert server.url == f"{root}s3cret/"
        assert fetch(server.url) == b"its own page"
        for path in ("", "index.html", "atlas.json", "s3cre/atlas.json", "s3cret2/atlas.json", "%00/"):
            assert status(root + path) == 404
        proxied = urllib.request.Request(server.url + "atlas.json", headers={"Host": "hub.example.org"})
        with urllib.request.urlopen(proxied) as response:
            assert response.status == 200
        for path in ("../atlas.json", "%2e%2e/s3cret/atlas.json"):
            assert status(server.url + path) == 404

"""Serving from an object store: S3 as moto plays it, and any other filesystem."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

import fsspec
import pytest

import karospace_stream
from karospace_stream.errors import BadInputError
from karospace_stream.serving import Server

GENE = bytes(range(256)) * 40
FILES = {
    "export/atlas.json": json.dumps({"dataset_name": "far", "n_cells": 5, "n_genes": 7}).encode(),
    "export/manifest.json": b"{}",
    "export/assets/gene.bin": GENE,
    "export/assets/obs.json.gz": b"\x1f\x8b-json",
    "export/big.bin": b"\1" * (9 << 20),
    "other/dataset_identity.json": b'{"id": "o", "name": "other", "stats": {"n_cells": 1, "n_genes": 2}}',
    "secret.txt": b"secret",
}


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket on a server of this machine, reached as people reach theirs: by environment."""
    moto = pytest.importorskip("moto.server", reason="moto[server], which plays S3, is not installed")
    server = moto.ThreadedMotoServer(port=0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        server.start()
        host, port = server.get_host_and_port()
        patch.setenv("AWS_ACCESS_KEY_ID", "any")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "any")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        fs = fsspec.filesystem("s3", skip_instance_cache=True)
        fs.mkdir("shelf")
        for key, data in FILES.items():
            fs.pipe_file(f"shelf/{key}", data)
        yield "s3://shelf"
        server.stop()


@pytest.fixture(scope="module")
def memory() -> Iterator[str]:
    fs = fsspec.filesystem("memory")
    for key, data in FILES.items():
        fs.pipe_file(f"/shelf/{key}", data)
    yield "memory://shelf"
    fs.rm("/shelf", recursive=True)


@pytest.fixture(scope="module", params=["bucket", "memory"])
def shelf(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


@pytest.fixture(scope="module")
def far(shelf: str) -> Iterator[Server]:
    with karospace_stream.serve(f"{shelf}/export", port=0) as server:
        yield server


def ask(
    server: Server, path: str, method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def test_bytes_go_out_as_they_are(far: Server) -> None:
    status, headers, body = ask(far, "/assets/obs.json.gz", Accept_Encoding="gzip")
    assert (status, body) == (200, b"\x1f\x8b-json")
    assert headers["Content-Type"] == "application/gzip"
    assert headers["Content-Encoding"] is None
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ask(far, "/big.bin")[2] == FILES["export/big.bin"]


def test_the_page_is_added(far: Server) -> None:
    status, headers, body = ask(far, "/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body.startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-299", 100, 300),
        ("bytes=10000-", 10000, 10240),
        ("bytes=-5", 10235, 10240),
        ("bytes=-99999", 0, 10240),
        ("bytes=10000-99999", 10000, 10240),
    ],
)
def test_a_byte_range_is_206(far: Server, wanted: str, start: int, stop: int) -> None:
    status, headers, body = ask(far, "/assets/gene.bin", Range=wanted)
    assert (status, body) == (206, GENE[start:stop])
    assert headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(GENE)}"
    assert headers["Content-Length"] == str(stop - start)
    status, headers, body = ask(far, "/assets/gene.bin", "HEAD", Range=wanted)
    assert (status, body, headers["Content-Length"]) == (206, b"", str(stop - start))


@pytest.mark.parametrize("wanted", ["bytes=10240-", "bytes=20000-30000", "bytes=-0"])
def test_a_range_past_the_end_is_416(far: Server, wanted: str) -> None:
    status, headers, _ = ask(far, "/assets/gene.bin", Range=wanted)
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(GENE)}")


@pytest.mark.parametrize(
    "wanted", ["bytes=0-1,5-6", "bytes=5-2", "bytes=-", "lines=1-2", "bytes=a-b", "bytes=" + "9" * 30 + "-"]
)
def test_of_a_range_that_is_none_or_several_all_is_sent(far: Server, wanted: str) -> None:
    assert ask(far, "/assets/gene.bin", Range=wanted)[::2] == (200, GENE)


def test_an_unchanged_file_is_304_and_a_changed_one_is_not(far: Server, shelf: str) -> None:
    fs, root = fsspec.core.url_to_fs(shelf)
    fs.pipe_file(f"{root}/export/changing.json", b"[1]")
    _, headers, body = ask(far, "/changing.json")
    assert body == b"[1]"
    etag = headers["ETag"]
    assert ask(far, "/changing.json", If_None_Match=etag)[::2] == (304, b"")
    assert ask(far, "/changing.json", Range="bytes=0-0", If_Range=etag)[0] == 206
    assert ask(far, "/changing.json", Range="bytes=0-0", If_Range='"other"')[0] == 200
    fs.pipe_file(f"{root}/export/changing.json", b"[1, 2]")
    assert ask(far, "/changing.json", If_None_Match=etag)[::2] == (200, b"[1, 2]")


@pytest.mark.parametrize(
    "path",
    [
        "/none",
        "/assets",
        "/assets/",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "//secret.txt",
        "/assets/%2e/gene.bin",
    ],
)
def test_what_is_not_there_or_not_inside_is_404(far: Server, path: str) -> None:
    status, _, body = ask(far, path)
    assert status == 404
    assert b"secret" not in body


def test_nothing_can_be_changed(far: Server) -> None:
    assert ask(far, "/atlas.json", "DELETE")[0] == 405
    assert ask(far, "/atlas.json")[0] == 200


def test_foreign_names_are_refused(far: Server) -> None:
    assert ask(far, "/atlas.json", Host="evil.example")[0] == 421


def test_a_shelf_of_exports_is_listed(shelf: str) -> None:
    with karospace_stream.serve(shelf, port=0) as server:
        listed = json.loads(ask(server, "/datasets.json")[2])
        assert [(e["id"], e["path"], e["name"], e["n_genes"]) for e in listed["datasets"]] == [
            ("export", "export/", "far", 7),
            ("o", "other/", "other", 2),
        ]
        assert ask(server, "/other/")[2].startswith(b"<!doctype html>")
        assert ask(server, "/other")[1]["Location"] == "other/"
        assert ask(server, "/export/assets/gene.bin")[2] == GENE


def test_a_place_without_an_export_is_refused(shelf: str) -> None:
    with pytest.raises(BadInputError, match="there is none of"):
        karospace_stream.serve(f"{shelf}/export/assets", port=0)
    with pytest.raises(BadInputError):
        karospace_stream.serve(f"{shelf}/nowhere", port=0)

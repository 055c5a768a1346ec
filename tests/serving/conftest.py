"""A small bundle on disk, a server for it, and requests that no client library tidies up."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from karospace_stream import serve
from karospace_stream.serving import Server

EXPRESSION = bytes(range(256)) * 40


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.txt").write_text("secret")
    (outside / "folder").mkdir()
    (outside / "folder" / "index.html").write_text("secret")
    folder = outside / "bundle"
    (folder / "assets" / "expression").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>é</title>")
    (folder / "manifest.json").write_text("{}")
    (folder / "atlas.json").write_text('{"version": 1}')
    (folder / "preview.png").write_bytes(b"\x89PNG")
    (folder / "assets" / "obs_000.csv").write_text("cell_id\n")
    (folder / "assets" / "obs_001.csv.gz").write_bytes(b"\x1f\x8b-csv")
    (folder / "assets" / "genes.json.gz").write_bytes(b"\x1f\x8b-json")
    (folder / "assets" / "expression" / "gene_00000_part_000.bin").write_bytes(EXPRESSION)
    (folder / "link-inside.json").symlink_to(folder / "atlas.json")
    (folder / "link-out.json").symlink_to(outside / "secret.txt")
    (folder / "folder-out").symlink_to(outside / "folder")
    return folder


@pytest.fixture(scope="session")
def server(bundle: Path) -> Iterator[Server]:
    with serve(bundle, port=0) as server:
        yield server


@pytest.fixture
def ask(server: Server) -> Iterator[Ask]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    # http.client refuses control characters in a path; what the server says to them is the question.
    connection._validate_path = lambda url: None  # type: ignore[attr-defined]

    def ask(path: str, method: str = "GET", host: str | None = None, **headers: str) -> Answer:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", f"127.0.0.1:{server.port}" if host is None else host)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())

    yield ask
    connection.close()

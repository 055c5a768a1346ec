"""Hosts and manifests that mean harm, or are just broken: bounded, and fit to be printed."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from karospace_stream import check_host
from karospace_stream.doctor import Diagnosis, Verdict
from karospace_stream.errors import BadInputError

from .host import Reply, Request, serving

EVIL = "\x1b]0;owned\x07\x1b[2J\u202egnp.evil"


def texts(diagnosis: Diagnosis) -> str:
    return "\n".join(each.sentence for each in diagnosis.findings)


def faults(diagnosis: Diagnosis) -> set[str]:
    return {each.check for each in diagnosis.findings if each.verdict is Verdict.FAULT}


def rewritten(bundle: Path, folder: Path, **changed: Any) -> Path:
    """A copy of a bundle whose manifest says something else."""
    shutil.copytree(bundle, folder)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_text(json.dumps(manifest | changed))
    return folder


def test_headers_are_made_fit_for_a_terminal(bundle: Path) -> None:
    def wrong(request: Request, reply: Reply) -> Reply:
        names = ("Content-Type", "Content-Encoding", "Cache-Control", "ETag", "Content-Range", "Server")
        return Reply(reply.status, reply.headers | dict.fromkeys(names, EVIL), reply.body).but(
            Access_Control_Allow_Origin=EVIL
        )

    with serving(bundle, wrong) as host:
        diagnosis = check_host(host.url())
    assert all(each.sentence.isprintable() for each in diagnosis.findings)


def test_names_in_manifests_are_made_fit_for_a_terminal(bundle: Path, tmp_path: Path) -> None:
    listed = [{"kind": EVIL, "path": f"assets/{EVIL}.bin.gz", "size_bytes": 5}]
    with serving(rewritten(bundle, tmp_path / "b", asset_files=listed)) as host:
        diagnosis = check_host(host.url())
    assert "sizes" in faults(diagnosis)
    assert texts(diagnosis).replace("\n", "").isprintable()
    assert "owned" in texts(diagnosis)


@pytest.mark.parametrize(
    "path", ["../secret", "a/../../secret", "/etc/passwd", "https://evil.example/x", "a\\b", "a//b", "."]
)
def test_no_name_leads_out_of_the_export(bundle: Path, tmp_path: Path, path: str) -> None:
    listed = [{"kind": "x", "path": path, "size_bytes": 5}]
    with serving(rewritten(bundle, tmp_path / "b", asset_files=listed)) as host:
        diagnosis = check_host(host.url())
        assert "its name points outside the export" in texts(diagnosis)
        assert not any("secret" in request.path or "etc" in request.path for request in host.asked)
        atlas = {"version": 1, "path": path}
    with serving(rewritten(bundle, tmp_path / "c", stream=atlas)) as host:
        assert "its name points outside the export" in texts(check_host(host.url()))


def test_a_manifest_that_lists_very_much_costs_few_requests(bundle: Path, tmp_path: Path) -> None:
    listed = [{"kind": f"k{n}", "path": f"f{n}/x.bin", "size_bytes": 1} for n in range(5000)]
    with serving(rewritten(bundle, tmp_path / "b", asset_files=listed)) as host:
        diagnosis = check_host(host.url())
    assert diagnosis.n_requests < 40


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"not json",
        b"[" * 100_000,
        b'{"asset_files": 5, "n_cells": 1, "n_genes_exported": 1}',
        b'{"asset_files": [], "n_cells": "x", "n_genes_exported": 1}',
        b'{"asset_files": [{"kind": 1}], "n_cells": 1, "n_genes_exported": 1}',
        b'{"asset_files": [], "n_cells": 1, "n_genes_exported": 1, "stream": 5}',
        b"\xff\xfe\x00",
        b'{"name": "an app", "start_url": "/", "display": "standalone"}',
    ],
)
def test_another_manifest_is_no_export(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(data)
    with serving(tmp_path) as host:
        diagnosis = check_host(host.url())
    assert [(each.check, each.verdict) for each in diagnosis.findings] == [("bundle", Verdict.FAULT)]
    assert "this manifest.json does not belong to a KaroSpace bundle" in texts(diagnosis)
    assert diagnosis.format == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 3},
        {"stats": None},
        {"embeddings": {"files": {}}},
        {"embeddings": {"files": {"two": "x"}}},
    ],
)
def test_another_identity_is_no_export(cellucid: Path, tmp_path: Path, changed: dict[str, Any]) -> None:
    folder = tmp_path / "c"
    shutil.copytree(cellucid, folder)
    identity = json.loads((folder / "dataset_identity.json").read_bytes())
    (folder / "dataset_identity.json").write_text(json.dumps(identity | changed))
    with serving(folder) as host:
        diagnosis = check_host(host.url())
    assert faults(diagnosis) == {"bundle"}
    assert "Cellucid" in texts(diagnosis)


def test_no_export_at_all(tmp_path: Path, bundle: Path) -> None:
    with serving(tmp_path) as host:
        assert "neither manifest.json nor dataset_identity.json" in texts(check_host(host.url()))
        (tmp_path / "datasets.json").write_text("{}")
        assert "give the address of one of them" in texts(check_host(host.url()))

    def forbidden(request: Request, reply: Reply) -> Reply:
        return Reply(403, {"Server": "AmazonS3"})

    with serving(bundle, forbidden) as host:
        diagnosis = check_host(host.url())
    assert "manifest.json: the host answers 403" in texts(diagnosis)
    assert "Block Public Access" in diagnosis.settings(diagnosis.findings[0])[0].text

    def app(request: Request, reply: Reply) -> Reply:
        return Reply(200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><html>app</html>")

    with serving(bundle, app) as host:
        assert "the host sends a page instead" in texts(check_host(host.url()))


def test_a_part_of_the_export_is_missing(bundle: Path, cellucid: Path, tmp_path: Path) -> None:
    for source, name in ((bundle, "atlas.json"), (cellucid, "var_manifest.json")):
        folder = tmp_path / name
        shutil.copytree(source, folder)
        (folder / name).unlink()
        with serving(folder) as host:
            assert f"{name}: the host answers 404" in texts(check_host(host.url()))


def test_redirects_end(bundle: Path) -> None:
    def around(request: Request, reply: Reply) -> Reply:
        return Reply(302, {"Location": f"/again?{len(request.query)}{request.query}"})

    with serving(bundle, around) as host, pytest.raises(BadInputError, match="more than 5 times"):
        check_host(host.url())
    for location in ("file:///etc/passwd", "javascript:alert(1)", "ftp://h/x"):

        def away(request: Request, reply: Reply, location: str = location) -> Reply:
            return Reply(302, {"Location": location})

        with serving(bundle, away) as host, pytest.raises(BadInputError, match="not a web address"):
            check_host(host.url())


def test_a_redirect_into_nowhere_is_printable(bundle: Path) -> None:
    def away(request: Request, reply: Reply) -> Reply:
        return Reply(302, {"Location": f"http://127.0.0.1:9/{EVIL}"})

    with serving(bundle, away) as host, pytest.raises(BadInputError) as caught:
        check_host(host.url())
    assert str(caught.value).isprintable()


@contextmanager
def raw_host(answer: bytes, *, endless: bool = False) -> Iterator[str]:
    """A host that says the same bytes to everybody, for ever if it is told to, and then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def talk() -> None:
            while not stop.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        connection.recv(65536)
                        connection.sendall(answer)
                        while endless and not stop.is_set():
                            connection.sendall(b"x" * 65536)
                    except OSError:
                        continue

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 banana OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x1b[31m\xff\xfe\r\n\r\n",
    ],
)
def test_what_is_no_http_is_said_in_a_sentence(answer: bytes) -> None:
    with raw_host(answer) as url, pytest.raises(BadInputError) as caught:
        check_host(url)
    assert "cannot be reached: " in str(caught.value)
    assert str(caught.value).isprintable()


def test_an_endless_body_is_not_read_to_its_end() -> None:
    with raw_host(b"HTTP/1.1 200 OK\r\n\r\n", endless=True) as url:
        diagnosis = check_host(url)
    assert "manifest.json is larger than 64 MiB" in texts(diagnosis)


def test_a_silent_host_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises(BadInputError, match=r"did not answer in time \(0\.2 s\)"):
            check_host(url, timeout=0.2)


def test_a_host_that_hangs_up_on_some_requests(bundle: Path) -> None:
    def wrong(request: Request, reply: Reply) -> Reply:
        if "range" in request.headers or request.path.endswith(".png"):
            raise ConnectionAbortedError
        return reply

    with serving(bundle, wrong) as host:
        diagnosis = check_host(host.url())
    assert faults(diagnosis) == {"ranges", "sizes"}
    assert "could not be checked" in texts(diagnosis)


def test_a_compressed_bomb_is_inflated_within_bounds(bundle: Path) -> None:
    import gzip

    bomb = gzip.compress(b"{" + b" " * (200 << 20), 1)

    def wrong(request: Request, reply: Reply) -> Reply:
        return Reply(200, {"Content-Encoding": "gzip"}, bomb) if "manifest" in request.path else reply

    with serving(bundle, wrong) as host:
        assert faults(check_host(host.url())) == {"bundle"}


def test_a_host_that_sends_drop_by_drop_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                while not over.wait(0.05):
                    try:
                        connection.sendall(b" ")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises(BadInputError, match="did not answer in time"):
            check_host(url, timeout=0.2)
        over.set()
        thread.join()

"""What comes back for a path: bytes, type, range, validator."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karospace_stream.serving.files import LocalFiles

from .conftest import EXPRESSION, Ask

GENE = "/assets/expression/gene_00000_part_000.bin"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/atlas.json", "application/json"),
        ("/preview.png", "image/png"),
        ("/assets/obs_000.csv", "text/csv; charset=utf-8"),
        ("/assets/obs_001.csv.gz", "application/gzip"),
        ("/assets/genes.json.gz", "application/gzip"),
        (GENE, "application/octet-stream"),
    ],
)
def test_bytes_go_out_as_they_are_with_the_right_type(
    ask: Ask, bundle: Path, path: str, media_type: str
) -> None:
    answer = ask(path, Accept_Encoding="gzip")
    file = bundle / ("index.html" if path == "/" else path[1:])
    assert answer.status == 200
    assert answer.body == file.read_bytes()
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Length"] == str(file.stat().st_size)
    assert answer.headers["Content-Encoding"] is None
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="this system has no paths of open files")
def test_a_file_that_is_moved_after_it_was_found_is_sent(tmp_path: Path) -> None:
    """An export that ends moves its folder while a page reads from it."""
    (tmp_path / "staged").mkdir()
    (tmp_path / "staged" / "atlas.json").write_bytes(b"{}")
    files, sent = LocalFiles([str(tmp_path / "staged")]), []
    scope = {"type": "http", "method": "GET", "path": "/atlas.json", "headers": [], "root_path": ""}

    async def ask() -> None:
        response = await files.get_response("atlas.json", scope)
        (tmp_path / "staged").rename(tmp_path / "final")
        await response(scope, receive, send)

    async def receive() -> Any:
        await asyncio.Event().wait()  # nobody hangs up

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(ask())
    assert sent[0]["status"] == 200
    assert b"".join(message.get("body", b"") for message in sent[1:]) == b"{}"


def test_head_sends_the_headers_of_get_and_no_body(ask: Ask) -> None:
    get, head = ask(GENE), ask(GENE, "HEAD")
    assert head.status == 200
    assert head.body == b""
    for name in ("Content-Length", "Content-Type", "ETag", "Accept-Ranges"):
        assert head.headers[name] == get.headers[name]
    assert head.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_changed(ask: Ask, method: str) -> None:
    assert ask("/atlas.json", method).status == 405


@pytest.mark.parametrize(
    "path", ["/none.json", "/assets/", "/assets", "/assets/none.bin.gz", "/index.html/x", "/" + "a" * 300]
)
def test_what_is_not_there_is_404_with_nosniff(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status == 404
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-299", 100, 300),
        ("bytes=10000-", 10000, 10240),
        ("bytes=-5", 10235, 10240),
        ("bytes=10000-99999", 10000, 10240),
    ],
)
def test_a_byte_range_is_206(ask: Ask, wanted: str, start: int, stop: int) -> None:
    answer = ask(GENE, Range=wanted)
    assert answer.status == 206
    assert answer.body == EXPRESSION[start:stop]
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(EXPRESSION)}"
    assert answer.headers["Content-Length"] == str(stop - start)


@pytest.mark.parametrize("wanted", ["bytes=10240-", "bytes=20000-30000", "bytes=-0"])
def test_a_range_past_the_end_is_416(ask: Ask, wanted: str) -> None:
    answer = ask(GENE, Range=wanted)
    assert answer.status == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(EXPRESSION)}"


def test_several_ranges_are_sent_in_parts(ask: Ask) -> None:
    answer = ask(GENE, Range="bytes=0-1,100-103,-2")
    assert answer.status == 206
    kind, boundary = answer.headers["Content-Type"].split("; boundary=")
    assert kind == "multipart/byteranges"
    parts = answer.body.split(f"--{boundary}".encode())[1:-1]
    bodies = [part.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n") for part in parts]
    assert bodies == [EXPRESSION[0:2], EXPRESSION[100:104], EXPRESSION[-2:]]
    assert f"Content-Range: bytes 100-103/{len(EXPRESSION)}".encode().lower() in parts[1].lower()
    assert answer.headers["Content-Length"] == str(len(answer.body))


@pytest.mark.parametrize("wanted", ["lines=0-1", "bytes=a-b", "bytes=5-2", "bytes=-"])
def test_a_range_that_is_none_never_gets_a_part(ask: Ask, wanted: str) -> None:
    assert ask(GENE, Range=wanted).status in {200, 400, 416}


def test_a_range_of_another_version_gets_the_whole_file(ask: Ask) -> None:
    assert ask(GENE, Range="bytes=0-9", If_Range='"another"').status == 200
    etag = ask(GENE).headers["ETag"]
    assert ask(GENE, Range="bytes=0-9", If_Range=etag).status == 206


def test_an_unchanged_file_is_304_and_a_changed_one_is_not(ask: Ask, bundle: Path) -> None:
    file = bundle / "changing.json"
    file.write_text("[1]")
    first = ask("/changing.json")
    again = ask("/changing.json", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "no-cache"
    file.write_text("[1, 2]")
    changed = ask("/changing.json", If_None_Match=first.headers["ETag"])
    assert (changed.status, changed.body) == (200, b"[1, 2]")


def test_a_link_inside_is_followed(ask: Ask) -> None:
    assert ask("/link-inside.json").body == b'{"version": 1}'


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/assets/../../secret.txt",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/%252e%252e/secret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "///etc/passwd",
        "/C:/Windows/win.ini",
        "/%5c%5chost%5cshare",
        "/atlas.json%00.html",
        "/%00",
        "/link-out.json",
        "/folder-out/",
        "/folder-out/index.html",
    ],
)
def test_no_path_leads_out(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status == 404
    assert b"secret" not in answer.body
    assert b"root:" not in answer.body


SEGMENTS = st.sampled_from(
    [
        "..",
        "%2e%2e",
        ".%2e",
        "%2f",
        "/",
        "%5c",
        "%00",
        "assets",
        "secret.txt",
        "folder-out",
        "bundle",
        "~",
        ".",
    ]
)


@given(segments=st.lists(SEGMENTS, min_size=1, max_size=8))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_mixture_of_segments_leads_out(ask: Ask, segments: list[str]) -> None:
    answer = ask("/" + "/".join(segments))
    assert answer.status in {200, 307, 404}
    assert b"secret" not in answer.body

"""Requests that are none, and callers that leave in the middle: right answers, no traceback in the log."""

from __future__ import annotations

import logging
import socket
import struct
import time
from pathlib import Path

import pytest

import karospace_stream

HOST = b"Host: 127.0.0.1\r\n"
PATHS = {
    b"/%00": 404, b"/%zz%ff%fe": 404, b"/\xff\xfe": 400, b"/" + b"a" * 300: 404, b"/" + b"a/" * 3000: 404,
    b"/%2e%2e/%2e%2e/etc/passwd": 404, b"//etc/passwd": 404, b"/%ed%a0%80": 404, b"/a%0ab": 404, b"": 400,
    b"http://x/": 404,
}  # fmt: skip
RANGES = {
    b"bytes=abc": 400, b"bytes=9-1": 400, b"bytes=-": 400, b"bytes=999999999999-": 416, b"bytes=\xb2-": 400,
    b"bytes=0-99999999999999999999": 206, b"bytes=0-1": 206, b"X: " + b"a" * 200_000: 400,
}  # fmt: skip


def ask(port: int, request: bytes) -> int:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as asked:
        asked.sendall(request)
        return int(asked.recv(4000).split(b" ", 2)[1])


def leave(port: int, request: bytes, *, first: int) -> None:
    """Ask, read so many bytes, and break the connection off."""
    asked = socket.create_connection(("127.0.0.1", port), timeout=10)
    asked.sendall(request)
    if first:
        asked.recv(first)
    asked.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    asked.close()


def test_nothing_fills_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "manifest.json").write_bytes(b"{}" * 2_000_000)
    caplog.set_level(logging.INFO)
    with karospace_stream.serve(tmp_path, port=0) as server:
        for path, status in PATHS.items():
            assert ask(server.port, b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n") == status, path
        for wanted, status in RANGES.items():
            line = wanted if wanted.startswith(b"X") else b"Range: " + wanted
            request = b"GET /manifest.json HTTP/1.1\r\n" + HOST + line + b"\r\n\r\n"
            assert ask(server.port, request) == status, wanted[:40]
        whole = b"GET /manifest.json HTTP/1.1\r\n" + HOST + b"\r\n"
        for first in (0, 10, 100_000):
            for request in (
                whole,
                whole[:20],
                b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 99\r\n\r\n{",
            ):
                leave(server.port, request, first=first if request == whole else 0)
        time.sleep(0.3)
        assert ask(server.port, whole) == 200
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.exc_info]

"""Servers of files on this machine that write down what was asked of them, and that can be made to fail."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

_RANGE = re.compile(r"bytes=(\d+)-(\d+)")


_PIECE_NBYTES = 1 << 18


@dataclass(frozen=True)
class Request:
    """What was asked for: bytes ``start`` to ``stop`` of a file, or all of it."""

    path: str
    start: int
    stop: int
    whole: bool


class Broken(Exception):
    """The connection is dropped without an answer."""


@dataclass
class Web:
    """Files by path, served with ranges.

    Attributes
    ----------
    fault
        Called for every request with its number; gives a status to answer with, or the share of the
        body that is sent before the connection ends, or raises `Broken`; None lets all be well.
    ranges
        Whether parts are given.
    for_pages
        Whether pages of other hosts may read what is served (CORS).
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    fault: Callable[[int], int | float | None] = lambda number: None
    ranges: bool = True
    for_pages: bool = False
    hidden: set[str] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    sent: int = 0
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, path: Path, name: str | None = None) -> str:
        """Serve a file; gives its URL."""
        name = name or path.name
        self.files[f"/{name}"] = path.read_bytes()
        return f"{self.address}/{name}"

    def put_folder(self, folder: Path) -> str:
        """Serve all files of a folder; gives its URL."""
        for path in folder.rglob("*"):
            if path.is_file():
                self.files[f"/{folder.name}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
        return f"{self.address}/{folder.name}"

    def reset(self) -> None:
        """Forget what was asked so far."""
        self.requests.clear()
        self.sent = 0


@lru_cache(maxsize=64)
def _etag(data: bytes) -> str:
    return md5(data).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one piece: else each answer waits for the network's delays
    disable_nagle_algorithm = True
    web: Web

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        web, path = self.web, unquote(urlsplit(self.path).path)
        with web.lock:
            web.count += 1
            number = web.count
        try:
            wrong = web.fault(number)
        except Broken:
            self.close_connection = True
            return
        data = web.files.get(path)
        if isinstance(wrong, int) or data is None or path in web.hidden:
            code = wrong if isinstance(wrong, int) else 404 if data is None else 403
            self._answer(code, b"", {"Retry-After": "0"} if code == 503 else {})
            return
        self._send(path, data, wrong)

    def _send(self, path: str, data: bytes, share: float | None) -> None:
        headers = {"ETag": f'"{_etag(data)}"', "Accept-Ranges": "bytes"}
        found = _RANGE.fullmatch(self.headers.get("Range", "")) if self.web.ranges else None
        start, stop = (int(found[1]), min(int(found[2]) + 1, len(data))) if found else (0, len(data))
        if self.command == "GET":
            with self.web.lock:
                self.web.requests.append(Request(path, start, stop, found is None))
        if found and start >= len(data):
            self._answer(416, b"", {"Content-Range": f"bytes */{len(data)}"})
            return
        if found:
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
        self._answer(206 if found else 200, data[start:stop], headers, share)

    def _answer(self, status: int, body: bytes, headers: dict[str, str], share: float | None = None) -> None:
        self.send_response(status)
        if self.web.for_pages:
            self.send_header("Access-Control-Allow-Origin", "*")
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if share is not None:
            body, self.close_connection = body[: int(len(body) * share)], True
        with suppress(ConnectionError):  # whoever asked went away
            for start in range(0, len(body), _PIECE_NBYTES):
                piece = body[start : start + _PIECE_NBYTES]
                with self.web.lock:
                    self.web.sent += len(piece)
                self.wfile.write(piece)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # a client that finds no place in a shorter one waits a second


@contextmanager
def serving() -> Iterator[Web]:
    """A server of files on a free port."""
    web = Web()
    handler = type("Handler", (_Handler,), {"web": web})
    server = _Server(("127.0.0.1", 0), handler)
    web.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

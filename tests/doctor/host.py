"""A host on a real socket that serves a folder rightly, until it is told to do one thing wrong."""

from __future__ import annotations

import gzip
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

TYPES = {
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".png": "image/png",
    ".gz": "application/gzip",
}
BYTES = "application/octet-stream"
DOCUMENTS = re.compile(r"(^|/)([a-z_]*manifest\.json|dataset_identity\.json|index\.html|)$")


@dataclass(frozen=True)
class Request:
    """What was asked for; names of headers are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Reply:
    """What is sent. ``Content-Length`` is added where there is none."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def but(self, **headers: str | None) -> Reply:
        """Headers changed; ``_`` stands for ``-``, None takes one away."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        merged = {**self.headers, **named}
        return replace(self, headers={name: value for name, value in merged.items() if value is not None})


#: Changes one answer.
Wrong = Callable[[Request, Reply], Reply]


def right(folder: Path, request: Request) -> Reply:
    """Answer as a host should."""
    open_to_all = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Accept-Ranges, Content-Range, ETag",
    }
    key = request.path.removeprefix("/")
    file = folder / (f"{key}index.html" if key == "" or key.endswith("/") else key)
    if file.is_dir():
        return Reply(301, {**open_to_all, "Location": f"{request.path}/"})
    if not file.is_file():
        return Reply(404, open_to_all, b"not here")
    body = file.read_bytes()
    headers = open_to_all | {
        "Content-Type": TYPES.get(file.suffix, BYTES),
        "Cache-Control": "no-cache" if DOCUMENTS.search(key) else "public, max-age=31536000, immutable",
        "ETag": f'"{sha256(body).hexdigest()[:16]}"',
        "Accept-Ranges": "bytes",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Reply(304, headers)
    wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("range", ""))
    if wanted:
        start, last = map(int, wanted.groups())
        headers["Content-Range"] = f"bytes {start}-{last}/{len(body)}"
        return Reply(206, headers, body[start : last + 1])
    if file.suffix in {".json", ".html"} and "gzip" in request.headers.get("accept-encoding", ""):
        return Reply(
            200, headers | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}, gzip.compress(body)
        )
    return Reply(200, headers, body)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        lowered = {name.lower(): value for name, value in self.headers.items()}
        asked = urlsplit(self.path)  # of a proxy the whole address is asked for
        request = Request(self.command, unquote(asked.path), asked.query, lowered)
        self.server.asked.append(request)
        reply = self.server.wrong(request, right(self.server.folder, request))
        self.send_response_only(reply.status)
        length = (
            {}
            if "Content-Length" in reply.headers or reply.status == 304
            else {"Content-Length": str(len(reply.body))}
        )
        for name, value in (reply.headers | length).items():
            for line in value.split("\0"):  # several headers of one name
                self._headers_buffer.append(f"{name}: {line}\r\n".encode())  # type: ignore[attr-defined]
        self.end_headers()
        if self.command != "HEAD" and reply.status != 304:
            self.wfile.write(reply.body)

    do_HEAD = do_GET
    do_OPTIONS = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: Path, wrong: Wrong) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.wrong = folder, wrong
        self.asked: list[Request] = []

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # the doctor hangs up on what is too long


@dataclass(frozen=True)
class Host:
    """A running host."""

    port: int
    asked: list[Request]
    scheme: str = "http"

    def url(self, path: str = "/", name: str = "127.0.0.1") -> str:
        """An address of it."""
        return f"{self.scheme}://{name}:{self.port}{path}"


@contextmanager
def serving(
    folder: Path, wrong: Wrong = lambda request, reply: reply, tls: ssl.SSLContext | None = None
) -> Iterator[Host]:
    """Serve a folder until the block ends."""
    with _Server(folder, wrong) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield Host(server.server_address[1], server.asked, "http" if tls is None else "https")
        server.shutdown()
        thread.join()

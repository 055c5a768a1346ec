"""Something between a program and a store that counts what is asked, and goes wrong as it is told."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from tests.stores.faults import ANSWERS, PASSING, Answer, Asked, Fault, Rule

__all__ = ["PASSING", "Asked", "Fault", "Proxies", "Proxy", "before"]

_HOP = {"connection", "keep-alive", "expect", "transfer-encoding", "content-length"}


class Proxy:
    """Passes requests on to a store. Its faults may be changed at any time.

    Attributes
    ----------
    choose
        What goes wrong with a request; called under a lock, in the order in which requests come.
    asked
        All requests that have been answered, or will not be.
    most_at_once
        How many requests were on their way at the same time, at most.
    """

    def __init__(self, upstream: str, choose: Rule = lambda asked: None) -> None:
        self.upstream = cast(str, urlsplit(upstream).netloc)
        self.choose = choose
        self.slow_s = 0.3
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._now = 0
        self.ended = threading.Event()
        self._lock = threading.Lock()
        self._lines: set[socket.socket] = set()
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.lines = self._lines
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def count(self, method: str | None = None, path: str = "") -> int:
        """How many requests there were, of a method, with something in their paths."""
        return sum(method in (None, each.method) and path in each.path for each in self.asked)

    def received(self, method: str = "GET", path: str = "") -> int:
        """Bytes that came from the store."""
        return sum(each.received for each in self.asked if each.method == method and path in each.path)

    def forget(self) -> None:
        """Begin to count anew."""
        with self._lock:
            self.asked.clear()

    def stop(self) -> None:
        """Die for good: open lines break, new ones are refused."""
        if self.ended.is_set():
            return
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        for line in list(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def fault_of(self, asked: Asked) -> Asked:
        """The request with its fault."""
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            return replace(asked, fault=self.choose(asked))

    def note(self, asked: Asked) -> None:
        """Keep what became of a request."""
        with self._lock:
            self._now -= 1
            self.asked.append(asked)


@contextmanager
def before(address: str, choose: Rule = lambda asked: None) -> Iterator[Proxy]:
    """A proxy for the time of a test."""
    proxy = Proxy(address, choose)
    try:
        yield proxy
    finally:
        proxy.stop()


class Proxies:
    """One proxy before each store, for several tests: a line that is made anew for each costs a while."""

    def __init__(self) -> None:
        self._made: dict[str, Proxy] = {}

    def before(self, server: Any) -> Proxy:
        """The proxy of a store, with nothing wrong and nothing asked so far."""
        if server.address not in self._made:
            self._made[server.address] = Proxy(server.address)
        proxy = self._made[server.address]
        proxy.choose = lambda asked: None
        proxy.forget()
        return proxy

    def stop(self) -> None:
        """End all of them."""
        for proxy in self._made.values():
            proxy.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    lines: set[socket.socket]

    def process_request(self, request: Any, client_address: Any) -> None:
        self.lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.lines.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Lines that break are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one piece: else each answer waits for the network's delays
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        body = self._body()
        parts = urlsplit(self.path)
        first = Asked(self.command, unquote(parts.path), parts.query, self.headers["Range"], len(body), None)
        asked = self.proxy.fault_of(first)
        answer = ANSWERS.get(asked.fault, asked.fault)
        if isinstance(answer, Answer):
            xml = f'<?xml version="1.0" encoding="UTF-8"?>\n{answer.xml}'.encode()
            self._send(asked, answer.status, [("Content-Type", "application/xml")], xml)
        elif asked.fault in (Fault.DROP, Fault.HANG):
            if asked.fault is Fault.HANG:
                self.proxy.ended.wait()
            self.proxy.note(asked)
            self.close_connection = True
        else:
            self._pass_on(asked, body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_OPTIONS = do_PATCH = _answer

    def handle_expect_100(self) -> bool:
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        data = bytearray()
        while size := int(self.rfile.readline().split(b";")[0], 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return bytes(data)

    def _pass_on(self, asked: Asked, body: bytes) -> None:
        if asked.fault is Fault.SLOW:
            self.proxy.ended.wait(self.proxy.slow_s)
        line = http.client.HTTPConnection(self.proxy.upstream, timeout=60)
        try:
            line.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in _HOP:
                    line.putheader(name, value)
            if body or self.command in ("PUT", "POST"):
                line.putheader("Content-Length", str(len(body)))
            line.endheaders(body)
            response = line.getresponse()
            data = response.read()
        finally:
            line.close()
        if asked.fault is Fault.LOSE_ANSWER:
            self.proxy.note(replace(asked, status=response.status))
            self.close_connection = True
            return
        headers = [(n, v) for n, v in response.getheaders() if n.lower() not in _HOP]
        length = response.headers["Content-Length"] if self.command == "HEAD" else str(len(data))
        self._send(asked, response.status, headers, data, length)

    def _send(
        self,
        asked: Asked,
        status: int,
        headers: list[tuple[str, str]],
        data: bytes,
        length: str | None = None,
    ) -> None:
        cut = asked.fault is Fault.CUT
        data = data if self.command != "HEAD" else b""
        part = data[: len(data) // 2] if cut else data
        self.proxy.note(replace(asked, status=status, received=len(part)))
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", length or str(len(data)))
        self.end_headers()
        self.wfile.write(part)
        if cut:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

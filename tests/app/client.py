"""The exporter with a real server, asked as its page asks."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from karospace_stream.app.api import Exporter
from karospace_stream.app.jobs.state import AppState
from karospace_stream.app.start import start_exporter
from karospace_stream.cli.form import export_form
from karospace_stream.serving import Server

DATA = Path(__file__).parents[2].parent / "shared" / "data"
PATIENCE_S = 60


class Client:
    """Asks a running exporter."""

    def __init__(self, server: Server, exporter: Exporter) -> None:
        self.server, self.exporter = server, exporter

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """One request as it is written; ``path`` is the whole one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE_S)
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    def ask(self, call: str, /, **asked: Any) -> Any:
        """What the page gets for a call."""
        own = {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{self.server.port}"}
        path = f"{self.server.path}api/{call}"
        status, body = self.send("POST", path, json.dumps(asked).encode(), own)
        assert status == 200, body
        return json.loads(body)

    def problem(self, call: str, /, **asked: Any) -> tuple[str, str]:
        """Field and sentence of a call that is refused."""
        found = self.ask(call, **asked)["problem"]
        return found["field"], found["message"]

    def run(self, id: str) -> dict[str, Any]:
        """A run as the page shows it."""
        return next(run for run in self.exporter.runs.to_json() if run["id"] == id)

    def until(self, id: str, state: str | Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait for a run to be in a state."""
        reached = state if callable(state) else lambda run: run["state"] == state
        end = time.monotonic() + PATIENCE_S
        while not reached(run := self.run(id)):
            assert time.monotonic() < end, run
            time.sleep(0.02)
        return run

    @contextmanager
    def held(self, id: str) -> Iterator[psutil.Process]:
        """Hold a run's process while something is looked at, with some of its tasks done."""
        self.until(id, lambda run: run["done"] > 0)
        process = worker()
        process.suspend()
        try:
            yield process
        finally:
            if process.is_running():
                process.resume()


def worker() -> psutil.Process:
    """The process of the run that is under way."""
    own = [each for each in psutil.Process().children() if "spawn_main" in " ".join(each.cmdline())]
    assert len(own) == 1
    return own[0]


@contextmanager
def running(state: Path, first: str = "") -> Iterator[Client]:
    """An exporter that keeps what it keeps in ``state``."""
    server, exporter = start_exporter(export_form(), port=0, first=first, kept=AppState(state))
    with server:
        yield Client(server, exporter)

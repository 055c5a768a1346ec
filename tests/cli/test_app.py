"""``karospace-stream app``: what it says, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from karospace_stream.testing.synth import write_synthetic

PROGRAM = "from karospace_stream.cli import main; main()"


class App:
    """The command in a process of its own."""

    def __init__(self, state: Path) -> None:
        words = [sys.executable, "-u", "-c", PROGRAM, "app", "--no-open", "--port", "0"]
        environ = os.environ | {"KAROSPACE_APP_STATE": str(state)}
        self.process = subprocess.Popen(
            words, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said = ""
        self.hear("press Ctrl-C to stop it")
        self.url = re.findall(r"the exporter is at (\S+)", self.said)[0]

    def hear(self, words: str) -> None:
        assert self.process.stdout is not None
        while words not in self.said:
            line = self.process.stdout.readline()
            assert line, self.said
            self.said += line

    def ask(self, call: str, **asked: Any) -> Any:
        request = urllib.request.Request(
            f"{self.url}api/{call}", json.dumps(asked).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def end(self) -> int:
        code = self.process.wait(timeout=60)
        assert self.process.stdout is not None
        self.said += self.process.stdout.read()
        return code


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], App]]:
    begun: list[App] = []

    def begin() -> App:
        begun.append(App(tmp_path / "state"))
        return begun[-1]

    yield begin
    for app in begun:
        if app.process.poll() is None:
            app.process.kill()
        app.end()
        assert app.process.stdout is not None
        app.process.stdout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
def test_it_says_its_address_and_the_ways_to_it_and_stops(start: Callable[[], App]) -> None:
    app = start()
    port = re.findall(r":(\d+)/", app.url)[0]
    assert re.fullmatch(rf"http://127\.0\.0\.1:{port}/[\w-]{{20,}}/", app.url)
    assert f"ssh -N -L {port}:127.0.0.1:{port}" in app.said
    path = app.url.partition(port)[2]
    assert f"/proxy/{port}{path}" in app.said
    assert "fields" in app.ask("start")
    with urllib.request.urlopen(f"{app.url}api/events") as events:
        assert events.readline().startswith(b"data: ")
        app.process.send_signal(signal.SIGINT)
        assert app.end() == 0
    assert app.said.endswith("stopped\n")
    assert "Traceback" not in app.said
    assert "Cancel" not in app.said


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
def test_ctrl_c_asks_before_it_cuts_off_a_run_that_is_resumed_later(
    start: Callable[[], App], tmp_path: Path
) -> None:
    write_synthetic(tmp_path / "a.h5ad", n_cells=4_000, n_genes=500)
    app = start()
    values = {"scheduler": "sync", "compression": 9}
    target = tmp_path / "out" / "bundle"
    asked = app.ask("run", source=str(tmp_path / "a.h5ad"), target=str(target), values=values)
    while not list(target.parent.glob("*")):
        time.sleep(0.01)
    children = psutil.Process(app.process.pid).children()
    (worker,) = [each for each in children if "spawn_main" in " ".join(each.cmdline())]
    worker.suspend()  # so that it is not done before it is asked about
    app.process.send_signal(signal.SIGINT)
    app.hear("1 export is not finished: press Ctrl-C again")
    worker.resume()
    app.process.send_signal(signal.SIGINT)
    assert app.end() == 0
    again = start()
    again.ask("resume", id=asked["id"])
    while not (target / "manifest.json").exists():
        assert again.process.poll() is None
        time.sleep(0.05)
    again.process.send_signal(signal.SIGTERM)
    assert again.end() == 128 + signal.SIGTERM

"""A real JupyterLab with one notebook, and what a person does in it."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page, TimeoutError

WAIT_MS = 90_000  # a cold kernel and software rendering on a busy machine are slow


class Lab:
    """A server of JupyterLab. Everything it writes lies below ``folder``."""

    def __init__(self, folder: Path, *options: str, **environment: str) -> None:
        self.folder = folder
        self.token = secrets.token_hex(8)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        own = {f"JUPYTER_{kind}_DIR": str(folder / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("JUPYTER", "SSH", "VSCODE"))
        }
        self._log = (folder / "lab.log").open("w")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                *(
                    f"--port={self.port}",
                    "--ServerApp.port_retries=0",
                    f"--IdentityProvider.token={self.token}",
                ),
                f"--ServerApp.root_dir={folder}",
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
                "--LabApp.news_url=",
                *options,
            ],
            env={**kept, **own, "IPYTHONDIR": str(folder / "ipython"), **environment},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        """Until it answers."""
        for _ in range(600):
            try:
                with urllib.request.urlopen(self.url("api"), timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError):
                if self._process.poll() is not None:
                    break
                time.sleep(0.1)
        raise AssertionError((self.folder / "lab.log").read_text())

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{path}?token={self.token}"

    def notebook(self, name: str, host: str = "127.0.0.1") -> str:
        """Address of a notebook, in a workspace of its own: else those of other tests open with it."""
        return self.url(f"lab/workspaces/{name}/tree/{name}.ipynb", host)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def write(self, name: str, cells: Sequence[str]) -> None:
        """Write a notebook."""
        content = {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell{number}",
                    "source": source,
                    "metadata": {},
                    "outputs": [],
                    "execution_count": None,
                }
                for number, source in enumerate(cells)
            ],
        }
        (self.folder / name).write_text(json.dumps(content))


class Notebook:
    """A notebook that is open in a browser."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        # Such as the offer of another kernel where the first takes long to start.
        page.add_locator_handler(page.locator("dialog.jp-Dialog"), _accept)
        page.goto(url)
        # Says the kernel's state in words when it is ready to run.
        page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(timeout=WAIT_MS)

    def cell(self, number: int) -> Locator:
        return self.page.locator(".jp-NotebookPanel:visible .jp-CodeCell").nth(number)

    def run(self, number: int) -> None:
        """Run a cell, until it has ended without an error."""
        cell = self.cell(number)
        prompt = cell.locator(".jp-InputArea-prompt").first
        begun = prompt.filter(has_text=re.compile(r"\[(\d+|\*)\]"))
        for _ in range(10):  # while it starts, JupyterLab takes the focus away once more
            cell.locator(".cm-content").click()
            self.page.keyboard.press("Control+Enter")
            with suppress(TimeoutError):
                begun.wait_for(timeout=3_000)
                break
        prompt.filter(has_text=re.compile(r"\[\d+\]")).wait_for(timeout=WAIT_MS)
        error = cell.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")
        error = error.or_(cell.locator(".jp-RenderedText[data-mime-type*='error']"))
        assert error.count() == 0, error.all_inner_texts()

    def viewer(self, number: int) -> FrameLocator:
        """The page in the output of a cell."""
        return self.cell(number).frame_locator("iframe")


def _accept(dialog: Locator) -> None:
    print("JupyterLab asked:", dialog.inner_text())
    dialog.locator("button.jp-mod-accept").click()

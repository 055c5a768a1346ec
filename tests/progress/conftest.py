"""Where somebody watches: a terminal, and a notebook."""

from __future__ import annotations

import io
from typing import Any

import pytest

from karospace_stream.progress import cell


class Terminal(io.StringIO):
    """Standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    made = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    return made


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the one display of an output cell has shown, as HTML."""
    IPython = pytest.importorskip("IPython", reason="IPython is not installed")
    shell = type("ZMQInteractiveShell", (), {})()
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    pages: list[str] = []

    class Handle:
        def update(self, page: Any) -> None:
            pages.append(page.data)

    def display(page: Any, display_id: bool) -> Handle:
        assert display_id
        assert not pages, "there is another display"
        pages.append(page.data)
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr(cell, "_EVERY_S", 0.0)
    return pages

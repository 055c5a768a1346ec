"""The page in an output cell without anywidget: it is displayed, but Python cannot talk to it."""

from __future__ import annotations

from typing import Any, NoReturn

from karospace_stream.errors import KaroSpaceError
from karospace_stream.notebook.environment import Environment
from karospace_stream.serving import Server

_EXTRA = "pip install 'karospace-stream[jupyter]' adds that"


class Frame:
    """The viewer in an output cell, as a plain frame.

    Attributes
    ----------
    server
        Server of the page.
    note
        What is missing, and what to do if the frame stays empty.
    """

    def __init__(self, server: Server, environment: Environment, height: int) -> None:
        self.server = server
        self._src = environment.frame_url(server.port, server.path)
        self._height = height
        self.note = (
            f"Without anywidget Python cannot set the colours or read the selection of this page; {_EXTRA}. "
            f"If the frame stays empty: {environment.advice(server.port)}"
        )

    @property
    def url(self) -> str:
        """URL of the page, for a separate window on the kernel's machine."""
        return self.server.url

    def _ipython_display_(self) -> None:
        from IPython.display import IFrame, Pretty, display

        display(IFrame(self._src, width="100%", height=self._height))
        display(Pretty(self.note))

    @property
    def selection(self) -> NoReturn:
        """Raise: this needs anywidget."""
        raise _missing("read the selection of the page")

    @property
    def groups(self) -> NoReturn:
        """Raise: this needs anywidget."""
        raise _missing("read the groups of the page")

    @property
    def group_cells(self) -> NoReturn:
        """Raise: this needs anywidget."""
        raise _missing("read the groups of the page")

    def color_by(self, column: str | None = None, *, gene: str | None = None) -> NoReturn:
        """Raise: this needs anywidget."""
        raise _missing("set the colours of the page")

    def on_selection(self, callback: Any) -> NoReturn:
        """Raise: this needs anywidget."""
        raise _missing("read the selection of the page")

    def close(self) -> None:
        """Stop the server."""
        self.server.stop()


def _missing(what: str) -> KaroSpaceError:
    return KaroSpaceError(f"Python cannot {what} without anywidget; {_EXTRA}")

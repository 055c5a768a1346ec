"""One display in the output cell of a notebook, updated in place."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element, SubElement, tostring

from karospace_stream.progress.tally import Tally
from karospace_stream.runtime.events import Event, Listener, Note
from karospace_stream.words.words import Words

_EVERY_S = 0.25


def in_notebook() -> bool:
    """Whether this runs in the kernel of a notebook, which shows HTML."""
    if "IPython" not in sys.modules:  # a kernel has loaded it, and others need not
        return False
    from IPython import get_ipython

    return type(get_ipython()).__name__ in ("ZMQInteractiveShell", "Shell")  # the second is Colab's


@contextmanager
def cell(words: Words) -> Iterator[Listener]:
    """A listener that draws into the output cell. The bar is replaced by the notes when it ends."""
    from IPython.display import HTML, display

    tally, notes = Tally(), list[str]()
    handle = display(HTML(page(tally, notes, running=True)), display_id=True)
    shown = time.monotonic()

    def listen(event: Event) -> None:
        nonlocal shown
        if isinstance(event, Note):
            notes.append(words.note(event))
        else:
            tally.hear(event)
        now = time.monotonic()
        if now - shown >= _EVERY_S:
            shown = now
            handle.update(HTML(page(tally, notes, running=True)))

    try:
        yield listen
    finally:
        handle.update(HTML(page(tally, notes, running=False)))


def page(tally: Tally, notes: list[str], *, running: bool) -> str:
    """The display as HTML, built from elements so that names are escaped."""
    root = Element("div", {"class": "karospace-progress"})
    for note in notes:
        SubElement(root, "p").text = note
    if running:
        shown = {"max": str(tally.total), "value": str(tally.done)} if tally.total else {}
        SubElement(root, "progress", {**shown, "aria-label": "progress of the export"}).tail = " "
        parts = (tally.stage, tally.left, tally.memory)
        SubElement(root, "small").text = ", ".join(part for part in parts if part)
    return tostring(root, encoding="unicode", method="html")

"""Choose how progress is shown: by whether anybody watches, and where."""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from karospace_stream.progress.cell import cell, in_notebook
from karospace_stream.progress.lines import Lines, NotesOnly
from karospace_stream.runtime.events import Event, Listener, ignore
from karospace_stream.words.words import PYTHON, TERMINAL


@contextmanager
def terminal_progress(quiet: bool) -> Iterator[Listener]:
    """For a command: a bar on a terminal, lines elsewhere; if quiet, notes alone."""
    if quiet:
        yield NotesOnly(TERMINAL)
    elif sys.stderr.isatty():
        from karospace_stream.progress.bar import bar  # rich takes its time to load

        with bar(TERMINAL) as listener:
            yield listener
    else:
        yield Lines(TERMINAL)


@contextmanager
def python_progress(wanted: bool | None, listener: Listener | None) -> Iterator[Listener]:
    """For a function: a display in a notebook, a bar on a terminal.

    Parameters
    ----------
    wanted
        None shows it only where somebody watches and nobody else listens; True in any case.
    listener
        Of the caller; hears everything too.
    """
    if wanted is False or (wanted is None and listener is not None):
        yield listener or ignore
    elif in_notebook():
        with cell(PYTHON) as shown:
            yield _both(shown, listener)
    elif sys.stderr is not None and sys.stderr.isatty():
        from karospace_stream.progress.bar import bar

        with bar(PYTHON) as shown:
            yield _both(shown, listener)
    else:
        yield _both(Lines(PYTHON), listener) if wanted else listener or ignore


def background_progress(
    wanted: bool | None, listener: Listener | None
) -> tuple[Listener, Callable[[], None]]:
    """Show the same of work that goes on after its function has returned.

    At the prompt of a terminal, where people type meanwhile, a bar would overwrite what they type: notes are
    written alone.

    Returns
    -------
    A listener; and what ends the display, from any thread and at the latest when the process ends.
    """
    if _at_prompt() and wanted is not False and not in_notebook() and (wanted or listener is None):
        return _both(NotesOnly(PYTHON), listener), _nothing
    shown = ExitStack()
    hear = shown.enter_context(python_progress(wanted, listener))
    atexit.register(shown.close)  # a bar hides the cursor of the terminal

    def end() -> None:
        atexit.unregister(shown.close)
        shown.close()

    return hear, end


def _at_prompt() -> bool:
    return hasattr(sys, "ps1") or bool(sys.flags.interactive)


def _nothing() -> None:
    return None


def _both(shown: Listener, listener: Listener | None) -> Listener:
    if listener is None:
        return shown

    def hear(event: Event) -> None:
        shown(event)
        listener(event)

    return hear

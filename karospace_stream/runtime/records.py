"""Records of finished tasks: results that a run may reuse, and where it records its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Notes(Protocol):
    """Keeps results by the name of their task. Picklable."""

    def note(self, name: str, result: Any) -> None:
        """Write a result down."""
        ...

    def find(self, name: str) -> tuple[Any] | None:
        """A result that was written down in this run; None where there is none."""
        ...

    def again(self, name: str) -> Any:
        """A result that an earlier run has written down."""
        ...


class Records(Protocol):
    """What is known when the graph is made.

    Attributes
    ----------
    ledger
        Where tasks note their results; None where nobody will ask.
    """

    @property
    def ledger(self) -> Notes | None:
        """Where tasks note their results."""
        ...

    def is_done(self, name: str) -> bool:
        """Whether a task need not run again: its result can be had `Notes.again`."""
        ...


def from_checkpoint(ledger: Notes, name: str) -> Any:
    """The result of a task that an earlier run has done, read where it is needed: nobody holds all."""
    return ledger.again(name)


def checkpoint(ledger: Notes, name: str, function: Callable[..., Any], *args: Any) -> Any:
    """Call a function whose result is written down, unless it is so already.

    That is where a worker died when its task was done, so that the task comes again.
    """
    found = ledger.find(name)
    if found is not None:
        return found[0]
    result = function(*args)
    ledger.note(name, result)
    return result

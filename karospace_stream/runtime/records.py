"""Records of finished tasks: results that a run may reuse, and where it records its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Notes(Protocol):
    """Stores results by the name of their task. Picklable."""

    def note(self, name: str, result: Any) -> None:
        """Record a result."""
        ...

    def find(self, name: str) -> tuple[Any] | None:
        """A result that this run has recorded; None if there is none."""
        ...

    def again(self, name: str) -> Any:
        """A result that an earlier run has recorded."""
        ...


class Records(Protocol):
    """Records that are available when the graph is built.

    Attributes
    ----------
    ledger
        Where tasks record their results; None if nobody will read them.
    """

    @property
    def ledger(self) -> Notes | None:
        """The ledger in which tasks record their results."""
        ...

    def is_done(self, name: str) -> bool:
        """Whether a task need not run again: `Notes.again` returns its result."""
        ...


def from_checkpoint(ledger: Notes, name: str) -> Any:
    """The result of a task of an earlier run, read where it is needed, so that nobody holds them all."""
    return ledger.again(name)


def checkpoint(ledger: Notes, name: str, function: Callable[..., Any], *args: Any) -> Any:
    """Call a function and record its result, unless it is recorded already.

    That happens if a worker died after finishing its task, so that the task runs again.
    """
    found = ledger.find(name)
    if found is not None:
        return found[0]
    result = function(*args)
    ledger.note(name, result)
    return result

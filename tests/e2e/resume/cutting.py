"""Exports in this process that end in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import karospace_stream
from karospace_stream.pipeline.resume import ledger

#: Quick, the same bytes always, and several tasks of each stage.
SMALL: dict[str, Any] = {
    "genes": "all",
    "anno": ["all"],
    "compression": 6,
    "workers": 2,
    "memory": "1GB",
    "name": "small",
    "preview": False,
    "group_by": "none",
}


def small(**options: Any) -> dict[str, Any]:
    """``SMALL`` with these options, without those of karospace where another format is exported."""
    chosen = SMALL | options
    if "karospace" not in chosen.get("format", "karospace"):
        for name in {"preview", "group_by"} - set(options):
            del chosen[name]
    return chosen


class CutError(BaseException):
    """As sudden as Ctrl-C."""


def cut_off(
    source: Any, target: Any, n_tasks: int = 9, *, stage: str = "", killed: bool = False, **options: Any
) -> None:
    """Export until so many tasks are done.

    Parameters
    ----------
    stage
        Or, where it is given, until the first of this stage is.
    killed
        As by ``kill -9``: nothing is cleaned up; else it was started with ``--resume``.
    """
    with pytest.MonkeyPatch.context() as patch:
        before, n_noted = ledger.Ledger.note, 0

        def note(self: ledger.Ledger, name: str, result: Any) -> None:
            nonlocal n_noted
            n_noted += 1
            if name.startswith(stage) if stage else n_noted > n_tasks:
                raise CutError
            before(self, name, result)

        patch.setattr(ledger.Ledger, "note", note)
        with pytest.raises(CutError), nothing_is_cleaned(killed):
            karospace_stream.export(source, target, **small(**{"resume": not killed} | options))


@contextmanager
def nothing_is_cleaned(really: bool = True) -> Iterator[None]:
    """Where a process is killed, the system lets go of its locks, and that is all."""
    with pytest.MonkeyPatch.context() as patch:
        if really:

            def leave(targets: Any, scratch: Any, error: BaseException, work: Any) -> list[str]:
                for each in targets:
                    each.keep()
                if scratch is not None:
                    scratch.release()
                return []

            patch.setattr("karospace_stream.pipeline.resume.start.discard_or_keep", leave)
        yield

"""An error, and the field beside which the page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.app.flags import names_in
from karospace_stream.app.form import Form
from karospace_stream.errors import BadInputError, BadOptionError, BudgetError, KaroSpaceError, TargetError
from karospace_stream.words.page import on_page

SOURCE, TARGET = "source", "target"


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence, and the name of its field: ``source``, ``target``, an option's, or ``""`` for none."""

    field: str
    message: str


def problem_of(error: BaseException, form: Form) -> Problem:
    """Find the field that caused an error, and say it in the words of the page."""
    found = _problem_of(error, form)
    return Problem(found.field, on_page(found.message))


def _problem_of(error: BaseException, form: Form) -> Problem:
    text = str(error)
    if isinstance(error, BudgetError):
        return Problem("memory", text)
    if not isinstance(error, KaroSpaceError):
        if isinstance(error, MemoryError):
            return Problem("memory", f"out of memory ({text}); give a smaller --memory or fewer --workers")
        return Problem("", f"{type(error).__name__}: {text} (this should not happen)")
    named = names_in(form, text)
    if isinstance(error, TargetError):
        # "--overwrite" is the remedy for this one, not its cause.
        return Problem("scratch" if named[:1] == ["scratch"] else TARGET, text)
    if named:
        return Problem(named[0], text)
    return Problem({BadInputError: SOURCE, BadOptionError: ""}.get(type(error), ""), text)

"""What can go wrong, as sentences a user can act on.

Every error says what was wanted, what was got, where, and the way out. The numbers
are kept as fields, so that a program need not parse the sentence.
"""

from __future__ import annotations

from typing import ClassVar


class KaroSpaceError(Exception):
    """Base of all errors that are the user's to solve. ``exit_code`` is the command's."""

    exit_code: ClassVar[int] = 1


class BadInputError(KaroSpaceError):
    """The input file is not what it claims to be, or cannot be exported."""

    exit_code = 3


class BadOptionError(KaroSpaceError):
    """An option names something that is not there, or contradicts another."""

    exit_code = 2


class TargetError(KaroSpaceError):
    """The target cannot be written: it exists, is full, or may not be touched."""

    exit_code = 4


class WorkerError(KaroSpaceError):
    """A worker process ended before its task did."""

    exit_code = 6


class BudgetError(KaroSpaceError):
    """The memory budget is too small for the job.

    Attributes
    ----------
    budget_nbytes, needed_nbytes
        What was given, and the smallest budget that works, in bytes.
    stage
        The stage that needs the most.
    """

    exit_code = 5

    def __init__(self, message: str, *, budget_nbytes: int, needed_nbytes: int, stage: str) -> None:
        super().__init__(message)
        self.budget_nbytes = budget_nbytes
        self.needed_nbytes = needed_nbytes
        self.stage = stage

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions with keyword arguments do not survive a process boundary by themselves.
        return (_budget_error, (str(self), self.budget_nbytes, self.needed_nbytes, self.stage))


def _budget_error(message: str, budget: int, needed: int, stage: str) -> BudgetError:
    return BudgetError(message, budget_nbytes=budget, needed_nbytes=needed, stage=stage)

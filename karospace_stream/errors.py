"""Errors that a user can act on.

The message of every error says what must be, what was given, where, and the way out. Numbers are also
attributes, so that programs need not parse the message.
"""

from __future__ import annotations

from typing import ClassVar


class KaroSpaceError(Exception):
    """Base class of all errors that a user can solve.

    Attributes
    ----------
    exit_code
        Exit code of the command when this error ends it.
    """

    exit_code: ClassVar[int] = 1
    #: Part of the message that only suits a terminal, and what Python says instead.
    in_python: tuple[str, str] = ("", "")


class BadInputError(KaroSpaceError):
    """The input cannot be read, or cannot be exported."""

    exit_code = 3


class DamagedError(BadInputError):
    """Values of the input are damaged. Everything else can be exported without them.

    Attributes
    ----------
    key
        Path of the column or array, such as ``obs/score``; empty if that is not known.
    why
        The reason alone. The message also says how to leave the part out, if ``key`` is known.
    """

    def __init__(self, why: str, key: str = "", way_out: str = "") -> None:
        super().__init__(f"{why}; {way_out}" if way_out else why)
        self.key, self.why = key, why

    def __reduce__(self) -> tuple[object, ...]:
        # The message is more than the first argument.
        return (_damaged_error, (str(self), self.key, self.why))


class NoCoordinatesError(BadInputError):
    """No exported cell has finite coordinates.

    Attributes
    ----------
    coords
        The coordinates, as the option names them.
    """

    coords: str = ""


class BadOptionError(KaroSpaceError):
    """An option is invalid, names something that does not exist, or contradicts another."""

    exit_code = 2


class TargetError(KaroSpaceError):
    """The target cannot be written: it already exists, is full, or is not writable."""

    exit_code = 4


class WorkerError(KaroSpaceError):
    """A worker process ended before its task was done."""

    exit_code = 6


class BudgetError(KaroSpaceError):
    """The memory budget is too small for the export.

    Attributes
    ----------
    budget_nbytes, needed_nbytes
        The given budget, and the smallest one that works, in bytes.
    stage
        The stage that needs the most memory.
    """

    exit_code = 5

    def __init__(self, message: str, *, budget_nbytes: int, needed_nbytes: int, stage: str) -> None:
        super().__init__(message)
        self.budget_nbytes = budget_nbytes
        self.needed_nbytes = needed_nbytes
        self.stage = stage

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions with keyword arguments cannot be pickled without this.
        return (_budget_error, (str(self), self.budget_nbytes, self.needed_nbytes, self.stage))


def _damaged_error(message: str, key: str, why: str) -> DamagedError:
    error = DamagedError(message)
    error.key, error.why = key, why
    return error


def _budget_error(message: str, budget: int, needed: int, stage: str) -> BudgetError:
    return BudgetError(message, budget_nbytes=budget, needed_nbytes=needed, stage=stage)

"""Find the largest number of workers that fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def most_that_fit(most: int, attempt: Callable[[int], T | None]) -> T | None:
    """Return the attempt with the largest number that succeeds, or None if not even 1 does.

    Bisects, so that a number far too large costs no time: where one number fits, so do all smaller ones.

    Parameters
    ----------
    most
        The first number tried, at least 1.
    attempt
        Returns None for a number that does not fit. If none fits, the last one tried is 1.
    """
    found = attempt(most)
    if found is not None:
        return found
    fits, fails = 0, most
    while fails - fits > 1:
        middle = (fits + fails) // 2
        made = attempt(middle)
        if made is None:
            fails = middle
        else:
            fits, found = middle, made
    return found

"""Checks of single values that options share."""

from __future__ import annotations

import math
from collections.abc import Sequence

from karospace_stream.errors import BadOptionError
from karospace_stream.runtime.schedulers import SCHEDULERS, is_address
from karospace_stream.similar.names import did_you_mean, similar_names


def one_of(option: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse a value that is not allowed."""
    if value not in allowed:
        hint = did_you_mean(similar_names(str(value), allowed, 1), str)
        raise BadOptionError(f"{option} must be one of {', '.join(allowed)}; got {value!r}{hint}")


def check_parts(parts: Sequence[str]) -> None:
    """Refuse parts to leave out that are no names."""
    if not all(isinstance(each, str) and each for each in parts):
        raise BadOptionError(f"--leave-out must name parts such as obsm:protein, got {parts!r:.80}")


def check_scheduler(scheduler: str) -> None:
    """Refuse a scheduler that is neither known nor an address."""
    if not is_address(scheduler):
        one_of("--scheduler", scheduler, (*SCHEDULERS, "tcp://HOST:PORT"))


def is_finite(values: Sequence[float]) -> bool:
    """Whether all values are finite."""
    return all(map(math.isfinite, values))

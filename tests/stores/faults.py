"""What can go wrong with requests to a store, and rules which of them it meets."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto


class Fault(Enum):
    """What can go wrong with one request."""

    SLOW_DOWN = auto()
    ERROR_500 = auto()
    TOO_MANY = auto()
    #: The store does not get the request, the program no answer.
    DROP = auto()
    #: The store does what is asked, the program gets no answer.
    LOSE_ANSWER = auto()
    #: The answer ends before its end.
    CUT = auto()
    #: The answer comes late: after `Proxy.slow_s`.
    SLOW = auto()
    #: No answer at all, and the line stays open until the proxy ends.
    HANG = auto()
    FORBIDDEN = auto()
    UNKNOWN = auto()


@dataclass(frozen=True)
class Answer:
    """What is answered in place of the store."""

    status: int
    xml: str


def _error(status: int, code: str, message: str) -> Answer:
    return Answer(status, f"<Error><Code>{code}</Code><Message>{message}</Message></Error>")


NOT_IMPLEMENTED = _error(501, "NotImplemented", "A header you provided implies functionality we have not.")
#: Those of the faults that are answers.
ANSWERS = {
    Fault.SLOW_DOWN: _error(503, "SlowDown", "Please reduce your request rate."),
    Fault.ERROR_500: _error(500, "InternalError", "We encountered an internal error. Please try again."),
    Fault.TOO_MANY: _error(429, "TooManyRequests", "Too many requests."),
    Fault.UNKNOWN: _error(401, "Unauthorized", "Who asks?"),
    Fault.FORBIDDEN: _error(403, "AccessDenied", "Access Denied"),
}
#: Those after which another attempt may succeed, and that are told at once.
PASSING = (Fault.SLOW_DOWN, Fault.ERROR_500, Fault.TOO_MANY, Fault.DROP, Fault.LOSE_ANSWER, Fault.CUT)


@dataclass(frozen=True)
class Asked:
    """One request, and what became of it.

    Attributes
    ----------
    path
        As people write it, with the bucket, without the query.
    sent, received
        Bytes of the bodies, seen from the program: to the store, and from it.
    """

    method: str
    path: str
    query: str
    range: str | None
    sent: int
    fault: Fault | Answer | None
    status: int = 0
    received: int = 0


Rule = Callable[[Asked], Fault | Answer | None]


def always(fault: Fault) -> Rule:
    """Every request, alike."""
    return lambda asked: fault


def where(text: str, answer: Fault | Answer) -> Rule:
    """Every request whose method, path or query holds a text."""
    return lambda asked: answer if text in f"{asked.method} {asked.path}?{asked.query}" else None


def sometimes(seed: int, share: float, faults: Sequence[Fault]) -> Rule:
    """A share of all requests, each with one of the faults; the same for the same seed."""
    rng = random.Random(seed)

    def choose(asked: Asked) -> Fault | None:
        return rng.choice(faults) if rng.random() < share else None

    return choose


def only(n: int, fault: Fault) -> Rule:
    """One request: the n-th from 0 on."""
    count = -1

    def choose(asked: Asked) -> Fault | None:
        nonlocal count
        count += 1
        return fault if count == n else None

    return choose


def first(n: int, fault: Fault) -> Rule:
    """The first n requests."""
    count = 0

    def choose(asked: Asked) -> Fault | None:
        nonlocal count
        count += 1
        return fault if count <= n else None

    return choose

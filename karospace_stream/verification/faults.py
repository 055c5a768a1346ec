"""Faults that verification finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["missing", "size", "checksum", "manifest", "value"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with one object.

    Attributes
    ----------
    what
        A sentence without the key.
    """

    key: str
    kind: Kind
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What `karospace_stream.verify` found. True where nothing is wrong.

    Attributes
    ----------
    n_objects, nbytes
        Objects and bytes that were read and checked.
    n_compared
        Objects whose content was compared with the source; 0 without one.
    faults
        What is wrong, in the order of the keys.
    notes
        What was not checked, and why.
    """

    target: str
    format: str
    n_objects: int
    nbytes: int
    n_compared: int
    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return not self.faults

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def sorted_faults(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Each once, by key."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: (fault.key, fault.kind, fault.what)))

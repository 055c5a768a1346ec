"""Faults that verification finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["missing", "size", "checksum", "manifest", "value"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one object.

    Attributes
    ----------
    key
        Path of the object in the export.
    kind
        Kind of fault: ``"missing"``, ``"size"``, ``"checksum"``, ``"manifest"`` or ``"value"``.
    what
        Description of the fault, to be read after the key.
    """

    key: str
    kind: Kind
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Result of `karospace_stream.verify`. It is true if there are no faults.

    Attributes
    ----------
    target
        Folder or URL of the export.
    format
        Format of the export, such as ``"karospace"``.
    n_objects, nbytes
        Number and size (bytes) of the checked objects.
    n_compared
        Number of objects that were compared with the source; 0 without a source.
    faults
        Faults, sorted by key.
    notes
        Parts that were not checked, and why.
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
        """Convert to plain data."""
        return asdict(self)


def sorted_faults(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Sort faults by key, and drop repeated ones."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: (fault.key, fault.kind, fault.what)))

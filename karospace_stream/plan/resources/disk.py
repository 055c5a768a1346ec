"""Bytes that an export writes to the local disks, and bytes that are free there."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes that one part of an export writes to a local folder.

    Attributes
    ----------
    what
        ``bundle`` or ``scratch``.
    path
        Where, absolute; it may not exist yet.
    least_nbytes, most_nbytes
        Lower and upper estimate.
    """

    what: str
    path: str
    least_nbytes: int
    most_nbytes: int


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Everything that an export writes to one local disk.

    Attributes
    ----------
    parts
        At least one.
    free_nbytes
        Free space of the disk at the time of planning; it does not decide whether two plans are equal.
    """

    parts: tuple[Written, ...]
    free_nbytes: int = field(compare=False)

    @property
    def least_nbytes(self) -> int:
        """Lower estimate of all parts together."""
        return sum(part.least_nbytes for part in self.parts)

    @property
    def most_nbytes(self) -> int:
        """Upper estimate of all parts together."""
        return sum(part.most_nbytes for part in self.parts)

    @property
    def is_too_small(self) -> bool:
        """Whether not even the lower estimate fits."""
        return self.least_nbytes > self.free_nbytes

    @property
    def shown(self) -> str:
        """The locations on this disk, for people."""
        return " and ".join(dict.fromkeys(part.path for part in self.parts))

    def to_json(self) -> dict[str, object]:
        """Convert to plain data."""
        return {
            "locations": [part.path for part in self.parts],
            "least_nbytes": self.least_nbytes,
            "most_nbytes": self.most_nbytes,
            "free_nbytes": self.free_nbytes,
        }

"""The interface of everything that a bundle holds of a tissue: sections, slides, shapes, transcripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, runtime_checkable

from karospace_stream.model.blob import Receipt
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.plan import StageCost
from karospace_stream.model.size import Size


@dataclass(frozen=True, slots=True)
class TissueWritten:
    """One part as written.

    Attributes
    ----------
    key
        Of ``atlas.json``.
    entry
        Its value there: plain data.
    kind
        Of its files in ``asset_files`` of the manifest.
    receipts
        All files.
    findings
        What became known only while it was written.
    """

    key: str
    entry: Any
    kind: str
    receipts: tuple[Receipt, ...]
    findings: tuple[Finding, ...] = ()


class TissuePart(Protocol):
    """The plan of one part: everything is decided, nothing is read but metadata. Picklable.

    What writes it is in `tissue.stages`.
    """

    @property
    def key(self) -> str:
        """Of ``atlas.json``."""
        ...

    @property
    def costs(self) -> tuple[StageCost, ...]:
        """Memory of its tasks, stage by stage."""
        ...

    @property
    def n_objects(self) -> int:
        """Files that it writes, at most."""
        ...

    @property
    def size(self) -> Size:
        """Their size."""
        ...

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of the plan."""
        ...

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Parts of the input that it leaves out."""
        ...


P = TypeVar("P")


def part_of(parts: Sequence[TissuePart], kind: type[P]) -> P:
    """The part of a kind, of which there is one at most."""
    return next(each for each in parts if isinstance(each, kind))


@runtime_checkable
class UsesScratch(Protocol):
    """A part whose tasks pass data on through scratch: `KarospaceJob.scratch`."""

    @property
    def scratch_nbytes(self) -> int:
        """Bytes, at most."""
        ...


def scratch_nbytes_of(part: TissuePart) -> int:
    """Bytes of scratch of a part; 0 if it needs none."""
    return part.scratch_nbytes if isinstance(part, UsesScratch) else 0


@runtime_checkable
class TakesTime(Protocol):
    """A part whose work grows with what lies beside the cells."""

    @property
    def seconds(self) -> float:
        """Estimate for one worker."""
        ...


@runtime_checkable
class ReadsFiles(Protocol):
    """A part that is made of files beside the input."""

    @property
    def fingerprint(self) -> str:
        """Changes when one of them does."""
        ...

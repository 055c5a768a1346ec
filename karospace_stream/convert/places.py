"""Where the exports go, and where fragments are kept."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from karospace_stream.convert.plan import ExportPlan
from karospace_stream.errors import TargetError
from karospace_stream.target import LocalTarget, begin_local
from karospace_stream.transpose.edge_scratch import EdgeScratch, FileEdgeScratch, MemoryEdgeScratch
from karospace_stream.transpose.scratch import FileScratch, MemoryScratch, Scratch
from karospace_stream.units import format_nbytes


def begin_targets(plan: ExportPlan, target: str | os.PathLike[str]) -> tuple[LocalTarget, ...]:
    """Make the staging folder of every format.

    Raises
    ------
    TargetError
        If one of the places cannot be written; then none is left behind.
    """
    begun: list[LocalTarget] = []
    several = len(plan.formats) > 1
    try:
        for each, place in zip(plan.formats, plan.options.places, strict=True):
            own = place or (Path(target) / each.name if several else target)
            begun.append(begin_local(own, sealed_by=each.sealed_by, overwrite=plan.options.overwrite))
    except BaseException:
        for made in begun:
            made.abort()
        raise
    return tuple(begun)


@dataclass(frozen=True, slots=True)
class RunScratch:
    """Where fragments of the matrix wait, and edges of the graph where there is one."""

    fragments: Scratch
    edges: EdgeScratch | None

    def remove(self) -> None:
        """Delete everything."""
        self.fragments.remove()
        if self.edges is not None:
            self.edges.remove()


def make_scratch(plan: ExportPlan) -> RunScratch:
    """Places for what one run leaves between its stages.

    Raises
    ------
    TargetError
        If a folder cannot be made, or its disk has less room than the plan may need.
    """
    fragments: Scratch = MemoryScratch(secrets.token_hex(8))
    edges: EdgeScratch | None = None
    if plan.transpose.strategy == "spill":
        fragments = FileScratch(_folder(plan, plan.transpose.scratch_nbytes // 8))
    if plan.graph is not None:
        turning = plan.graph.edges
        try:
            edges = (
                MemoryEdgeScratch(secrets.token_hex(8))
                if turning.in_memory
                else FileEdgeScratch(_folder(plan, turning.scratch_nbytes // 4))
            )
        except BaseException:
            fragments.remove()
            raise
    return RunScratch(fragments, edges)


def _folder(plan: ExportPlan, least_nbytes: int) -> str:
    """A new folder on a disk with some room: what is written is mostly a fraction of the most."""
    folder = Path(plan.options.scratch or tempfile.gettempdir())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        own = tempfile.mkdtemp(prefix="karospace-scratch-", dir=folder)
    except OSError as error:
        raise TargetError(
            f"--scratch {folder}: a folder could not be made there: {error.strerror or error}; "
            "name another with --scratch"
        ) from error
    free = shutil.disk_usage(folder).free
    if free < least_nbytes:
        Path(own).rmdir()
        raise TargetError(
            f"--scratch {folder}: up to {format_nbytes(plan.scratch_nbytes)} may be needed, "
            f"{format_nbytes(free)} are free; make room or name another folder with --scratch"
        )
    return own

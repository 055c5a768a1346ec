"""Check targets before a run; write nothing. Input, targets and scratch must not overlap."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

from karospace_stream.errors import BadOptionError, TargetError
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.shared_paths import refuse_to_send
from karospace_stream.pipeline.targets import target_requests
from karospace_stream.plan.checks.disk_space import refuse_full_disks
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.storage import is_url, local_path
from karospace_stream.storage.same import Name, is_in, names_of
from karospace_stream.targets import kind_of


@dataclass(frozen=True, slots=True)
class _Spot:
    """A file or a folder, with everything that may identify it.

    Attributes
    ----------
    names
        Of a URL.
    own, above
        Of a path: the system's identity of the file itself, and of its parent folders.
    """

    shown: str
    names: frozenset[Name] = frozenset()
    own: frozenset[object] = field(default=frozenset())
    above: frozenset[object] = field(default=frozenset())

    def lies_in(self, other: _Spot) -> bool:
        """Whether this location is the other, or inside it."""
        if self.names or other.names:
            return bool(self.names and other.names) and is_in(self.names, other.names)
        return bool((self.own | self.above) & other.own)


def check_run(plan: ExportPlan) -> None:
    """Refuse a run that cannot succeed, before anything is written.

    Raises
    ------
    BadOptionError, TargetError
        If an object in memory cannot be resumed or sent to a cluster, input and targets overlap, or a disk is
        too small. A resumable export starts anyway: it keeps what it has finished when the disk is full.
    """
    if plan.options.resume and plan.catalog.is_in_memory:
        raise BadOptionError(
            "--resume needs a path or a URL as input: an AnnData in memory is gone once its process ends"
        )
    if is_address(plan.options.scheduler):
        refuse_to_send(plan.source)
    refuse_overlaps(plan)
    if not plan.options.resume:
        refuse_full_disks(plan.disks)


def check_targets(plan: ExportPlan) -> None:
    """Check whether every format could be written to its target. URLs are not checked.

    Raises
    ------
    TargetError
        If something is there already, the folder cannot be written, or the disk has too little room.
    """
    refuse_overlaps(plan)
    for request in target_requests(plan):
        kind_of(request).check(request)
    refuse_full_disks(plan.disks)


def refuse_overlaps(plan: ExportPlan) -> None:
    """Refuse targets and scratch that are the input, or lie in it or around it.

    Resolves links, hard links, and other spellings of a path or URL.

    Raises
    ------
    TargetError, BadOptionError
        Names the overlapping paths.
    """
    options = plan.options
    targets = [_spot(target, options) for target in options.locations]
    inputs = [_spot(each, options) for each in _inputs(plan)]
    for target in targets:
        for each in inputs:
            _keep_apart(target, each)
    for one, other in permutations(targets, 2):
        if one.lies_in(other):
            raise BadOptionError(
                f"--format: the targets {one.shown} and {other.shown} are the same, or one is inside the "
                "other; give every format its own target"
            )
    if options.scratch is not None:
        scratch = _spot(options.scratch, options)
        for what, spot in (*(("input", each) for each in inputs), *(("target", each) for each in targets)):
            if scratch.lies_in(spot):
                raise TargetError(
                    f"--scratch {scratch.shown} must be outside the {what} {spot.shown}; name another folder"
                )


def _keep_apart(target: _Spot, read: _Spot) -> None:
    inside, around = target.lies_in(read), read.lies_in(target)
    if inside and around:
        raise TargetError(
            f"{target.shown}: the target must not be the input ({read.shown}), which is never replaced; "
            "name another target"
        )
    if inside:
        raise TargetError(
            f"{target.shown}: the target must be outside the input ({read.shown}), which is never "
            "changed; name another target"
        )
    if around:
        raise TargetError(
            f"{target.shown}: the target must not contain the input ({read.shown}), because all of it is "
            "replaced; move the input, or name another target"
        )


def _inputs(plan: ExportPlan) -> Iterator[str]:
    """Everything that is read: the inputs, a list of genes, an image."""
    yield from plan.catalog.locations
    yield from plan.options.input_files


def _spot(text: str, options: ExportOptions) -> _Spot:
    if is_url(text):
        return _Spot(text.partition("?")[0], names=names_of(text, options.storage_options))
    path = Path(os.path.realpath(local_path(text)))
    own, *above = (frozenset(_known_by(each)) for each in (path, *path.parents))
    return _Spot(local_path(text), own=own, above=frozenset().union(*above))


def _known_by(path: Path) -> Iterator[object]:
    yield path
    try:
        about = path.stat()
    except (OSError, ValueError):  # does not exist yet, or not a valid name
        return
    yield about.st_dev, about.st_ino

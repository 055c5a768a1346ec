"""What users are told of exports that were cut off."""

from __future__ import annotations

import os

from karospace_stream.convert.options import ExportOptions
from karospace_stream.convert.places import first_place
from karospace_stream.convert.resume.begin import Begun
from karospace_stream.convert.resume.found import CutOff


def what_was_left(last: CutOff, options: ExportOptions, target: str | os.PathLike[str]) -> str:
    """Of an export that this one does not go on with."""
    where = first_place(options, target)
    return (
        f"an earlier export to {where} was cut off when {last.n_done:,} of its tasks were done; this one "
        "begins anew and removes it in the end (--resume goes on with it instead, and karospace-stream clean "
        f"{where} only removes it)"
    )


def how_far(begun: Begun) -> str:
    """Of one that this one goes on with."""
    if begun.recut:
        return "continued, but other --memory, --workers or --strategy cut the work anew: all is done again"
    return f"continued: {begun.n_done:,} tasks were done before"

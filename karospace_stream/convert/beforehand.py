"""What can be known of a target before a run: nothing is written."""

from __future__ import annotations

import os

from karospace_stream.convert.apart import refuse_mixing
from karospace_stream.convert.known_files import KNOWN
from karospace_stream.convert.places import PACKING, places_of
from karospace_stream.convert.plan import ExportPlan
from karospace_stream.storage import is_url, local_path
from karospace_stream.target import check_local, check_local_zip, is_archive


def check_places(plan: ExportPlan, target: str | os.PathLike[str]) -> None:
    """Look whether every format could be written to its place. Of URLs nothing is known before.

    Raises
    ------
    TargetError
        If something is there already, the place may not be written, or the disk has too little room.
    """
    refuse_mixing(plan, target)
    for each, place in zip(plan.formats, places_of(plan.options, target), strict=True):
        nbytes, overwrite = plan.output_nbytes // len(plan.formats), plan.options.overwrite
        if is_url(place):
            continue
        if is_archive(place):
            check_local_zip(local_path(place), packing=PACKING, overwrite=overwrite, nbytes=nbytes)
            continue
        marks = each.shape.marks or (each.shape.sealed_by,)
        check_local(
            local_path(place), marks=marks, overwrite=overwrite, nbytes=nbytes, known=KNOWN[each.name]
        )

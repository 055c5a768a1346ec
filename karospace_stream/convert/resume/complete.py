"""An export that is there already, as a whole: killed after its seal, or asked for twice."""

from __future__ import annotations

import json
import os
from pathlib import Path

from karospace_stream import __version__
from karospace_stream.convert.format import FormatPlan
from karospace_stream.convert.known_files import KNOWN
from karospace_stream.convert.places import places_of
from karospace_stream.convert.plan import ExportPlan
from karospace_stream.convert.recorded import recorded_options
from karospace_stream.convert.report import Report
from karospace_stream.errors import TargetError
from karospace_stream.formats.checksums import CHECKSUMS, Listing, read_checksums
from karospace_stream.formats.documents import MOST_DOCUMENT_NBYTES
from karospace_stream.storage import is_url, local_path, read_regular
from karospace_stream.target import is_archive
from karospace_stream.target.older import refuse_foreign_folder
from karospace_stream.target.staging import absolute


def complete_already(plan: ExportPlan, target: str | os.PathLike[str]) -> Report | None:
    """The report of an export that lies at all places, in folders, and is newer than its input.

    It was made by this version, with these options, and nothing of it is missing or was changed.
    None where that is not so, or cannot be known.
    """
    newest = _newest(plan.catalog.location)
    places = places_of(plan.options, target)
    if newest is None or any(is_url(place) or is_archive(place) for place in places):
        return None
    found = [
        _whole(plan, each, absolute(local_path(place)), newest)
        for each, place in zip(plan.formats, places, strict=True)
    ]
    listings = [listing for listing in found if listing is not None]
    if len(listings) < len(places):
        return None
    return Report(
        n_cells=plan.selection.n_cells,
        n_genes=len(plan.selection.genes),
        n_objects=sum(len(listing.files) for listing in listings),
        nbytes=sum(size for listing in listings for size, _ in listing.files.values()),
        seconds=0.0,
        strategy=plan.transpose.strategy,
        workers=plan.workers,
        budget_nbytes=plan.budget_nbytes,
        projected_nbytes=plan.peak_nbytes,
        peak_nbytes=0,
        notes=plan.notes,
        targets=tuple(str(absolute(local_path(place))) for place in places),
    )


def _whole(plan: ExportPlan, format: FormatPlan, folder: Path, newest: float) -> Listing | None:
    try:
        listing = read_checksums(read_regular(folder / CHECKSUMS, MOST_DOCUMENT_NBYTES))
        made_at = (folder / CHECKSUMS).stat().st_mtime
        refuse_foreign_folder(folder, KNOWN[format.name])
        sizes = {key: (folder / key).stat().st_size for key in listing.files}
    except (OSError, ValueError, TargetError):
        return None
    wanted = json.loads(json.dumps(recorded_options(plan.source, plan.options, plan.selection)))
    same = listing.options == wanted and listing.format == format.name
    ours = listing.generator == f"karospace-stream {__version__}"
    there = all(sizes[key] == size for key, (size, _) in listing.files.items())
    return listing if same and ours and there and newest < made_at else None


def _newest(location: str) -> float | None:
    """When the input was last written to; None where it is no path of this machine."""
    path = Path(location)
    try:
        times = [path.stat().st_mtime]
        for folder, _, names in os.walk(path):
            times += [(Path(folder) / name).stat().st_mtime for name in (".", *names)]
    except (OSError, ValueError):
        return None
    return max(times)

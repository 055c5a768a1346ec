"""Detect an export that is already complete: killed after its seal, or requested twice."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from karospace_stream._version import __version__
from karospace_stream.errors import TargetError
from karospace_stream.formats.anndata.layout.archive import comment_of
from karospace_stream.formats.existing.known_files import known_files
from karospace_stream.formats.existing.recorded import recorded_options
from karospace_stream.formats.format import FormatPlan
from karospace_stream.formats.layout.checksums import CHECKSUMS, Listing, read_checksums
from karospace_stream.formats.layout.documents import MOST_DOCUMENT_NBYTES
from karospace_stream.pipeline.counting.count import count_genes
from karospace_stream.pipeline.report import Report
from karospace_stream.pipeline.resume.complete import publish_complete
from karospace_stream.pipeline.resume.find import Earlier
from karospace_stream.pipeline.resume.modified import when_written
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.planning import resolve_genes
from karospace_stream.runtime.events import Listener, Note
from karospace_stream.storage import Store, is_url, local_path, location_of, read_regular
from karospace_stream.targets import is_archive
from karospace_stream.targets.local.staging import absolute
from karospace_stream.targets.older import refuse_foreign_folder, refuse_foreign_objects
from karospace_stream.targets.zips.archive import open_archive


def publish_if_complete(plan: ExportPlan, earlier: Earlier, listener: Listener) -> Report | None:
    """Return the report of an export that needs no work; None if there is work to do.

    Publishes a complete run that was interrupted during publishing.

    Raises
    ------
    BadOptionError, TargetError
        As `publish_complete`.
    """
    cut_off, options = earlier.resumed, plan.options
    if cut_off is not None and cut_off.head is not None and cut_off.report is not None:
        resolved = resolve_genes(plan, partial(count_genes, listener=listener))
        publish_complete(resolved, cut_off.token, cut_off.head)
        listener(Note("resumed: the export was already complete; published now"))
        return cut_off.report
    done = complete_already(plan) if options.resume and not options.overwrite and cut_off is None else None
    if done is not None:
        listener(
            Note("nothing to do: the export is complete and has these options (--overwrite exports again)")
        )
    return done


def complete_already(plan: ExportPlan) -> Report | None:
    """Return the report of an export that exists at all targets and is newer than its input.

    It must come from this version, with these options, and no file may be missing or changed.
    None if that is not the case or cannot be determined.
    """
    written = [when_written(each, plan.options.storage_options) for each in plan.catalog.locations]
    known = [each for each in written if each is not None]
    if not known or len(known) < len(written):
        return None
    newest = max(known)
    locations = plan.options.locations
    found = [
        _listing_of(plan, each, location, newest)
        for each, location in zip(plan.formats, locations, strict=True)
    ]
    listings = [listing for listing in found if listing is not None]
    if len(listings) < len(locations):
        return None
    return Report(
        n_cells=plan.selection.n_cells,
        n_genes=len(plan.selection.genes),
        n_objects=sum(
            1 if is_archive(location) else len(each.files)
            for location, each in zip(locations, listings, strict=True)
        ),
        nbytes=sum(size for listing in listings for size, _ in listing.files.values()),
        seconds=0.0,
        strategy=plan.transpose.strategy,
        workers=plan.workers,
        budget_nbytes=plan.budget_nbytes,
        projected_nbytes=plan.peak_nbytes,
        peak_nbytes=0,
        findings=plan.findings,
        targets=tuple(_shown(location) for location in locations),
        left_out=plan.left_out,
        arranged=plan.arranged,
        changed=plan.selection.about.changed,
    )


def _shown(location: str) -> str:
    return location_of(location).shown if is_url(location) else str(absolute(local_path(location)))


def _url(location: str) -> str:
    return location if is_url(location) else f"file://{absolute(local_path(location))}"


def _listing_of(plan: ExportPlan, format: FormatPlan, location: str, newest: float) -> Listing | None:
    options = json.loads(json.dumps(recorded_options(plan.source, plan.options, plan.selection)))
    wanted = Listing(format.name, f"karospace-stream {__version__}", options, {})
    try:
        if is_archive(location):
            store = Store(location_of(_url(location), plan.options.storage_options))
            found, made_at = _in_zip(store, wanted)
        elif is_url(location):
            found, made_at = _on_store(Store(location_of(location, plan.options.storage_options)), format)
        else:
            found, made_at = _in_folder(absolute(local_path(location)), format)
    except (OSError, ValueError, LookupError, TargetError):
        return None
    same = (found.format, found.generator, found.options) == (
        wanted.format,
        wanted.generator,
        wanted.options,
    )
    return found if same and made_at is not None and newest < made_at else None


def _in_folder(folder: Path, format: FormatPlan) -> tuple[Listing, float]:
    listing = read_checksums(read_regular(folder / CHECKSUMS, MOST_DOCUMENT_NBYTES))
    made_at = (folder / CHECKSUMS).stat().st_mtime
    refuse_foreign_folder(folder, known_files(format.name))
    _refuse_other_sizes(listing, {key: (folder / key).stat().st_size for key in listing.files})
    return listing, made_at


def _on_store(store: Store, format: FormatPlan) -> tuple[Listing, float | None]:
    listing = read_checksums(store.read_document(CHECKSUMS, MOST_DOCUMENT_NBYTES))
    refuse_foreign_objects(store, known_files(format.name), format.layout.entries)
    there = store.find()
    _refuse_other_sizes(listing, {key: about.size for key, about in there.items()})
    return listing, there[CHECKSUMS].written_at


def _in_zip(store: Store, wanted: Listing) -> tuple[Listing, float | None]:
    """A zip does not contain its own list, but a digest of it."""
    about, archive = store.info(""), open_archive(store)
    files = {each.key: (each.size, each.crc32) for each in archive.entries}
    listing = Listing(wanted.format, wanted.generator, wanted.options, files)
    if about is None or archive.foreign or archive.comment != comment_of(listing):
        raise ValueError("another zip")
    return listing, about.written_at


def _refuse_other_sizes(listing: Listing, there: dict[str, int]) -> None:
    if any(there.get(key) != size for key, (size, _) in listing.files.items()):
        raise ValueError("something is missing")

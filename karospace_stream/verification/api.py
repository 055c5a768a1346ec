"""`karospace_stream.verify`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.existing.recorded import read_recorded
from karospace_stream.formats.layout.checksums import Listing
from karospace_stream.formats.registry import export_folder, format_of
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.general.given_table import read_tables
from karospace_stream.options.option import names_or_none
from karospace_stream.plan.open_input import open_input
from karospace_stream.progress.shown import python_progress
from karospace_stream.runtime.events import Listener, StageTotals, TaskDone
from karospace_stream.storage import StorageError, Store, is_url, local_path, location_of
from karospace_stream.units import counted, parse_nbytes
from karospace_stream.verification.bundles import Files, open_bundle
from karospace_stream.verification.faults import Fault, Verified, sorted_faults
from karospace_stream.verification.files import check_files, check_manifests
from karospace_stream.verification.given_inputs import check_inputs
from karospace_stream.verification.inferred_options import options_seen
from karospace_stream.verification.sink import ComparingSink
from karospace_stream.verification.values import compare_values

_SHOWN = 5


def verify(
    target: str | os.PathLike[str],
    *,
    source: Any = None,
    sample: int | None = None,
    memory: str | int | None = None,
    workers: int | None = None,
    scratch: str | os.PathLike[str] | None = None,
    obs_table: Any = None,
    obs_table_key: str | Sequence[str] | None = None,
    storage_options: Mapping[str, Any] | None = None,
    listener: Listener | None = None,
    progress: bool | None = None,
) -> Verified:
    """Check that an export is complete, and that it agrees with its source.

    Every object is read and compared with its size and checksum in ``checksums.json``, and the manifests are
    compared with that list. If ``source`` is given, it is exported again within a memory budget, but every
    object is compared with the export instead of being written.

    Parameters
    ----------
    target
        Folder or URL of an export of any format, or a ``.zarr.zip``; also over ``https://``.
    source
        The input of the export: a path, a URL or an ``AnnData``; for an export of several inputs, the same
        list, folder, pattern or file with a list. None checks only the objects.
    sample
        Number of genes to compare, drawn with a fixed seed; columns, embeddings and tables are always
        compared, and statistics and sums of these genes, and numbers of neighbouring groups. None compares
        all genes.
    memory, workers, scratch
        For the comparison with the source; as for `export`.
    obs_table, obs_table_key
        The tables that the export was made with, if there were any; as for `export`.
    storage_options
        As for `export`.
    listener
        Called with each progress event.
    progress
        Whether to show progress; as for `export`.

    Returns
    -------
    Verified
        True if there are no faults; ``faults`` lists them.

    Raises
    ------
    BadInputError
        If there is no export at ``target``, or it has no list of checksums, or ``source`` cannot be read.
    BadOptionError
        If ``sample`` is less than 1 or given without ``source``, or another option is invalid.
    BudgetError
        If the memory budget is too small for the comparison.

    Examples
    --------
    >>> bool(verify("bundle", source="atlas.h5ad", sample=100))  # doctest: +SKIP
    True
    """
    # Only this command has these options, so the messages must fit both the terminal and Python.
    if sample is not None and sample < 1:
        raise BadOptionError(f"sample must be at least 1, got {sample}")
    if sample is not None and source is None:
        raise BadOptionError(
            "sample needs source, the input to compare values with, but there is none; name it"
        )
    target = export_folder(os.fspath(target))
    store = Store(location_of(_url(target), storage_options))
    files, listing = open_bundle(store, _shown(target, store))
    notes: list[str] = []
    compared = 0
    with python_progress(progress, listener) as hear:
        faults = _check(files, listing, hear)
        if source is not None:
            tables = read_tables(obs_table)
            _refuse_without_tables(listing, tables, _shown(target, store))
            notes += check_inputs(source, listing, storage_options, _shown(target, store))
            options = replace(
                _options(source, files, listing, storage_options, store.shown),
                memory_nbytes=None if memory is None else parse_nbytes(memory),
                workers=workers,
                scratch=None if scratch is None else os.fspath(scratch),
                storage_options=storage_options,
                obs_table=tables,
                obs_table_key=names_or_none(obs_table_key),
            )
            sink = _sink(files, listing)
            notes += compare_values(source, options, sink, sample, hear)
            compared = len(sink.compared)
            faults += sink.faults
            notes += _notes(listing, sink, sample)
    return Verified(
        target=_shown(target, store),
        format=listing.format,
        n_objects=len(listing.files),
        nbytes=sum(size for size, _ in listing.files.values()),
        n_compared=compared,
        faults=sorted_faults(faults),
        notes=tuple(notes),
    )


def _check(files: Files, listing: Listing, listener: Listener) -> list[Fault]:
    listener(StageTotals({"check": len(listing.files)}))

    def note(n_read: int) -> None:
        for _ in range(n_read):
            listener(TaskDone("check"))

    try:
        return [*check_files(files, listing, note), *check_manifests(files, listing)]
    except (StorageError, PermissionError) as error:
        raise BadInputError(str(error)) from error


def _refuse_without_tables(listing: Listing, tables: Sequence[Any], where: str) -> None:
    """Refuse to compare columns of tables with a source that has none."""
    columns = listing.options.get("obs_table") if listing.options else None
    if columns and not tables:
        names = ", ".join(map(str, columns[:_SHOWN])) + (", …" if len(columns) > _SHOWN else "")
        raise BadOptionError(
            f"{where} has columns of obs from tables ({names}); name the same tables with --obs-table"
        )


def _options(
    source: Any, files: Files, listing: Listing, storage_options: Mapping[str, Any] | None, where: str
) -> ExportOptions:
    if listing.options:
        return read_recorded(listing.options, listing.format, where)
    catalog = open_input(source, ExportOptions(storage_options=storage_options)).catalog
    return options_seen(files, listing, catalog, where)


def _sink(files: Files, listing: Listing) -> ComparingSink:
    prefix = next((f"{key.split('/')[0]}/" for key in listing.files if key.startswith("v-")), "")
    # They contain a time stamp, and their statements about the other files were checked.
    dated = format_of(listing.format).dated
    return ComparingSink(files, listing, prefix, frozenset({*dated, *(f"{prefix}{key}" for key in dated)}))


def _notes(listing: Listing, sink: ComparingSink, sample: int | None) -> list[str]:
    notes = []
    if listing.options.get("image") == "file":
        notes.append("the image came from another file, so only its checksum was checked")
    if listing.options.get("transcripts") == "file":
        notes.append("the transcripts came from another file, so only their checksums were checked")
    left = set(listing.files) - set(sink.compared) - sink.skipped
    if sample is None and left and "file" not in map(listing.options.get, ("image", "transcripts")):
        notes.append(
            f"{counted(len(left), 'object')} {'does' if len(left) == 1 else 'do'} not come from the source"
        )
    return notes


def _url(target: str | os.PathLike[str]) -> str:
    text = os.fspath(target)
    return text if is_url(text) else f"file://{Path(local_path(text)).expanduser().absolute()}"


def _shown(target: str | os.PathLike[str], store: Store) -> str:
    return store.shown if is_url(os.fspath(target)) else os.fspath(target)

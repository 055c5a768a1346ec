"""Open an input of any kind as one source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

from karospace_stream.inputs.folders.open import open_folder
from karospace_stream.inputs.folders.registry import folder_kinds
from karospace_stream.inputs.joined.join import join_inputs
from karospace_stream.inputs.kinds.loom.kind import Loom
from karospace_stream.inputs.kinds.mudata.kind import MuData, check_modality
from karospace_stream.inputs.kinds.mudata.prepare import with_turned_sides
from karospace_stream.inputs.kinds.spatialdata.kind import SpatialDataKind, check_table, prepared_later
from karospace_stream.inputs.kinds.tenx.kind import TenX, check_features
from karospace_stream.inputs.listing.expand import expand
from karospace_stream.inputs.listing.listed import Listed
from karospace_stream.inputs.named import NamedInput
from karospace_stream.inputs.tables.join import with_tables
from karospace_stream.model.finding import Finding
from karospace_stream.model.source import Source
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.options.general.joining import JoinOptions
from karospace_stream.options.option import declared
from karospace_stream.source import open_source
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.resolve.kind import Kind
from karospace_stream.storage import is_url

_AT_ONCE = 8  # inputs over the network


def open_input(x: Any, options: InputOptions, storage_options: Mapping[str, Any] | None = None) -> Source:
    """Open an input; reads its metadata only.

    Parameters
    ----------
    x
        A path or URL of an input, of a folder of inputs, of a pattern or of a manifest; an ``AnnData``; or
        several of these, in a list, or in a dictionary by name.
    options
        How it is read.
    storage_options
        How to get into the stores of URLs.

    Raises
    ------
    BadInputError, BadOptionError
        If it cannot be read, or not with these options.
    """
    listed = expand(x, storage_options)
    source = _open_listed(listed, options, storage_options)
    if noticed := (*listed.findings, *_without_effect(listed, options)):
        catalog = source.catalog
        source = replace(source, catalog=replace(catalog, findings=(*noticed, *catalog.findings)))
    return with_tables(source, options, storage_options)


def _open_listed(
    listed: Listed, options: InputOptions, storage_options: Mapping[str, Any] | None
) -> AnnDataSource:
    if not listed.is_several and options.labels is None:
        return open_one(listed.inputs[0].input, options, storage_options)
    opened = _open_all([each.input for each in listed.inputs], options, storage_options)
    named = [
        NamedInput(each.key, source, each.columns) for each, source in zip(listed.inputs, opened, strict=True)
    ]
    return join_inputs(named, options, listed.name)


def _without_effect(listed: Listed, options: InputOptions) -> Iterator[Finding]:
    """Options that join, for one input: no error, since a pattern may find just one."""
    if len(listed.inputs) > 1 or isinstance(listed.inputs[0].input, AnnDataSource):  # several, joined before
        return
    for each in declared(JoinOptions):  # of a grid of one, and a column of one value, the plan says it
        is_given = getattr(options, each.field) != each.stored_default
        if is_given and each.name in ("join", "merge", "index_unique"):
            yield Finding("one-input", "there is one input, so nothing is joined", each.name, each.default)


def _open_all(
    inputs: Sequence[Any], options: InputOptions, storage_options: Mapping[str, Any] | None
) -> list[AnnDataSource]:
    """Open several, those at URLs a few at a time."""
    open_it = partial(open_one, options=options, storage_options=storage_options)
    if not any(isinstance(each, str) and is_url(each) for each in inputs):
        return [open_it(each) for each in inputs]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(open_it, inputs))


def open_one(x: Any, options: InputOptions, storage_options: Mapping[str, Any] | None) -> AnnDataSource:
    """Open a single input: a path, a URL, an ``AnnData``, or a source that is open already."""
    if isinstance(x, AnnDataSource):
        return x
    folder = open_folder(x, folder_kinds(options), storage_options)
    if folder is not None:
        check_modality(folder.catalog, options.modality)
        check_table(folder.catalog, options.table)
        return folder
    source = open_source(x, storage_options=storage_options, kinds=kinds_of(options))
    check_modality(source.catalog, options.modality)
    check_table(source.catalog, options.table)
    check_features(source.catalog, options)
    return prepared_later(with_turned_sides(source, options))


def kinds_of(options: InputOptions) -> tuple[Kind, ...]:
    """Every kind of file and store that is read besides an AnnData."""
    return (Loom(), MuData(options.modality), TenX(options), SpatialDataKind(options.table))

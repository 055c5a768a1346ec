"""Open the input of an export; the error knows what people confuse."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.registry import export_folder, sure_heads
from karospace_stream.inputs.listing.expand import is_several
from karospace_stream.inputs.open import open_input as open_any
from karospace_stream.inputs.tables.join import with_tables
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.option import flag_of
from karospace_stream.plan.lazy_source import OpenedSource, read_with
from karospace_stream.source.anndata_source import AnnDataSource

_DATA = re.compile(r"\.(h5ad|zarr|h5|h5mu|loom)$", re.IGNORECASE)


def open_input(source: Any, options: ExportOptions) -> Source:
    """Open a path, a URL, an ``AnnData``, what `open_source` gave, or several of these.

    Raises
    ------
    BadInputError
        As `karospace_stream.inputs.open.open_input`; also says if the input is an export, or if input and
        target seem to be swapped.
    BadOptionError
        If what `open_source` gave was opened with other options.
    """
    if isinstance(source, OpenedSource):
        _refuse_other_options(source, options)
        opened = source.source
        if options.obs_table and not opened.catalog.tables and isinstance(opened, AnnDataSource):
            return with_tables(opened, options, options.storage_options)
        return opened
    try:
        return open_any(_with_sources(source), options, options.storage_options)
    except BadInputError as error:
        paths = [os.fspath(each) for each in _several(source) if isinstance(each, (str, os.PathLike))]
        raise BadInputError(_better(str(error), paths, options)) from error


def _refuse_other_options(opened: OpenedSource, options: ExportOptions) -> None:
    given, wanted = dict(opened.read_with), read_with(options)
    other = next((name for name in {**wanted, **given} if wanted.get(name) != given.get(name)), None)
    if other is not None and wanted:
        raise BadOptionError(
            f"{flag_of(other)} says how the input is read, but open_source has opened it already; give the "
            "option to open_source"
        )


def _several(source: Any) -> list[Any]:
    if isinstance(source, Mapping):
        return list(source.values())
    return list(source) if is_several(source) else [source]


def _with_sources(source: Any) -> Any:
    """The inputs, in which sources stand for what `open_source` gave."""
    if isinstance(source, Mapping):
        return dict(zip(source, map(_with_sources, source.values()), strict=True))
    if is_several(source):
        return [_with_sources(each) for each in source]
    return source.source if isinstance(source, OpenedSource) else source


def _better(sentence: str, paths: Sequence[str], options: ExportOptions) -> str:
    for path in paths:
        # Those of os.path answer False, not with an error, for a name that no file may have.
        folder = os.path.expanduser(export_folder(path))  # noqa: PTH111
        if any(os.path.isfile(Path(folder, head)) for head in sure_heads()):  # noqa: PTH113
            return f"{path} is an export, not an AnnData; show it with: karospace-stream serve {folder}"
    if any(_DATA.search(each) and os.path.exists(each) for each in options.locations):  # noqa: PTH110
        return f"{sentence}; are input and target swapped? The input comes first"
    return sentence

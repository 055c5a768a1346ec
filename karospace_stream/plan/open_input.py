"""Open the input of an export; the error knows what people confuse."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.formats.registry import export_folder, sure_heads
from karospace_stream.inputs.open import open_input as open_any
from karospace_stream.inputs.tables.join import with_tables
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.lazy_source import OpenedSource
from karospace_stream.source.anndata_source import AnnDataSource

_DATA = re.compile(r"\.(h5ad|zarr)$", re.IGNORECASE)


def open_input(source: Any, options: ExportOptions) -> Source:
    """Open a path, a URL, an ``AnnData``, or what `open_source` gave.

    Raises
    ------
    BadInputError
        As `karospace_stream.inputs.open.open_input`; also says if the input is an export, or if input and
        target seem to be swapped.
    """
    if isinstance(source, OpenedSource):
        opened = source.source
        if options.obs_table and not opened.catalog.tables and isinstance(opened, AnnDataSource):
            return with_tables(opened, options, options.storage_options)
        return opened
    try:
        return open_any(source, options, options.storage_options)
    except BadInputError as error:
        if not isinstance(source, (str, os.PathLike)):
            raise
        raise BadInputError(_better(str(error), os.fspath(source), options)) from error


def _better(sentence: str, path: str, options: ExportOptions) -> str:
    # Those of os.path answer False, not with an error, for a name that no file may have.
    folder = os.path.expanduser(export_folder(path))  # noqa: PTH111
    if any(os.path.isfile(Path(folder, head)) for head in sure_heads()):  # noqa: PTH113
        return f"{path} is an export, not an AnnData; show it with: karospace-stream serve {folder}"
    if any(_DATA.search(each) and os.path.exists(each) for each in options.locations):  # noqa: PTH110
        return f"{sentence}; are input and target swapped? The input comes first"
    return sentence

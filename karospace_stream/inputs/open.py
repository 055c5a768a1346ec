"""Open an input of any kind as one source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.model.source import Source
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.source import open_source
from karospace_stream.source.resolve.kind import Kind


def open_input(x: Any, options: InputOptions, storage_options: Mapping[str, Any] | None = None) -> Source:
    """Open an input; reads its metadata only.

    Parameters
    ----------
    x
        A path, a URL, or an ``AnnData``.
    options
        How it is read.
    storage_options
        How to get into the stores of URLs.

    Raises
    ------
    BadInputError, BadOptionError
        If it cannot be read, or not with these options.
    """
    return open_source(x, storage_options=storage_options, kinds=kinds_of(options))


def kinds_of(options: InputOptions) -> tuple[Kind, ...]:
    """Every kind of file and store that is read besides an AnnData."""
    return ()

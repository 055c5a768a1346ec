"""One input of several: where it is from, and what a list of inputs says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from karospace_stream.source.anndata_source import AnnDataSource


@dataclass(frozen=True, slots=True)
class NamedInput:
    """An opened input and its name.

    Attributes
    ----------
    key
        Name of the input: of its file, or the key of a dictionary.
    source
        The input itself.
    columns
        Values of a manifest that become columns of obs, by the name of the column.
    """

    key: str
    source: AnnDataSource
    columns: Mapping[str, str] = field(default_factory=dict)

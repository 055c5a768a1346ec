"""A list of inputs, and what people call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from karospace_stream.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Given:
    """One input, not opened yet.

    Attributes
    ----------
    input
        A path, a URL, an ``AnnData`` or an opened source.
    key
        Its name. Empty until `expand` has made one, unless the user gave it.
    columns
        Obs columns that a manifest adds, each with one value for all cells.
    """

    input: Any
    key: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """All inputs in their order.

    Attributes
    ----------
    name
        Name of the data set, if it is several: that of the folder or the manifest. Empty if nothing says it.
    findings
        What was passed over.
    """

    inputs: tuple[Given, ...]
    name: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def is_several(self) -> bool:
        """Whether they must be joined, or a manifest adds columns to the only one."""
        return len(self.inputs) > 1 or any(each.columns for each in self.inputs)

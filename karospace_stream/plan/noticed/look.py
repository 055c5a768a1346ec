"""What a detector may look at."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.model.catalog import Catalog
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions


@dataclass(frozen=True, slots=True)
class Look:
    """The input as it will be exported.

    Attributes
    ----------
    source
        Without the parts that the user takes out.
    selection
        Cells and genes, not yet the columns and embeddings, which each format chooses; None while the input
        is only inspected.
    """

    source: Source
    options: ExportOptions
    selection: Selection | None = None

    @property
    def catalog(self) -> Catalog:
        """Contents of the source."""
        return self.source.catalog

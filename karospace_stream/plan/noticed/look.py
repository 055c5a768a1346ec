"""The input of a detector."""

from __future__ import annotations

from dataclasses import dataclass, field

from karospace_stream.model.catalog import Catalog
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.noticed.value_sample import ValueSample, sample_values


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
    placed
        How many cells have finite coordinates, by the source of the coordinates that were looked at.
    """

    source: Source
    options: ExportOptions
    selection: Selection | None = None
    placed: dict[tuple[str, ...], int] = field(default_factory=dict, repr=False)
    _samples: dict[tuple[str, int], ValueSample | None] = field(default_factory=dict, repr=False)

    def values_of(self, name: str, n_places: int) -> ValueSample | None:
        """A sample of a matrix, read once for all detectors."""
        if (name, n_places) not in self._samples:
            self._samples[name, n_places] = sample_values(self.source.matrix(name), n_places)
        return self._samples[name, n_places]

    @property
    def catalog(self) -> Catalog:
        """Contents of the source."""
        return self.source.catalog

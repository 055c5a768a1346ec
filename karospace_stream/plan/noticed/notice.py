"""Ask every detector what it notices about an input."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from karospace_stream.model.finding import Finding
from karospace_stream.plan.noticed.cells_without_coordinates import cells_without_coordinates
from karospace_stream.plan.noticed.constant_columns import constant_columns
from karospace_stream.plan.noticed.default_embedding import missing_default
from karospace_stream.plan.noticed.external_files import external_files
from karospace_stream.plan.noticed.gene_names import symbols_found
from karospace_stream.plan.noticed.look import Look
from karospace_stream.plan.noticed.overlapping_sections import overlapping_sections
from karospace_stream.plan.noticed.values import kind_of_values, summed_values
from karospace_stream.plan.sections.images import images_of_unknown_cells

#: Reads little, whatever the size of the input: a plan must stay quick, also of an input over the network.
Detector = Callable[[Look], Iterator[Finding]]

#: In the order in which people read the findings. `docs/reference/findings.md` lists their codes.
DETECTORS: tuple[Detector, ...] = (
    external_files,
    kind_of_values,
    summed_values,
    symbols_found,
    overlapping_sections,
    images_of_unknown_cells,
    missing_default,
    cells_without_coordinates,
    constant_columns,
)


def notice(look: Look) -> tuple[Finding, ...]:
    """What readers and detectors notice. What a format notices comes with its own plan."""
    noticed = (finding for detect in DETECTORS for finding in detect(look))
    return (*look.source.catalog.findings, *noticed)

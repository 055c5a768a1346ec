"""Images of an input that is only inspected; a plan tells of those of its export."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from karospace_stream.errors import KaroSpaceError
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection
from karospace_stream.plan.noticed.look import Look
from karospace_stream.plan.sections.decide import decide_sections


def images_of_unknown_cells(look: Look) -> Iterator[Finding]:
    """Findings about images that an export would leave out, or not show under the cells."""
    catalog = look.catalog
    if look.selection is not None or catalog.remote or not catalog.images:
        return
    every = Selection(
        matrix="",
        cells=None,
        n_cells=catalog.n_cells,
        genes=np.zeros(0, dtype=np.int64),
        labels=(),
        columns=(),
        embeddings=(),
    )
    try:
        _, findings = decide_sections(look.source, look.options, every)
    except KaroSpaceError:  # nothing can be drawn, or a column is damaged: a plan says so
        return
    yield from findings

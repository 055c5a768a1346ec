"""Fewer cells than requested."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.model.finding import Finding
from karospace_stream.plan.noticed.look import Look
from karospace_stream.units import counted


def fewer_cells(look: Look) -> Iterator[Finding]:
    """A finding if the input has fewer cells than ``downsample`` would keep."""
    wanted, n_cells = look.options.downsample, look.catalog.n_cells
    if wanted is not None and wanted > n_cells:
        text = f"the file has {counted(n_cells, 'cell')}, fewer than {wanted:,}: all are exported"
        yield Finding("fewer-cells", text, "downsample")

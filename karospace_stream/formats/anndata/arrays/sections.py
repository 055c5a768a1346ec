"""Write the sections of a tissue, and the rows that cells had in the input."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import ArraySpec
from karospace_stream.formats.anndata.layout.groups import ARRAY, TEXT, Node, dict_group, encoding
from karospace_stream.formats.anndata.unstructured import SECTIONS
from karospace_stream.formats.cells.source_rows import is_moved, row_tiles
from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.model.blob import Receipt


def write_sections(job: AnnDataJob) -> Written:
    """The column, the names (empty for cells without a section), the first cell of each, and the rows."""
    sections, chosen = job.source.catalog.sections, job.selection
    if sections is None:
        return Written((), ())
    items = sections.ranges(chosen.cells)
    values: dict[str, npt.NDArray[np.generic]] = {
        "column": np.array(sections.column, object),
        "names": np.array([name or "" for name, _, _ in items], object),
        "starts": np.array([start for _, start, _ in items], np.int64),
    }
    nodes: list[Node] = [dict_group(f"uns/{SECTIONS}")]
    receipts: list[Receipt] = []
    for name, each in values.items():
        is_text = each.dtype == object
        about = ARRAY if not is_text else TEXT if each.ndim else encoding("string", "0.2.0")
        spec = ArraySpec(
            f"uns/{SECTIONS}/{name}", each.shape, each.shape, "str" if is_text else "int64", attributes=about
        )
        nodes.append(spec)
        receipts += job.chunks.put(spec, (0,) * each.ndim, each)
    if is_moved(sections, chosen.cells):
        height = min(TILE, chosen.n_cells)
        spec = ArraySpec(f"uns/{SECTIONS}/rows", (chosen.n_cells,), (height,), "uint32", attributes=ARRAY)
        nodes.append(spec)
        for number, rows in enumerate(row_tiles(sections, chosen.cells, 0, chosen.n_cells)):
            # The last chunk is as long as the others.
            padded = np.zeros(height, np.uint32)
            padded[: len(rows)] = rows
            receipts += job.chunks.put(spec, (number,), padded)
    return Written(tuple(nodes), tuple(receipts))

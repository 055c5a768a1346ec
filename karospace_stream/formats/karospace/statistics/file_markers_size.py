"""Files of markers that the input has already, and their size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from karospace_stream.formats.karospace.layout.file_markers import COLUMNS
from karospace_stream.formats.karospace.statistics.size import BEST
from karospace_stream.model.catalog import RankingInfo
from karospace_stream.model.size import Size

_ENTRY = Size(120, 260)  # what the documents say about a file
_BEST_GENE = Size(40, 75)
_PACKED = Size(0.3, 1.0)


def file_markers_files(several: Sequence[RankingInfo], *, gzip: bool) -> tuple[int, Size]:
    """Number of files, and their size together with what the documents say about them."""
    n_files, size = 0, Size()
    for each in several:
        told = {*each.columns, *each.shares}
        width = 4 + sum(np.dtype(dtype).itemsize for stored, _, dtype in COLUMNS if stored in told)
        n_files += 1 + len(each.groups)
        size += Size.exactly(width * each.n_values).packed(_PACKED, when=gzip)
        size += (_BEST_GENE * (len(each.groups) * min(BEST, each.n_ranks))).packed(_PACKED, when=gzip)
    return n_files, size + _ENTRY * n_files

"""Where the frames of striped runs end: a table after each run, read in pages and cached for a while."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from karospace_stream.storage import Store
from karospace_stream.transpose.stripes import Span, read_spans

_PAGE_FRAMES = 32
_PAGES_KEPT = 4
#: Bytes of all cached pages, and of one being read, for each run.
PAGES_NBYTES = 2_000

Runs = tuple[tuple[str, int], ...]
"""Key and size of each run; a run ends with the ends of its frames, little-endian uint64."""


def frame_spans(store: Store, runs: Runs, frame: int, n_frames: int) -> list[Span]:
    """Spans of one frame in each run. A task requests adjacent frames, so a page is read once."""
    page = frame // _PAGE_FRAMES
    bounds = _page(store, runs, page, n_frames)
    at = frame - page * _PAGE_FRAMES
    pairs = bounds[:, at : at + 2].tolist()
    return [(key, start, stop) for (key, _), (start, stop) in zip(runs, pairs, strict=True)]


@lru_cache(maxsize=_PAGES_KEPT)
def _page(store: Store, runs: Runs, page: int, n_frames: int) -> npt.NDArray[np.uint64]:
    """For each run, the end before the first frame of a page, then those of its frames."""
    first = page * _PAGE_FRAMES
    stop = min(first + _PAGE_FRAMES, n_frames)
    begin = max(0, first - 1)  # before the very first frame there is nothing
    tables = [size - 8 * n_frames for _, size in runs]
    spans = [(key, table + 8 * begin, table + 8 * stop) for (key, _), table in zip(runs, tables, strict=True)]
    bounds = np.zeros((len(runs), stop - first + 1), "<u8")
    for row, packed in zip(bounds, read_spans(store, spans), strict=True):
        row[first == 0 :] = np.frombuffer(packed, "<u8")
    return bounds

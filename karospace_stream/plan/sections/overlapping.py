"""Find a column whose groups, the sections of a tissue, lie on top of each other.

Reads at most 200,000 cells: all of a smaller file, else ranges from end to end of it. What is measured is in
`derive.sections.overlap`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.sections.labels import labels_of
from karospace_stream.derive.sections.overlap import (
    IRREGULAR,
    MOST_OVERLAP,
    REGULAR,
    central,
    large_groups,
    overlap,
    regularity,
    regularity_within,
)
from karospace_stream.formats.cells.tiles import coords_of_rows
from karospace_stream.model.selection import EmbeddingChoice
from karospace_stream.model.source import Source
from karospace_stream.select.sections.names import section_columns

_MOST_CELLS = 200_000
_RANGES, _REMOTE_RANGES = 50, 10  # each costs a chunk, over the network a request too
_MOST_SECTIONS = 1_000  # of a column with the name of sections
_MOST_GROUPS = 200  # of another one
_LEAST_CELLS = 200

Points = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Overlapping:
    """A column whose groups overlap, how many there are, and the share of cells that lie in another's box."""

    column: str
    n_groups: int
    share: float


class _Sample:
    """Some cells of the tissue."""

    def __init__(self, source: Source, choice: EmbeddingChoice) -> None:
        self._source = source
        self._ranges = _ranges(source)
        read = [coords_of_rows(source, choice, *each)[:, :2].astype(np.float64) for each in self._ranges]
        points = np.concatenate(read)
        self._placed = np.isfinite(points).all(axis=1)
        self.points: Points = points[self._placed]
        self.is_whole = sum(stop - start for start, stop in self._ranges) == source.catalog.n_cells

    def codes(self, column: str, most: int) -> tuple[Codes, int] | None:
        """Groups of the cells, -1 without a value, and their number; None unless it is 2 to ``most``."""
        known = dict[str, int]()
        parts = []
        for start, stop in self._ranges:
            names, codes = labels_of(self._source.obs_column(column, start, stop))
            by_code = np.full(len(names), -1, np.intp)
            for code in np.unique(codes).tolist():
                if (name := names[code]) is not None:
                    by_code[code] = known.setdefault(name, len(known))
            if len(known) > most:
                return None
            parts.append(by_code[codes])
        return (np.concatenate(parts)[self._placed], len(known)) if len(known) > 1 else None


def find_overlapping(source: Source, choice: EmbeddingChoice) -> Overlapping | None:
    """The most certain column of sections that overlap almost wholly in the coordinates of a tissue.

    A column with the name of sections needs nothing but that. Any other, such as a donor, must tell cells
    apart that could not lie in one section.
    """
    with source.kept_open():
        sample = _Sample(source, choice)
        return next(_named(source, sample), None) or _unnamed(source, sample)


def named_overlapping(source: Source, choice: EmbeddingChoice) -> Overlapping | None:
    """The same, only among columns with the name of sections."""
    if not section_columns(source.catalog.obs):
        return None
    with source.kept_open():
        return next(_named(source, _Sample(source, choice)), None)


def _named(source: Source, sample: _Sample) -> Iterator[Overlapping]:
    for info in section_columns(source.catalog.obs):
        found = sample.codes(info.name, _MOST_SECTIONS)
        if found is not None and (share := overlap(sample.points, found[0])) > MOST_OVERLAP:
            n_groups = found[1] if sample.is_whole else info.n_categories or found[1]
            yield Overlapping(info.name, n_groups, share)


def _unnamed(source: Source, sample: _Sample) -> Overlapping | None:
    """Only of a sample that is whole: neighbours of a cell may be missing in another."""
    if not sample.is_whole or len(sample.points) < _LEAST_CELLS:
        return None
    near = central(sample.points)
    points = sample.points[near]
    candidates = _candidates(source, sample, near)
    first = next(candidates, None)  # without any, no distance is worth its computation
    if first is None or regularity(points) > IRREGULAR:
        return None
    best: tuple[float, Overlapping] | None = None
    for name, codes, n_groups in chain([first], candidates):
        apart = regularity_within(points, codes[near])
        if apart > max(REGULAR, 0.0 if best is None else best[0]):
            share = overlap(sample.points, codes)
            if share > MOST_OVERLAP:
                best = (apart, Overlapping(name, n_groups, share))
    return None if best is None else best[1]


def _candidates(source: Source, sample: _Sample, near: Codes) -> Iterator[tuple[str, Codes, int]]:
    """Columns with groups that are large enough to be told apart, the codes of the cells, their number."""
    for info in source.catalog.obs:
        if info.kind == "category" and 2 <= (info.n_categories or 0) <= _MOST_GROUPS:
            found = sample.codes(info.name, _MOST_GROUPS)
            if found is not None and len(large_groups(found[0][near])) > 1:
                yield info.name, *found


def _ranges(source: Source) -> list[tuple[int, int]]:
    n_cells = source.catalog.n_cells
    if n_cells <= _MOST_CELLS:
        return [(0, n_cells)]
    n_ranges = _REMOTE_RANGES if source.catalog.remote else _RANGES
    length = _MOST_CELLS // n_ranges
    starts = np.linspace(0, n_cells - length, n_ranges).astype(np.int64).tolist()
    return [(start, start + length) for start in starts]

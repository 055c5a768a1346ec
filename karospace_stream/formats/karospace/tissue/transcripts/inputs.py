"""The transcripts of the input itself, or of each of several, where its cells are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.sections.boxes import Box, GroupBoxes
from karospace_stream.derive.sections.labels import labels_of
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cells.tiles import read_column, read_coords, tiles
from karospace_stream.formats.left_out import name_some
from karospace_stream.inputs.transcripts.open import open_transcripts, own_transcripts
from karospace_stream.inputs.transcripts.several import SeveralTables, Shift
from karospace_stream.inputs.transcripts.table import TranscriptTable
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.cell_sections import GroupName
from karospace_stream.model.finding import Finding
from karospace_stream.model.inputs.several import InputInfo
from karospace_stream.model.sections import Arrangement
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.source import Source

#: Of the cells of each input that are exported.
Groups = list[set[GroupName]]
_NAMED = 3
#: Share of the box of an input from which on two lie over each other.
_MUCH = 0.5
_ANY: set[GroupName] = {None}


def own_tables(
    source: Source,
    selection: Selection,
    choice: EmbeddingChoice,
    made: Arrangement | None,
    columns: tuple[str, ...],
    storage_options: Mapping[str, Any] | None,
) -> tuple[TranscriptTable, tuple[Finding, ...]]:
    """Open those of the input, or of each of its inputs.

    Parameters
    ----------
    choice
        The coordinates that they lie in.
    made
        How the sections in their coordinates are laid out; None if they are not.

    Raises
    ------
    BadInputError, BadOptionError
        If there are none, or it is not known where they belong.
    """
    catalog = source.catalog
    several: tuple[Catalog | InputInfo, ...] = catalog.inputs or (catalog,)
    paths = [own_transcripts(each.kind, each.location, storage_options) for each in several]
    if not any(paths):
        raise BadOptionError(
            f"--transcripts own: {catalog.location} has no transcripts; name a file of them with "
            "--transcripts PATH"
        )
    groups = _groups(source, selection, made) if made is not None or len(several) > 1 else [_ANY]
    tables, shifts, unused = list[TranscriptTable](), list[Shift](), list[str]()
    for each, path, own in zip(several, paths, groups, strict=True):
        if not path:
            continue
        if not own:
            unused.append(each.name)
            continue
        tables.append(open_transcripts(path, columns, storage_options))
        shifts.append((0.0, 0.0) if made is None else _shift(made, own, path))
    if not tables:
        raise BadOptionError(
            f"--transcripts own: no cells are exported of the inputs with transcripts, "
            f"{name_some(unused, _NAMED)}"
        )
    table = (
        tables[0] if len(tables) == 1 and not any(shifts[0]) else SeveralTables(tuple(tables), tuple(shifts))
    )
    lacking = [each.name for each, path in zip(several, paths, strict=True) if not path]
    findings = _findings(lacking, unused)
    if made is None and len(tables) > 1 and _overlap(source, selection, choice):
        findings.append(_overlapping(len(tables)))
    return table, tuple(findings)


def _groups(source: Source, selection: Selection, made: Arrangement | None) -> Groups:
    """The sections that the exported cells of each input are in; one for all if none are laid out."""
    sizes = [each.n_cells for each in source.catalog.inputs or (source.catalog,)]
    found: Groups = [set() for _ in sizes]
    columns = None if made is None else read_column(source, selection, made.column, 0, selection.n_cells)
    for numbers in _inputs_of_cells(source, selection, sizes):
        names: list[GroupName] = [None]
        codes = np.zeros(len(numbers), np.intp)
        if columns is not None:
            names, codes = labels_of(next(columns))
        for pair in np.unique(numbers * len(names) + codes).tolist():
            number, code = divmod(pair, len(names))
            found[number].add(names[code])
    return found


def _inputs_of_cells(
    source: Source, selection: Selection, sizes: Sequence[int]
) -> Iterator[npt.NDArray[np.intp]]:
    """The number of the input that each exported cell is from, tile by tile."""
    ends, sections = np.cumsum(sizes), source.catalog.sections
    order = None if sections is None else sections.order
    for start, stop, offsets in tiles(selection, 0, selection.n_cells):
        rows = np.arange(start, stop) if order is None else order.rows(start, stop)
        yield np.searchsorted(ends, rows if offsets is None else rows[offsets], side="right")


def _overlap(source: Source, selection: Selection, choice: EmbeddingChoice) -> bool:
    """Whether the cells of two inputs lie over each other."""
    inputs, found = source.catalog.inputs, GroupBoxes()
    names: list[GroupName] = [each.name for each in inputs]
    numbers = _inputs_of_cells(source, selection, [each.n_cells for each in inputs])
    for points in read_coords(source, selection, choice, 0, selection.n_cells):
        found.add(names, next(numbers), points)
    return any(_common(*pair) > _MUCH for pair in combinations(found.boxes.values(), 2))


def _common(one: Box, other: Box) -> float:
    """Share of the smaller box that both have in common."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    smaller = min(one.width * one.height, other.width * other.height)
    return 0.0 if min(width, height, smaller) <= 0 else width * height / smaller


def _shift(made: Arrangement, own: set[GroupName], path: str) -> Shift:
    """That of the one section of an input."""
    placed = own & set(made.groups)
    if len(placed) > 1:
        listed = name_some([str(each) for each in sorted(placed, key=str)], _NAMED)
        raise BadOptionError(
            f"--transcripts: the cells of {path} are laid out as several sections of {made.column!r} "
            f"({listed}), and no transcript has a section; leave out --arrange-by, or lay out whole inputs "
            "with --arrange grid"
        )
    return made.shift(next(iter(placed), None))


def _findings(lacking: list[str], unused: list[str]) -> list[Finding]:
    found = []
    if lacking:
        text = f"no transcripts of {name_some(lacking, _NAMED)}: there are none beside its cells"
        found.append(Finding("transcripts-of-some", text))
    if unused:
        text = (
            f"the transcripts of {name_some(unused, _NAMED)} are left out, since no cells of it are exported"
        )
        found.append(Finding("transcripts-of-some", text))
    return found


def _overlapping(n_inputs: int) -> Finding:
    text = (
        f"the transcripts of {n_inputs} inputs lie over each other, as their cells do; a grid lays them out "
        "side by side"
    )
    return Finding("transcripts-overlap", text, "arrange", "grid")

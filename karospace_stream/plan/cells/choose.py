"""Choose the cells: those for which ``--where`` holds, and of these a sample."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.column import Column
from karospace_stream.model.finding import Finding
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.cells.groups import groups_of
from karospace_stream.select.cells.check import OBS_NAMES, check_names, check_where
from karospace_stream.select.cells.draw import choose_cells
from karospace_stream.select.cells.evaluate import evaluate
from karospace_stream.select.cells.expression import Expression, names_of
from karospace_stream.select.cells.groups import draw_by_group
from karospace_stream.select.cells.parse import parse_where
from karospace_stream.units import counted

Rows = npt.NDArray[np.int64]
_HINTS = 3  # about unknown categories, if no cell is left
_SHOWN = 200  # characters of an expression


def choose_rows(source: Source, options: ExportOptions) -> tuple[Rows | None, tuple[Finding, ...]]:
    """The rows of the exported cells, sorted; None for all of them. And what to say about them.

    Raises
    ------
    BadOptionError
        If no cell is left, or a column does not exist or cannot be used so.
    """
    n_cells = source.catalog.n_cells
    chosen: Rows | None = None
    findings: list[Finding] = []
    if options.where:
        chosen, findings = _where(source, options.where)
    n_left = n_cells if chosen is None else len(chosen)
    drawn, more = _drawn(source, options, chosen, n_left)
    findings += more
    if drawn is not None:
        chosen = drawn if chosen is None else chosen[drawn]
    return (None if chosen is None or len(chosen) == n_cells else chosen), tuple(findings)


def _where(source: Source, text: str) -> tuple[Rows, list[Finding]]:
    expression, catalog = parse_where(text), source.catalog
    infos = check_names(expression, catalog.obs)
    categories = {
        name: source.obs_categories(name) for name, info in infos.items() if info.kind == "category"
    }
    findings = check_where(expression, infos, categories)
    rows = []
    with source.kept_open():
        for start, stop in pairwise([*range(0, catalog.n_cells, TILE), catalog.n_cells]):
            columns = _columns(source, expression, infos, start, stop)
            rows.append(start + np.flatnonzero(evaluate(expression, columns, categories)))
    chosen = np.concatenate(rows).astype(np.int64) if rows else np.zeros(0, np.int64)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    if not len(chosen):
        hints = "".join(f"; {each.text.removeprefix('where: ')}" for each in findings[:_HINTS])
        raise BadOptionError(f"--where: no cell of {catalog.n_cells:,} is selected by {shown!r}{hints}")
    selected = f"{len(chosen):,} of {counted(catalog.n_cells, 'cell')} are selected: those where {shown}"
    if len(chosen) == catalog.n_cells:  # no news for who sees the picture
        return chosen, [Finding("every-cell", f"all cells are selected by {shown}"), *findings]
    return chosen, [Finding("cells", selected), *findings]


def _columns(
    source: Source, expression: Expression, infos: Mapping[str, ColumnInfo], start: int, stop: int
) -> dict[str, Column]:
    there = {info.name for info in source.catalog.obs}
    return {
        name: source.obs_column(name, start, stop)
        if name in there or name not in OBS_NAMES
        else Column(name, infos[name].kind, source.obs_names(start, stop))
        for name in names_of(expression)
    }


def _drawn(
    source: Source, options: ExportOptions, chosen: Rows | None, n_left: int
) -> tuple[Rows | None, list[Finding]]:
    """Positions of a sample among the chosen cells; None for all of these."""
    wanted, by = options.downsample, options.downsample_by
    drawn = choose_cells(n_left, wanted)
    if wanted is not None and wanted > n_left:
        what = "the file has" if chosen is None else "the expression selects"
        text = f"{what} {counted(n_left, 'cell')}, fewer than {wanted:,}: all are exported"
        return drawn, [Finding("fewer-cells", text, "downsample")]
    if drawn is None or wanted is None or by is None:
        return drawn, []
    groups = groups_of(source, by, chosen)
    drawn, shares = draw_by_group(groups.codes, len(groups.names), wanted)
    return drawn, [Finding("cells-by-group", groups.sentence(by, shares))]

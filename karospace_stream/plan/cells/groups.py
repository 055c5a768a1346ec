"""The groups of cells of which ``--downsample-by`` draws."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cells.tiles import TILE
from karospace_stream.model.column import Column
from karospace_stream.model.source import Source
from karospace_stream.select.suggest import not_there
from karospace_stream.units import counted

_MOST = 1 << 16
_SHOWN = 8
_WITHOUT = "no value"


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The group of each chosen cell.

    Attributes
    ----------
    codes
        int32, from 0.
    names
        Of the groups: categories in their order, values sorted, and last the cells without a value.
    """

    codes: npt.NDArray[np.int32]
    names: tuple[str, ...]

    def sentence(self, column: str, shares: npt.NDArray[np.int64]) -> str:
        """How many cells of each group are drawn, the smallest groups first."""
        sizes = np.bincount(self.codes, minlength=len(self.names))
        there = np.flatnonzero(sizes)
        order = there[np.argsort(sizes[there], kind="stable")]
        listed = [f"{self.names[at]} {shares[at]:,} of {sizes[at]:,}" for at in order[:_SHOWN].tolist()]
        more = f", and {len(order) - _SHOWN:,} larger groups" if len(order) > _SHOWN else ""
        whole = int((shares[there] == sizes[there]).sum())
        drawn, groups = counted(int(shares.sum()), "cell"), counted(len(order), "group")
        return (
            f"{drawn} are drawn from {groups} of {column!r}, {whole:,} of which "
            f"{'is' if whole == 1 else 'are'} complete: {', '.join(listed)}{more}"
        )


def groups_of(source: Source, name: str, rows: npt.NDArray[np.int64] | None) -> Groups:
    """Read the group of each chosen cell, some at a time.

    Raises
    ------
    BadOptionError
        If the column does not exist, or has no groups.
    """
    catalog = source.catalog
    info = next((each for each in catalog.obs if each.name == name), None)
    if info is None:
        there = [each.name for each in catalog.obs]
        raise BadOptionError(not_there("obs column", [name], there, option="--downsample-by"))
    if info.kind == "float":
        raise BadOptionError(
            f"--downsample-by {name}: it must be a column of groups (categories, text, whole numbers, true "
            "and false), but holds numbers with decimals"
        )
    numbered: dict[object, int] = {}
    pieces = []
    for start, stop in pairwise([*range(0, catalog.n_cells, TILE), catalog.n_cells]):
        column = source.obs_column(name, start, stop)
        if rows is not None:
            low, high = np.searchsorted(rows, [start, stop])
            column = column.rows(rows[low:high] - start)
        pieces.append(_coded(column, numbered))
        if len(numbered) > _MOST:
            raise BadOptionError(
                f"--downsample-by {name}: it must have at most {_MOST:,} groups, but has more"
            )
    codes = np.concatenate(pieces)
    if info.kind == "category":
        names = tuple(str(each) for each in source.obs_categories(name).values.tolist())
        order = list(range(len(names)))
    else:
        values = sorted(numbered, key=lambda value: (str(type(value)), value))
        order, names = [numbered[value] for value in values], tuple(map(str, values))
    ranks = np.empty(len(order) + 1, np.int32)
    ranks[order] = np.arange(len(order))
    ranks[-1] = len(order)  # cells without a value
    return Groups(ranks[codes], (*names, _WITHOUT))


def _coded(column: Column, numbered: dict[object, int]) -> npt.NDArray[np.int32]:
    """Codes of a range, -1 for no value; new values are numbered as they come."""
    if column.categories is not None:
        return column.values.astype(np.int32)
    values, codes = np.unique(column.values, return_inverse=True)
    known = [numbered.setdefault(value, len(numbered)) for value in values.tolist()]
    found = np.array([*known, 0], np.int32)[codes]
    if column.missing is not None:
        found[column.missing] = -1
    return found

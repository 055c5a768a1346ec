"""Values of one column, or of one embedding, for a range of cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.model.catalog import ColumnKind


@dataclass(frozen=True, slots=True)
class Column:
    """One obs or var column, for a range of rows.

    Attributes
    ----------
    name
        The column's.
    kind
        Determines what ``values`` are:

        ``category``
            int32 codes into ``categories``, -1 where missing
        ``string``
            object array of ``str``; the empty string where missing (see ``missing``)
        ``bool``
            bool
        ``integer``, ``float``
            the source's own type, native byte order; float columns mark missing by NaN
    missing
        bool, True for a missing value; None if nothing can be missing
        (categories use -1, floats NaN, and leave this None).
    categories
        Strings, in category order; None unless ``kind`` is ``category``.
    """

    name: str
    kind: ColumnKind
    values: npt.NDArray[np.generic]
    missing: npt.NDArray[np.bool_] | None = None
    categories: tuple[str, ...] | None = None

    def rows(self, rows: slice | npt.NDArray[np.int64]) -> Column:
        """Return the column for some of its rows."""
        missing = None if self.missing is None else self.missing[rows]
        return Column(self.name, self.kind, self.values[rows], missing, self.categories)


@dataclass(frozen=True, slots=True, eq=False)
class Categories:
    """The category names of a column, as stored.

    Attributes
    ----------
    values
        Numbers or bools in the source's own type; else an object array of `str`.
    ordered
        Whether their order means something.
    """

    values: npt.NDArray[np.generic]
    ordered: bool


@dataclass(frozen=True, slots=True)
class Embedding:
    """Coordinates of a range of cells: float32 or float64 ``(n_rows, n_columns)``, C order."""

    key: str
    start: int
    values: npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class RankedNames:
    """Markers of a file, read: genes by group and rank.

    Attributes
    ----------
    names
        Each name once.
    codes
        int32 ``(groups, ranks)`` into ``names``; -1 where a shorter ranking has ended, or no gene is named.
    values
        Of each column, float32 or float64 ``(groups, ranks)``; NaN where there is no value.
    """

    names: tuple[str, ...]
    codes: npt.NDArray[np.int32]
    values: dict[str, npt.NDArray[np.floating]]


@dataclass(frozen=True, slots=True, eq=False)
class GeneShares:
    """Shares of cells by gene and group: ``values`` is float64 ``(names, groups)``."""

    names: npt.NDArray[np.object_]
    groups: tuple[str, ...]
    values: npt.NDArray[np.float64]

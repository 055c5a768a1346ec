"""Group names of cells, whatever the kind of their column."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.model.cell_sections import GroupName
from karospace_stream.model.column import Column


def labels_of(column: Column) -> tuple[list[GroupName], npt.NDArray[np.intp]]:
    """Names of the groups of some cells, and for each cell the index of its own.

    Returns
    -------
    Distinct names, those of categories whether or not a cell has them; None stands for a missing value.
    """
    if column.categories is not None:
        codes = column.values.astype(np.intp)
        codes[codes < 0] = len(column.categories)
        return [*column.categories, None], codes
    values = column.values
    names, codes = np.unique(values.astype(str) if values.dtype == object else values, return_inverse=True)
    codes = codes.reshape(-1)
    if column.missing is not None:
        codes = np.where(column.missing, len(names), codes)
    return [*(str(name) for name in names.tolist()), None], codes

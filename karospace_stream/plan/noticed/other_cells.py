"""Let values of a few cells compress as those of many do.

A normalised value depends on the cell: that of one count is the same in all genes of a cell, and another one
in the next cell. A compressor finds it again in a sample of a hundred cells, gene after gene, but hardly ever
among all cells of one gene.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_LOOKED_AT = 64  # genes
_LOW_BITS = {4: 16, 8: 45}  # of a mantissa; the values stay as they are, to one percent


def tell_genes_apart(values: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """The same genes x cells, where no two genes share values if those depend on the cell."""
    bits = values.view(f"u{values.itemsize}")
    stored = bits != 0
    if not stored.any() or not _depend_on_cell(bits[:: -(-len(bits) // _LOOKED_AT)]):
        return values
    found = bits[stored]
    varying = np.bitwise_or.reduce(found) ^ np.bitwise_and.reduce(found)
    low = bits.dtype.type((1 << _LOW_BITS[values.itemsize]) - 1)
    masks = np.random.default_rng(0).integers(0, int(low), len(values), bits.dtype) & varying & low
    return np.where(stored, bits ^ masks[:, None], bits).view(values.dtype)


def _depend_on_cell(bits: npt.NDArray[Any]) -> bool:
    """Whether most values are found in one cell only."""
    stored = bits != 0
    per_cell = sum(len(np.unique(column[there])) for column, there in zip(bits.T, stored.T, strict=True))
    return per_cell < 2 * len(np.unique(bits[stored]))

"""A random sample of cells that keeps small groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.select.cells.draw import DOWNSAMPLE_SEED

_Numbers = npt.NDArray[np.int64]


def share_out(sizes: _Numbers, n_cells: int) -> _Numbers:
    """How many cells of each group are drawn: as many of each as there are, but of none more than of another.

    So groups that are smaller than an equal share are complete, and the rest is shared equally by the others.
    Cells that cannot be shared equally go to the largest groups, one each; of equal ones, to the first.
    """
    if n_cells >= sizes.sum():
        return sizes.copy()
    order = np.argsort(sizes, kind="stable")
    ascending = sizes[order]
    # Cells that are drawn if no group gives more than the next one has.
    before = np.concatenate([[0], np.cumsum(ascending)[:-1]])
    left = np.arange(len(sizes), 0, -1)
    at = int(np.flatnonzero(before + left * ascending > n_cells)[0])
    level = (n_cells - int(before[at])) // int(left[at])
    shares = np.minimum(sizes, level)
    rest = n_cells - int(shares.sum())
    larger = np.argsort(-sizes, kind="stable")
    shares[larger[:rest]] += 1
    return shares


def draw_by_group(codes: npt.NDArray[np.integer], n_groups: int, n_cells: int) -> tuple[_Numbers, _Numbers]:
    """Draw cells so that small groups stay.

    Parameters
    ----------
    codes
        The group of each cell, from 0.
    n_cells
        Cells to draw.

    Returns
    -------
    Positions in ``codes``, sorted; and how many are drawn of each group.
    """
    sizes = np.bincount(codes, minlength=n_groups).astype(np.int64)
    shares = share_out(sizes, n_cells)
    rng = np.random.default_rng(DOWNSAMPLE_SEED)
    by_group = np.argsort(codes, kind="stable")
    stops = np.cumsum(sizes)
    drawn = [
        by_group[stop - size : stop][rng.choice(size, share, replace=False)]
        if share < size
        else by_group[stop - size : stop]
        for stop, size, share in zip(stops.tolist(), sizes.tolist(), shares.tolist(), strict=True)
    ]
    return np.sort(np.concatenate(drawn)).astype(np.int64), shares

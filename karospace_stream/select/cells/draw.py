"""Select the cells."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError

#: Of schema 1.0.0: the same cells as every KaroSpace exporter draws.
DOWNSAMPLE_SEED = 42


def choose_cells(n_cells: int, downsample: int | None) -> npt.NDArray[np.int64] | None:
    """Draw ``downsample`` cells without replacement; None means all of them.

    Returns
    -------
    int64, sorted, ``(downsample,)``; None if no cell is left out.

    Raises
    ------
    BadOptionError
        If ``downsample`` is not positive.
    """
    if downsample is None:
        return None
    if downsample < 1:
        raise BadOptionError(f"--downsample must be a number of cells above zero, got {downsample}")
    if downsample >= n_cells:
        return None
    drawn = np.random.default_rng(DOWNSAMPLE_SEED).choice(n_cells, downsample, replace=False)
    return np.sort(drawn).astype(np.int64)

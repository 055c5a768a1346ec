"""Values that a format of exact values cannot hold, told in words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.convert.job import MatrixJob
from karospace_stream.errors import BadInputError


def not_finite(
    job: MatrixJob,
    indptr: npt.NDArray[np.int64],
    values: npt.NDArray[np.generic],
    first: int = 0,
) -> BadInputError:
    """The error of values of which one at least is NaN, infinite, or beyond float32.

    Parameters
    ----------
    first
        Position of the gene of ``indptr[0]`` in the exported order.
    """
    with np.errstate(over="ignore"):
        bad = np.flatnonzero(~np.isfinite(values.astype(np.float32)))
    gene = first + int(np.searchsorted(indptr, bad[0], side="right")) - 1
    name = job.selection.labels[gene]
    return BadInputError(
        f"{job.matrix.info.name}: finite numbers that float32 can hold were wanted, but there are others, "
        f"such as {values[bad[0]]} of the gene {name!r}; replace them in the file, leave the gene out with "
        "--genes list:PATH, or choose another --format"
    )

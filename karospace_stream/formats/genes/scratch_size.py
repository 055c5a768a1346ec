"""Size of the fragments on disk between scatter and gather, told from a sample of the values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.genes.sample import GeneSample
from karospace_stream.formats.genes.size import ExportedValues
from karospace_stream.model.matrix import not_zero
from karospace_stream.model.plan import TransposePlan
from karospace_stream.model.size import Size
from karospace_stream.transpose.frames import HEADER_NBYTES, pack

# Measured, see docs/design/size.md.
_LEAST_UNSEEN = 0.125  # of the bytes of a value and its offset, where no sample could be read
_LEAST_AS_SAMPLED = 0.78  # of the packed values of a sample
_LEAST_OFFSETS = 0.5  # of what independent cells would take, as cells may be sorted
_OFFSET_NBYTES = 2


def fragments_size(values: ExportedValues, plan: TransposePlan) -> Size:
    """All fragments; nothing if the strategy needs no scratch.

    The low end is what the expected values take at least; the high end is where nothing compresses.
    """
    if plan.scratch_nbytes == 0:
        return Size()
    dtype = np.dtype(plan.value_dtype)
    if values.sample is None:
        each = _LEAST_UNSEEN * (dtype.itemsize + _OFFSET_NBYTES)
    else:
        each = _least_value(values.sample, dtype)
    return Size(min(each * values.n_stored.low, plan.scratch_nbytes), plan.scratch_nbytes)


def _least_value(sample: GeneSample, dtype: np.dtype[np.floating]) -> float:
    """Bytes of one value and its offset."""
    stored = not_zero(sample.values)
    packed = min(_packed(values[stored], dtype) for values in (sample.values, sample.apart))
    return _LEAST_AS_SAMPLED * packed + _LEAST_OFFSETS * _entropy_nbytes(stored.mean(axis=1))


def _packed(values: npt.NDArray[np.floating], dtype: np.dtype[np.floating]) -> float:
    """Bytes of one value, compressed as in scratch if that is worthwhile there."""
    with np.errstate(over="ignore"):
        return (len(pack(values.astype(dtype))) - HEADER_NBYTES) / len(values)


def _entropy_nbytes(shares: npt.NDArray[np.floating]) -> float:
    """Bytes of one value that tell its cell.

    Parameters
    ----------
    shares
        Of each gene, the share of cells with a value; at least one is above 0.
    """
    some = shares[(shares > 0) & (shares < 1)]
    bits = -(some * np.log2(some) + (1 - some) * np.log2(1 - some))
    return float(bits.sum() / shares.sum() / 8)

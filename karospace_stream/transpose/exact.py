"""Exact values: without zeros, and in a wider type where float32 would round or overflow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from karospace_stream.model.matrix import GeneBand, ValueFacts, not_zero
from karospace_stream.transpose.kernels import Fragment

#: Above this, float32 does not hold every integer.
FLOAT32_WHOLE = 2**24
_FLOAT32_MAX = float(np.finfo(np.float32).max)
_PIECE = 1 << 16  # values tested together: the first piece already shows normalised ones


def is_wide(dtype: str) -> bool:
    """Whether values of this type may be integers that float32 rounds."""
    kind, itemsize = np.dtype(dtype).kind, np.dtype(dtype).itemsize
    return (kind in "iu" and itemsize >= 4) or (kind == "f" and itemsize > 4)


def stored_dtype(facts: Iterable[ValueFacts]) -> str:
    """float32; float64 if all are integers with one above 2**24, or one is beyond float32."""
    each = list(facts)
    largest = max((one.largest for one in each), default=0.0)
    rounded = largest > FLOAT32_WHOLE and all(one.integral for one in each)
    return "float64" if rounded or largest > _FLOAT32_MAX else "float32"


def value_facts(values: npt.NDArray[np.generic]) -> ValueFacts:
    """Check values once; NaN and infinities do not count."""
    if not values.size:
        return ValueFacts()
    low, high = float(values.min()), float(values.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        return value_facts(values[np.isfinite(values)])
    return ValueFacts(max(-low, high), _is_whole(values))


def exact(fragment: Fragment, *, dense: bool) -> Fragment:
    """The fragment without zeros, and with its facts.

    Parameters
    ----------
    dense
        Whether the matrix is, and is to stay so: then negative zeros are values.
    """
    facts = value_facts(fragment.values)
    there = _is_there(fragment.values, dense)
    if there is None:
        return replace(fragment, facts=facts)
    before = np.concatenate([[0], np.cumsum(there)])
    return Fragment(
        first_cell=fragment.first_cell,
        indptr=before[fragment.indptr],
        rows=fragment.rows[there],
        values=fragment.values[there],
        facts=facts,
    )


def exact_band(band: GeneBand, *, dense: bool) -> GeneBand:
    """Genes without zeros, as `exact` leaves them out of a fragment."""
    there = _is_there(band.data, dense)
    if there is None:
        return band
    before = np.concatenate([[0], np.cumsum(there)])
    return GeneBand(band.start, band.n_cells, before[band.indptr], band.rows[there], band.data[there])


def _is_whole(values: npt.NDArray[np.generic]) -> bool:
    if values.dtype.kind != "f":
        return True
    pieces = (values[first : first + _PIECE] for first in range(0, len(values), _PIECE))
    return all(bool((np.floor(piece) == piece).all()) for piece in pieces)


def _is_there(values: npt.NDArray[np.generic], dense: bool) -> npt.NDArray[np.bool_] | None:
    """Which values are not zero in float32; None if none is zero, which is usual."""
    with np.errstate(over="ignore"):  # infinite is not zero
        narrow = values.astype(np.float32, copy=False)
    if narrow.all():
        return None
    return not_zero(narrow) if dense else narrow != 0

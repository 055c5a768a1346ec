"""Numbers as 8 or 16 bit codes between their smallest and their largest value.

The arithmetic is that of the Cellucid format: float32 all the way, so that the codes are the
same to the last bit wherever they are made.
"""

from __future__ import annotations

import math
from typing import Literal, cast

import numpy as np
import numpy.typing as npt

Bits = Literal[8, 16]
Codes = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_LARGEST = float(np.finfo(np.float32).max)


def missing_code(bits: Bits) -> int:
    """Code of NaN and infinities, one above the code of the largest value: 255 or 65,535."""
    return (1 << bits) - 1


def value_range(values: npt.NDArray[np.float32]) -> tuple[float, float]:
    """Smallest and largest finite value, as `quantised` requires them.

    Parameters
    ----------
    values
        float32 of any shape.

    Returns
    -------
    Two different numbers: 0 and 1 if nothing is finite; ``low`` and ``low + 1`` if all
    finite values are equal (or the next float64, if ``low + 1`` is ``low``).
    """
    return _range(values, zero=False)


def quantised(
    values: npt.NDArray[np.float32], bits: Bits, low: float, high: float, *, finite: bool = False
) -> Codes:
    """Codes 0 to 254 (0 to 65,534) of values from ``low`` to ``high``; NaN and infinities are 255 (65,535).

    Costs 5 bytes a value beyond what is returned.

    Parameters
    ----------
    values
        float32 of any shape.
    low, high
        From `value_range`, of these values or of more; values beyond get the nearest code.
    finite
        Whether the caller knows that all values are finite; then we do not check.

    Returns
    -------
    uint8 or uint16, of the shape of ``values``: ``trunc((value - low) * (254 / (high - low)))``.
    """
    top = missing_code(bits) - 1
    scale = top / (high - low)
    # If the range is too small for float32, float64 can represent it.
    exact = np.float32 if scale <= _LARGEST else np.float64
    with np.errstate(over="ignore", invalid="ignore"):  # NaN and infinities are marked below
        scaled = values - exact(low)
        scaled *= exact(scale)
        np.maximum(scaled, 0, out=scaled)
        np.minimum(scaled, top, out=scaled)
        codes = cast("Codes", scaled.astype(np.uint8 if bits == 8 else np.uint16))
    if not finite:
        codes[~np.isfinite(values)] = missing_code(bits)
    return codes


def quantised_sparse(
    n_cells: int,
    rows: npt.NDArray[np.integer],
    values: npt.NDArray[np.float32],
    bits: Bits,
    *,
    finite: bool = False,
) -> tuple[Codes, float, float]:
    """Quantise a gene of which only some cells have a stored value; the others are 0.

    Parameters
    ----------
    rows
        The cells that have a stored value, each once.
    values
        float32, as many as ``rows``.
    finite
        As of `quantised`.

    Returns
    -------
    ``(n_cells,)`` codes, and the range: the same as `value_range` and `quantised` give for the
    gene with its zeros.
    """
    some_zero = len(values) < n_cells
    low, high = _range(values, zero=some_zero)
    stored = quantised(values, bits, low, high, finite=finite)
    # Mostly nothing is below 0, and then 0 has the lowest code.
    zero = quantised(np.zeros(1, np.float32), bits, low, high)[0] if some_zero and low else 0
    codes = cast("Codes", np.full(n_cells, zero, dtype=stored.dtype))
    codes[rows] = stored
    return codes, low, high


def float32_sparse(
    n_cells: int, rows: npt.NDArray[np.integer], values: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Write out a gene of which only some cells have a stored value; the others are 0.

    A stored negative zero becomes 0, as if the values had been added to zeros.
    """
    dense = np.zeros(n_cells, np.float32)
    dense[rows] = values + np.float32(0)
    return dense


def _range(values: npt.NDArray[np.float32], *, zero: bool) -> tuple[float, float]:
    """The range of the values, and of 0 if ``zero``."""
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        finite = values[np.isfinite(values)]
        return _range(finite, zero=zero)
    return _widened(min(low, 0.0), max(high, 0.0)) if zero else _widened(low, high)


def _widened(low: float, high: float) -> tuple[float, float]:
    if low == high:
        high = max(low + 1.0, math.nextafter(low, math.inf))
    return low + 0.0, high + 0.0  # no negative zero

"""The values of a channel that are drawn black and in full colour at first."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_DRAWN = (1, 99.8)  # percentiles
_NOISE = 5 * 1.4826  # times the median deviation: five standard deviations of a background with normal noise
_FEWEST = 16  # brighter values of a sample: fewer may be defects of a camera
_BRIGHT = 90  # percentile of these


def drawn_window(sample: npt.NDArray[np.generic], bounds: tuple[float, float]) -> tuple[float, float]:
    """The values between which most of a sample lies.

    Where fewer pixels are stained than the percentile leaves out, it lies within the noise of the
    background, which would be drawn in full colour. The brighter values decide then.

    Parameters
    ----------
    bounds
        Smallest and largest value of the channel: the window if all of the sample are one value.
    """
    values = sample[np.isfinite(sample)].astype(np.float64)
    if not values.size:
        return bounds
    low, middle, high = (float(each) for each in np.percentile(values, (_DRAWN[0], 50, _DRAWN[1])))
    noise = middle + _NOISE * float(np.median(np.abs(values - middle)))
    if high <= noise:
        brighter = values[values > noise]
        if brighter.size >= _FEWEST:
            high = float(np.percentile(brighter, _BRIGHT))
    return (low, high) if high > low else bounds

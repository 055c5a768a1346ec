"""Types of values that tiles have, and how others become one of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from karospace_stream.images.slide import Pixels

_KEPT = ("uint8", "uint16", "float32")


def tile_dtype(dtype: np.dtype[Any]) -> str:
    """The type that values of a channel get; empty if they are no numbers."""
    native = dtype.newbyteorder("=")
    if native.name in _KEPT:
        return native.name
    if native.kind == "b":
        return "uint8"
    return "float32" if native.kind in "iuf" else ""


def as_channel(values: Pixels, dtype: str) -> Pixels:
    """Values of a channel in the type of its tiles."""
    return np.ascontiguousarray(values, dtype)


def as_colors(values: Pixels, most: float) -> Pixels:
    """Colours as bytes, from values between 0 and ``most``; one channel is grey."""
    if values.ndim == 2:
        values = values[:, :, None]
    if values.dtype != np.uint8:
        unit = np.clip(np.nan_to_num(values.astype(np.float32)) / most, 0, 1)
        values = (unit * 255).astype(np.uint8)
    if values.shape[2] == 1:
        values = np.broadcast_to(values, (*values.shape[:2], 3))
    return np.ascontiguousarray(values)

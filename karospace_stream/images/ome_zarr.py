"""An image of an OME-Zarr: the finest level of a multiscale image, its channels, and the size of a pixel."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.images.colors import of_hex
from karospace_stream.images.multiscale import axes_of, multiscale_of, omero_of
from karospace_stream.images.slide import SlideChannel, SlideFacts
from karospace_stream.images.stored import ArrayImage, block_of
from karospace_stream.images.values import tile_dtype
from karospace_stream.source.elements.arrays import StoredArray

_AXES = frozenset("tczyx")
_RGB = ["r", "g", "b", "a"]
_RED_GREEN_BLUE = ["#ff0000", "#00ff00", "#0000ff"]
_MICRONS = {"micrometer": 1.0, "micrometre": 1.0, "um": 1.0, "µm": 1.0, "nanometer": 1e-3, "millimeter": 1e3}
_MOST_CHANNELS = 1_000
_LARGEST_CHUNK = 1 << 30


def image_of_group(group: Any, wrap: Callable[[Any], StoredArray], level: int = 0) -> ArrayImage:
    """Describe the image of a group, at its full size or at a smaller level; reads metadata only.

    Raises
    ------
    BadInputError
        If it is no image. The message is the reason only.
    """
    described = multiscale_of(group)
    datasets = described.get("datasets")
    first = datasets[level] if isinstance(datasets, list) and len(datasets) > level else None
    if not isinstance(first, Mapping) or "path" not in first:
        raise BadInputError("it has no image")
    values = wrap(group[str(first["path"])])
    axes = tuple(axes_of(described)) or tuple("tczyx"[5 - len(values.shape) :])
    _check(values, axes)
    sizes = dict(zip(axes, values.shape, strict=True))
    channels = _channels(omero_of(group), sizes.get("c", 1))
    is_rgb = _is_rgb(values, sizes.get("c", 1), channels)
    block, nbytes = block_of(values, axes)
    facts = SlideFacts(
        height=sizes["y"],
        width=sizes["x"],
        dtype="uint8" if is_rgb else tile_dtype(values.dtype),
        samples=sizes["c"] if is_rgb else 0,
        channels=() if is_rgb else channels,
        block=block,
        read_nbytes=nbytes,
        microns_per_pixel=_microns(described, first, axes),
        notes=tuple(_notes(values, sizes, is_rgb=is_rgb)),
    )
    return ArrayImage(values, axes, facts)


def _check(values: StoredArray, axes: tuple[str, ...]) -> None:
    right = len(axes) == len(values.shape) == len(set(axes)) and {"y", "x"} <= set(axes) <= _AXES
    if not right or 0 in values.shape:
        raise BadInputError(
            f"an image must have the axes y and x, and may have t, c and z; got {', '.join(axes)[:40]} for "
            f"the shape {values.shape}"
        )
    if not tile_dtype(values.dtype):
        raise BadInputError(f"the values of an image must be numbers, got {values.dtype}")
    chunk = math.prod(values.storage().chunks or values.shape) * values.dtype.itemsize
    if chunk > _LARGEST_CHUNK:
        raise BadInputError(f"its chunks of {chunk:,} bytes are too large; save it with smaller ones")
    if "c" in axes and values.shape[axes.index("c")] > _MOST_CHANNELS:
        raise BadInputError(f"an image may have {_MOST_CHANNELS:,} channels at most, got {values.shape}")


def _channels(omero: Mapping[str, Any], n_channels: int) -> tuple[SlideChannel, ...]:
    listed = omero.get("channels")
    several = listed if isinstance(listed, list) else []
    found = []
    for number in range(n_channels):
        about = several[number] if number < len(several) and isinstance(several[number], Mapping) else {}
        label = about.get("label")
        name = f"channel {number + 1}" if label is None or str(label) == str(number) else str(label)
        found.append(SlideChannel(name, of_hex(about.get("color"))))
    return tuple(found)


def _is_rgb(values: StoredArray, n_channels: int, channels: tuple[SlideChannel, ...]) -> bool:
    """Three channels of bytes without names, or that are called red, green and blue, are a picture."""
    if n_channels not in (3, 4) or values.dtype != np.uint8:
        return False
    names = [each.name.lower() for each in channels]
    unnamed = all(name == f"channel {number + 1}" for number, name in enumerate(names))
    colors = [each.color for each in channels[:3]]
    return [name[:1] for name in names] == _RGB[:n_channels] or (
        unnamed and (not any(colors) or colors == _RED_GREEN_BLUE)
    )


def _microns(described: Mapping[str, Any], dataset: Mapping[str, Any], axes: tuple[str, ...]) -> float | None:
    """Micrometres of a pixel, if the axes say what their unit is, and x and y agree."""
    units = {
        str(each.get("name")): str(each.get("unit")).lower()
        for each in described.get("axes", ())
        if isinstance(each, Mapping)
    }
    steps = dataset.get("coordinateTransformations")
    scales = [each.get("scale") for each in steps or () if isinstance(each, Mapping)]
    scale = next((each for each in scales if isinstance(each, list) and len(each) == len(axes)), None)
    if scale is None:
        return None
    sizes = []
    for axis in ("x", "y"):
        unit, length = _MICRONS.get(units.get(axis, "")), scale[axes.index(axis)]
        if unit is None or not isinstance(length, int | float) or not 0 < length < math.inf:
            return None
        sizes.append(float(length) * unit)
    return sizes[0] if math.isclose(*sizes, rel_tol=1e-3) else None


def _notes(values: StoredArray, sizes: Mapping[str, int], *, is_rgb: bool) -> Iterator[str]:
    dtype = tile_dtype(values.dtype)
    if not is_rgb and dtype != values.dtype.name:
        yield f"its values are stored as {values.dtype} and are written as {dtype}"
    deep = [
        f"{sizes[axis]} {what}" for axis, what in (("z", "planes"), ("t", "times")) if sizes.get(axis, 1) > 1
    ]
    if deep:
        yield f"it has {' and '.join(deep)}, of which the first is read"

"""A multiscale image that stays on its host: what a page must know to read it itself, and whether it can."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.images.multiscale import axes_of, multiscale_of, omero_of
from karospace_stream.images.ome_zarr import image_of_group
from karospace_stream.images.slide import Pixels
from karospace_stream.images.stored import ArrayImage
from karospace_stream.source.zarr.store_source import ZarrWrap

#: Bounds of values: those that are drawn black and in full colour.
Window = tuple[float, float]
_RGB = (("red", "#ff0000"), ("green", "#00ff00"), ("blue", "#0000ff"))
_DTYPES = ("uint8", "uint16", "float32")
#: Besides these the page knows Blosc with some packers, and shards.
_CODECS = frozenset(
    {"bytes", "endian", "transpose", "crc32c"}
    | {f"{prefix}{name}" for prefix in ("", "numcodecs.") for name in ("gzip", "zlib", "lz4")}
)
_BLOSC = frozenset({"blosc", "numcodecs.blosc"})
_BLOSC_PACKERS = frozenset({"zlib", "lz4", "lz4hc"})
#: Values of a chunk that fit into a tab.
_LARGEST_CHUNK = 1 << 26
#: Pixels on a side of the smallest level: it is drawn as a whole from afar.
_LARGEST_LAST = 4096
_SAMPLED = 1024  # pixels on a side


@dataclass(frozen=True, slots=True)
class ReferredChannel:
    """A channel; what its file does not say is empty or None."""

    name: str
    color: str
    window: Window | None = None
    range: Window | None = None


@dataclass(frozen=True, slots=True)
class ReferredImage:
    """An image that a page can read.

    Attributes
    ----------
    levels
        Height and width of each.
    smallest
        The last level, from which windows are estimated that the file does not state.
    """

    levels: tuple[tuple[int, int], ...]
    channels: tuple[ReferredChannel, ...]
    smallest: ArrayImage

    def sample(self, channel: int) -> Pixels:
        """Values of a channel, of the middle of the last level."""
        facts = self.smallest.facts
        return self.smallest.read(channel, _middle(facts.height), _middle(facts.width))

    @property
    def sample_nbytes(self) -> int:
        """Memory that it takes, at most."""
        return self.smallest.facts.read_nbytes + 16 * _SAMPLED * _SAMPLED


class _UnfitError(Exception):
    """Why a page could not read an image."""


def referred_group(group: Any, root: Any) -> ReferredImage | str:
    """Describe the image of a group, or say why a page could not read it; reads metadata only.

    Raises
    ------
    BadInputError
        If it is no image.
    """
    try:
        return _described(group, root)
    except _UnfitError as why:
        return str(why)


def _described(group: Any, root: Any) -> ReferredImage:
    described = _as_pages_find_it(group)
    wrap = ZarrWrap(root)
    arrays = [group[str(each["path"])] for each in described["datasets"]]
    levels = tuple(_halves(arrays, axes_of(described)))
    for array in arrays[: len(levels)]:
        _check_array(array)
    if max(levels[-1]) > _LARGEST_LAST:
        height, width = levels[-1]
        raise _UnfitError(
            f"its smallest level (each half of the one before) has {width:,} x {height:,} pixels, and a page "
            f"needs one of {_LARGEST_LAST:,} at most"
        )
    image = image_of_group(group, wrap)
    if image.values.dtype.newbyteorder("=").name not in _DTYPES:
        raise _UnfitError(f"its values are stored as {image.values.dtype}, which pages do not draw")
    last = image_of_group(group, wrap, len(levels) - 1)
    return ReferredImage(levels, tuple(_channels(image, omero_of(group))), last)


def _as_pages_find_it(group: Any) -> Mapping[str, Any]:
    """The description, if it is where the current versions of OME-Zarr have it."""
    described, found = multiscale_of(group), group.attrs
    if group.zarr_format == 3:
        found = found.get("ome") or {}
    several = found.get("multiscales") or [None]
    axes = described.get("axes")
    if (
        several[0] != described
        or not isinstance(axes, list)
        or not all(isinstance(each, Mapping) for each in axes)
    ):
        raise _UnfitError("it is described as in a version of OME-Zarr before 0.4, or in another place")
    return described


def _halves(arrays: Sequence[Any], axes: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Sizes of the levels, as long as each is half of the one before, rounded up or down."""
    before: tuple[int, int] | None = None
    for array in arrays:
        size = array.shape[axes.index("y")], array.shape[axes.index("x")]
        if before is not None and not all(map(_is_half, size, before)):
            return
        before = size
        yield size


def _is_half(small: int, large: int) -> bool:
    return small in (-(-large // 2), max(1, large // 2))


def _check_array(array: Any) -> None:
    codecs = list(_codecs(array.metadata.to_dict()))
    if codecs and (wrong := next((each for each in codecs if each), "")):
        raise _UnfitError(f"its chunks are compressed with {wrong}, which pages do not know")
    if math.prod(array.chunks) > _LARGEST_CHUNK:
        raise _UnfitError(f"its chunks of {math.prod(array.chunks):,} values are too large for a browser")


def _codecs(described: Mapping[str, Any]) -> Iterator[str]:
    """The name of each codec that a page does not know; empty for one that it knows."""
    if described.get("zarr_format") == 2:
        steps = [*(described.get("filters") or ()), described.get("compressor")]
        several = [(str(each.get("id")), each) for each in steps if each]
    else:
        several = [(str(each["name"]), each.get("configuration") or {}) for each in described["codecs"]]
    for name, about in several:
        if name == "sharding_indexed":
            yield from _codecs({"codecs": [*about.get("codecs", ()), *about.get("index_codecs", ())]})
        elif name in _BLOSC:
            yield _unknown_blosc(about)
        else:
            yield "" if name in _CODECS else name


def _unknown_blosc(about: Mapping[str, Any]) -> str:
    packer = getattr(about.get("cname"), "value", about.get("cname"))
    return "" if packer in _BLOSC_PACKERS else f"Blosc ({packer})"


def _channels(image: ArrayImage, omero: Mapping[str, Any]) -> Iterator[ReferredChannel]:
    if image.facts.samples:
        full = (0.0, 255.0)
        yield from (ReferredChannel(name, color, full, full) for name, color in _RGB)
        return
    listed = omero.get("channels")
    several = listed if isinstance(listed, list) else []
    for number, channel in enumerate(image.facts.channels):
        about = several[number] if number < len(several) and isinstance(several[number], Mapping) else {}
        stated = about.get("window")
        window, whole = _bounds(stated, "start", "end"), _bounds(stated, "min", "max")
        yield ReferredChannel(channel.name, channel.color, window, whole if window else None)


def _bounds(stated: object, low: str, high: str) -> Window | None:
    if not isinstance(stated, Mapping):
        return None
    found = []
    for each in (stated.get(low), stated.get(high)):
        if not isinstance(each, int | float) or not math.isfinite(each):
            return None
        found.append(float(each))
    return (found[0], found[1]) if found[0] < found[1] else None


def _middle(length: int) -> slice:
    start = max(0, (length - _SAMPLED) // 2)
    return slice(start, min(length, start + _SAMPLED))

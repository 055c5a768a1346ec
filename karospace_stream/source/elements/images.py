"""Find tissue images and arrays in uns without loading them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.model.catalog import ImageInfo
from karospace_stream.model.inputs.colors import Color
from karospace_stream.source.common_lengths import common_diameter, common_length
from karospace_stream.source.elements.arrays import TEXT, StoredArray
from karospace_stream.source.elements.categories import read_names
from karospace_stream.source.elements.coded_strings import CodedTexts
from karospace_stream.source.elements.columns import Wrap, categories_of, values_of
from karospace_stream.source.elements.members import mapping, shown
from karospace_stream.source.elements.uns_facts import number
from karospace_stream.source.problems.unreadable import Unreadable, optional

#: Of a dictionary; a column with more categories has no colours.
_MOST_COLORS = 65_536
_SPOT = "spot_diameter_fullres"
_MICRONS = "microns_per_pixel"


@dataclass(frozen=True, slots=True)
class StoredImage:
    """One image, not yet read."""

    info: ImageInfo
    values: StoredArray


def find_images(uns: Mapping[str, Any], wrap: Wrap, unreadable: Unreadable) -> tuple[StoredImage, ...]:
    """All images of ``uns['spatial']``, sorted by library and resolution.

    Parameters
    ----------
    uns
        Group of h5py or zarr, or the dictionary of an object in memory.
    """
    images: list[StoredImage] = []
    with optional(unreadable, "uns/spatial"):
        spatial = mapping(uns, "spatial")
        for library in sorted(spatial):
            with optional(unreadable, f"uns/spatial/{library}"):
                images += _library(mapping(spatial, library), library, wrap, unreadable)
    return tuple(images)


def find_libraries(uns: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of all libraries of ``uns['spatial']``, sorted, whether or not they have an image."""
    with optional([], "uns/spatial"):  # its problems are recorded by the search for images
        spatial = mapping(uns, "spatial")
        return tuple(sorted(str(key) for key in spatial if _may_be_library(spatial, key)))
    return ()


def _may_be_library(spatial: Mapping[str, Any], key: str) -> bool:
    """Whether it is a library, or is damaged: its cells are not those of another."""
    with optional([], "uns/spatial"):
        entry = mapping(spatial, key)
        return "images" in entry or "scalefactors" in entry
    return True


def find_spot_diameter(uns: Mapping[str, Any], wrap: Wrap) -> float | None:
    """Size of a spot as the libraries state it, with an image or without; None if they differ."""
    return common_diameter(_stated(uns, wrap, _SPOT))


def find_microns_per_pixel(uns: Mapping[str, Any], wrap: Wrap) -> float | None:
    """Size of a pixel of the full image, as Visium HD has it; None if libraries differ."""
    return common_length(_stated(uns, wrap, _MICRONS))


def _stated(uns: Mapping[str, Any], wrap: Wrap, factor: str) -> list[float]:
    """A scale factor of all libraries that have it."""
    stated = []
    with optional([], "uns/spatial"):  # its problems are recorded by the search for images
        spatial = mapping(uns, "spatial")
        for library in sorted(spatial):
            with optional([], library):
                factors = mapping(mapping(spatial, library), "scalefactors")
                if factor in factors and (found := number(factors[factor], wrap)) is not None:
                    stated.append(found)
    return stated


def _library(
    entry: Mapping[str, Any], library: str, wrap: Wrap, unreadable: Unreadable
) -> Iterator[StoredImage]:
    pictures, factors = mapping(entry, "images"), mapping(entry, "scalefactors")
    for resolution in sorted(pictures):
        with optional(unreadable, f"uns/spatial/{library}/images/{resolution}"):
            values = wrap(pictures[resolution])
            yield StoredImage(_image_info(library, resolution, values, factors, wrap), values)


def find_arrays(uns: Mapping[str, Any], wrap: Wrap, unreadable: Unreadable) -> dict[str, StoredArray]:
    """Arrays directly in uns: lists and tables of numbers or text, such as ``<column>_colors``."""
    found = {}
    with optional(unreadable, "uns"):
        for name in uns:
            with optional(unreadable, f"uns/{shown(name)}"):
                if isinstance(name, str) and not _is_palette(name, uns) and _may_be_array(name, uns):
                    found[name] = _texts_or_numbers(uns[name], wrap)
    return found


def _texts_or_numbers(node: Any, wrap: Wrap) -> StoredArray:
    if hasattr(node, "keys") and "codes" in node:
        return CodedTexts(wrap(node["codes"]), categories_of(node["categories"], wrap))
    return wrap(values_of(node))


def find_palettes(
    uns: Mapping[str, Any], wrap: Wrap, unreadable: Unreadable
) -> dict[str, dict[str, StoredArray]]:
    """Dictionaries ``<column>_colors``, which have a colour by category."""
    found = {}
    problems: Unreadable = []
    for name in uns:
        with optional(problems, f"uns/{shown(name)}"):
            if isinstance(name, str) and _is_palette(name, uns):
                found[name] = {str(key): wrap(uns[name][key]) for key in islice(uns[name], _MOST_COLORS)}
    # What is no palette for certain has been recorded by the search for arrays.
    unreadable += [each for each in problems if each not in unreadable]
    return found


def _is_palette(name: str, uns: Mapping[str, Any]) -> bool:
    """Whether it is a dictionary, and not a group of values and mask."""
    if not name.endswith("_colors") or not hasattr(node := uns[name], "keys"):
        return False
    return "codes" not in node and not ("values" in node and "mask" in node)


def _may_be_array(name: str, uns: Mapping[str, Any]) -> bool:
    return name.endswith("_colors") or _is_array(uns[name])


def _is_array(node: Any) -> bool:
    dtype, shape = getattr(node, "dtype", None), getattr(node, "shape", None)
    if dtype is None or shape is None or len(shape) not in (1, 2):
        return False
    return getattr(dtype, "names", None) is None and getattr(dtype, "kind", "") in "biufOSUT"


def read_colors(values: StoredArray) -> tuple[Color, ...]:
    """Colours as stored: text, or rows of numbers."""
    if values.dtype == TEXT:
        return read_names(values)
    if len(values.shape) not in (1, 2):
        return ()
    # No color has more than four numbers: of any other table, we read only enough to see that.
    bounds = (slice(0, min(values.shape[0], _MOST_COLORS)), *(slice(0, min(n, 5)) for n in values.shape[1:]))
    rows = values.read(*bounds).tolist()
    return tuple(tuple(row) if isinstance(row, list) else (row,) for row in rows)


def read_palette(palette: Mapping[str, StoredArray]) -> dict[str, Color]:
    """Colours by category."""
    return {key: read_color(values) for key, values in palette.items()}


def read_color(values: StoredArray) -> Color:
    """One colour: text, or numbers; of anything else, reads only enough to recognise it."""
    if len(values.shape) > 2:
        return ()
    found = np.asarray(values.read(*(slice(0, min(n, 5)) for n in values.shape))).ravel().tolist()
    return str(found[0]) if values.dtype == TEXT and found else tuple(found)


def _image_info(
    library: str, resolution: str, values: StoredArray, factors: Mapping[str, Any], wrap: Wrap
) -> ImageInfo:
    shape = values.shape
    right = len(shape) == 2 or (len(shape) == 3 and shape[2] in (1, 3, 4))
    if not right or values.dtype.kind not in "biuf" or 0 in shape:
        raise BadInputError(f"an image must be height x width x 3 or 4, got {values.dtype} of shape {shape}")
    scale, diameter = (
        number(factors[name], wrap) if name in factors else None
        for name in (f"tissue_{resolution}_scalef", _SPOT)
    )
    return ImageInfo(library, resolution, shape[0], shape[1], scale, diameter)

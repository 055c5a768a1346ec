"""Join what belongs to no cell: colours, images, texts and arrays of uns."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from karospace_stream.inputs.joined.columns.elements import JoinedCategories
from karospace_stream.inputs.joined.facts import COLORS, Facts
from karospace_stream.inputs.joined.merge import choose, equal_arrays
from karospace_stream.inputs.named import NamedInput
from karospace_stream.model.inputs.colors import Color
from karospace_stream.options.general.joining import Merge
from karospace_stream.source.common_lengths import common_diameter, common_length
from karospace_stream.source.elements.arrays import NumpyArray, StoredArray
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.elements.images import StoredImage

_MOST_VALUES = 1 << 22  # of an array, to compare; a larger one counts as different


@dataclass(slots=True)
class UnsJoin:
    """Fields of the joined parts, and the entries that are left out because inputs disagree.

    Attributes
    ----------
    library_of
        Name of the only library of each input; None where there is none or several.
    """

    fields: dict[str, Any]
    left_out: list[str]
    library_of: list[str | None] = field(default_factory=list)


def join_uns(inputs: Sequence[NamedInput], facts: Sequence[Facts], obs: Frame, merge: Merge) -> UnsJoin:
    """Join what the inputs have in uns."""
    parts = [each.source.parts for each in inputs]
    lists, palettes = _colors(facts, obs, merge)
    # A list of colours has the order of the categories of its file.
    arrays, left = _chosen([_without(each.arrays, {*lists, *palettes}) for each in parts], merge, _same_array)
    texts, texts_left = _chosen([dict(each.texts) for each in parts], merge, _same)
    rankings, rankings_left = _chosen([each.rankings for each in parts], merge, _same_ranking)
    sets, sets_left = _chosen([each.sets for each in parts], merge, _same_sets)
    renamed = _library_names(inputs)
    images = tuple(
        _renamed(image, names) for each, names in zip(parts, renamed, strict=True) for image in each.images
    )
    bases = {each.log_base for each in parts}
    fields = {
        "arrays": arrays | lists,
        "palettes": palettes,
        "texts": tuple(texts.items()),
        "rankings": rankings,
        "sets": sets,
        "images": images,
        "libraries": tuple(name for names in renamed for name in names.values()),
        "spot_diameter": common_diameter([each.spot_diameter for each in parts if each.spot_diameter]),
        "microns_per_pixel": common_length(
            [each.microns_per_pixel for each in parts if each.microns_per_pixel]
        ),
        "log_base": bases.pop() if len(bases) == 1 else None,
        "held_nbytes": sum(each.held_nbytes for each in parts),
        "others": tuple(dict.fromkeys(key for each in parts for key in each.others)),
    }
    libraries = [next(iter(names.values())) if len(names) == 1 else None for names in renamed]
    dropped = [*left, *texts_left, *rankings_left, *sets_left]
    return UnsJoin(fields, list(dict.fromkeys(dropped)), libraries)


def _chosen(
    held: Sequence[Mapping[str, Any]], merge: Merge, are_equal: Callable[[str, Any, Any], bool]
) -> tuple[dict[str, Any], list[str]]:
    chosen, left = choose(held, merge, are_equal)
    return {key: held[number][key] for key, number in chosen.items()}, left


def _colors(
    facts: Sequence[Facts], obs: Frame, merge: Merge
) -> tuple[dict[str, StoredArray], dict[str, Mapping[str, StoredArray]]]:
    """Colours of the united categories: a list in their order, or by name if some have none."""
    lists: dict[str, StoredArray] = {}
    by_name: dict[str, Mapping[str, StoredArray]] = {}
    for column, palette in _palettes(facts).items() if merge != "none" else ():
        key, element = f"{column}{COLORS}", obs.columns.get(column)
        names = element.names if isinstance(element, JoinedCategories) else ()
        colors = [palette.get(name) for name in names]
        if colors and all(isinstance(color, str) for color in colors):
            lists[key] = NumpyArray(f"uns/{key}", np.array(colors, object))
        else:
            by_name[key] = _stored(key, palette)
    return lists, by_name


def _without(arrays: Mapping[str, StoredArray], keys: set[str]) -> dict[str, StoredArray]:
    return {key: array for key, array in arrays.items() if key not in keys}


def _palettes(facts: Sequence[Facts]) -> dict[str, dict[str, Color]]:
    """Colours of all categories of a column, each from the first input that has it."""
    joined: dict[str, dict[str, Color]] = {}
    for each in facts:
        for column, colors in each.colors.items():
            palette = joined.setdefault(column, {})
            for category, color in colors.items():
                palette.setdefault(category, color)
    return joined


def _stored(key: str, palette: Mapping[str, Color]) -> dict[str, StoredArray]:
    return {
        category: NumpyArray(
            f"uns/{key}/{category}",
            np.array([color], object) if isinstance(color, str) else np.asarray(color, np.float64),
        )
        for category, color in palette.items()
    }


def _library_names(inputs: Sequence[NamedInput]) -> list[dict[str, str]]:
    """New names of the libraries of each input: their own, unless several inputs have the same."""
    times: dict[str, int] = {}
    for each in inputs:
        for library in each.source.parts.libraries:
            times[library] = times.get(library, 0) + 1
    renamed = []
    for each in inputs:
        own = each.source.parts.libraries
        single = each.key if len(own) == 1 else None
        renamed.append({name: name if times[name] == 1 else single or f"{name}-{each.key}" for name in own})
    return renamed


def _renamed(image: StoredImage, names: Mapping[str, str]) -> StoredImage:
    library = names.get(image.info.library, image.info.library)
    return replace(image, info=replace(image.info, library=library))


def _same(_: str, one: Any, other: Any) -> bool:
    return bool(one == other)


def _same_array(_: str, one: StoredArray, other: StoredArray) -> bool:
    if one.shape != other.shape or math.prod(one.shape) > _MOST_VALUES:
        return False
    return equal_arrays(one.read(), other.read())


def _same_ranking(_: str, one: Any, other: Any) -> bool:
    if one.info != other.info:
        return False
    mine, others = one.read(), other.read()
    return (
        mine.names == others.names
        and all(equal_arrays(mine.values[key], others.values.get(key)) for key in mine.values)
        and equal_arrays(mine.codes, others.codes)
    )


def _same_sets(_: str, one: Any, other: Any) -> bool:
    return bool(one.read() == other.read())

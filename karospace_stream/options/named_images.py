"""Images that the user names: ``FILE`` or ``SECTION=FILE``, with a place, as in ``s1=a.tiff@2,2,0,0``."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karospace_stream.errors import BadOptionError
from karospace_stream.storage.location import is_url

_MATRIX = (".json", ".csv", ".txt")
_PLACES = {4: "SX,SY,OX,OY", 6: "A,B,C,D,E,F"}


@dataclass(frozen=True, slots=True)
class NamedImage:
    """One image.

    Attributes
    ----------
    section
        The cells that it lies under; None for all.
    path
        Path or URL.
    numbers
        Its place: scales and offsets, or an affine map from coordinates to pixels; empty if not given.
    matrix
        Path of a file with a matrix of 3 x 3 instead.
    """

    section: str | None
    path: str
    numbers: tuple[float, ...] = ()
    matrix: str = ""


def parse_image(text: str) -> NamedImage:
    """Read one image as it is written.

    Raises
    ------
    BadOptionError
        If a place is no place.
    """
    if text and _exists(text):
        return NamedImage(None, text)
    section: str | None = None
    rest = text
    before, equals, after = text.partition("=")
    if equals and not is_url(text):
        section, rest = before, after
    path, at, place = rest.rpartition("@")
    if not at or not _is_place(place) or _exists(rest):
        path, place = rest, ""
    if not path or section == "":
        raise BadOptionError(f"--image must be PATH or SECTION=PATH, got {text[:200]!r}")
    if place.lower().endswith(_MATRIX):
        return NamedImage(section, path, matrix=place)
    return NamedImage(section, path, _numbers(place, text) if place else ())


def _exists(text: str) -> bool:
    try:
        return Path(text).expanduser().exists()
    except (OSError, ValueError, RuntimeError):
        return False


def _is_place(text: str) -> bool:
    """Whether it is meant as a place, and not a part of a path such as ``user@host``."""
    return text.lower().endswith(_MATRIX) or ("," in text and "/" not in text)


def _numbers(place: str, text: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(each) for each in place.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) not in _PLACES or not all(map(math.isfinite, numbers)):
        raise BadOptionError(
            f"--image {text[:200]}: a place must be {' or '.join(_PLACES.values())}, or a .json or .csv file "
            f"with a matrix of 3 x 3; got {place[:100]!r}"
        )
    a, b, c, d = (*numbers[:2], *numbers[3:5]) if len(numbers) == 6 else (numbers[0], 0.0, 0.0, numbers[1])
    if a * d - b * c == 0:
        raise BadOptionError(f"--image {text[:200]}: its place maps different coordinates to the same pixel")
    return numbers


def read_images(value: Any) -> Any:
    """Convert what the user gives to text: one plain path stays one, so that it is as ever."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        value = [_spelled(section, each) for section, each in value.items()]
    if isinstance(value, (str, os.PathLike)):
        value = [value]
    if not isinstance(value, Iterable):
        raise BadOptionError(f"--image must be a path, a mapping or False, got {value!r:.100}")
    several = tuple(os.fspath(each) if isinstance(each, os.PathLike) else each for each in value)
    if not all(isinstance(each, str) for each in several):
        raise BadOptionError(f"--image must be a path, a mapping or False, got {value!r:.100}")
    if len(several) == 1:
        only = parse_image(several[0])
        if only == NamedImage(None, only.path):
            return several[0]
    return several or None


def _spelled(section: Any, image: Any) -> str:
    """An entry of a mapping as it is written in a terminal."""
    about = image if isinstance(image, Mapping) else {"path": image}
    unknown = sorted(set(map(str, about)) - {"path", "place"})
    if unknown or "path" not in about or (section is not None and "=" in str(section)):
        raise BadOptionError(
            "--image: give each section a path, or a dictionary with 'path' and 'place'; the name of a "
            f"section may have no '='; got {section!r:.60}: {image!r:.100}"
        )
    place = about.get("place")
    if place is not None and not isinstance(place, (str, os.PathLike)):
        place = ",".join(repr(float(each)) for each in _flat(place))
    text = os.fspath(about["path"]) + ("" if place is None else f"@{os.fspath(place)}")
    return text if section is None else f"{section}={text}"


def _flat(place: Any) -> list[Any]:
    """Numbers of a place; of a matrix of 3 x 3, its first two rows."""
    rows = [list(each) if isinstance(each, Iterable) else [each] for each in place]
    if len(rows) == 3 and all(len(row) == 3 for row in rows):
        rows = rows[:2]
    return [number for row in rows for number in row]

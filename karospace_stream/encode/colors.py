"""Colours of categories as ``#rrggbb``, from every form that scanpy and matplotlib accept as a colour.

CSS names are those of Pillow, which are matplotlib's. The others are matplotlib's own and the R names that
scanpy knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

#: Drawn if a colour of the input is invalid.
NO_COLOR = "#808080"

_TABLEAU = {
    "blue": "#1f77b4",
    "orange": "#ff7f0e",
    "green": "#2ca02c",
    "red": "#d62728",
    "purple": "#9467bd",
    "brown": "#8c564b",
    "pink": "#e377c2",
    "gray": "#7f7f7f",
    "grey": "#7f7f7f",
    "olive": "#bcbd22",
    "cyan": "#17becf",
}
_CYCLE = [color for name, color in _TABLEAU.items() if name != "grey"]
#: Single letters, in this case only.
_LETTERS = {
    "b": "#0000ff",
    "g": "#008000",
    "r": "#ff0000",
    "c": "#00bfbf",
    "m": "#bf00bf",
    "y": "#bfbf00",
    "k": "#000000",
    "w": "#ffffff",
}
#: As scanpy.plotting._utils.additional_colors of scanpy 1.11 has them, without greys.
_OF_R = {
    "gold2": "#eec900",
    "firebrick3": "#cd2626",
    "khaki2": "#eee685",
    "slategray3": "#9fb6cd",
    "palegreen3": "#7ccd7c",
    "tomato2": "#ee5c42",
    "wheat4": "#8b7e66",
    "antiquewhite2": "#eedfcc",
    "snow4": "#8b8989",
    "chartreuse3": "#66cd00",
    "yellow4": "#8b8b00",
    "darkolivegreen2": "#bcee68",
    "olivedrab3": "#9acd32",
    "azure3": "#c1cdcd",
    "violetred": "#d02090",
    "mediumpurple3": "#8968cd",
    "purple4": "#551a8b",
    "seagreen4": "#2e8b57",
    "lightblue3": "#9ac0cd",
    "orchid3": "#b452cd",
    "indianred 3": "#cd5555",
    "mediumorchid1": "#e066ff",
    "plum3": "#cd96cd",
    "palevioletred3": "#cd6889",
}
_ROUNDED_DOWN = {50: 127, 90: 229}  # in the list of X11, which R's is
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_CYCLED = re.compile(r"C(\d{1,9})")
_GREY_OF_R = re.compile(r"gr[ae]y(\d{1,2}|100)")
_GREY = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)


def hex_color(value: object) -> str | None:
    """A colour as ``#rrggbb``, without its opacity; None if it is no colour.

    Parameters
    ----------
    value
        ``#rgb``, ``#rgba``, ``#rrggbb`` or ``#rrggbbaa``; a name of CSS; ``tab:blue``, ``C0``, ``k`` or a
        grey between ``"0"`` and ``"1"``, as in matplotlib; a name of R; or 3 or 4 numbers between 0 and 1, or
        whole ones up to 255.
    """
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, Sequence) and len(value) in (3, 4):
        return _from_numbers(value)
    return None


def category_colors(
    stored: Sequence[object] | Mapping[str, object], categories: Sequence[str]
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Colours of the categories, in their order; None if there are too few, or none is a colour.

    Parameters
    ----------
    stored
        In the order of the categories, or by category.

    Returns
    -------
    The colours, with `NO_COLOR` for invalid ones; and the categories whose colour is invalid.
    """
    if isinstance(stored, Mapping):
        found = [hex_color(stored.get(category)) for category in categories]
    elif len(stored) >= len(categories):
        found = [hex_color(value) for value in stored[: len(categories)]]
    else:
        return None, ()
    bad = tuple(category for category, color in zip(categories, found, strict=True) if color is None)
    if len(bad) == len(categories):
        return None, bad
    return tuple(color or NO_COLOR for color in found), bad


def _from_text(text: str) -> str | None:
    from PIL import ImageColor

    if text in _LETTERS:
        return _LETTERS[text]
    if match := _CYCLED.fullmatch(text):
        return _CYCLE[int(match[1]) % len(_CYCLE)]
    lower = text.lower()
    if match := _HEX.fullmatch(lower):
        digits = match[1]
        return "#" + (digits[:6] if len(digits) > 4 else "".join(2 * digit for digit in digits[:3]))
    named = ImageColor.colormap.get(lower, _OF_R.get(lower))
    if named is not None:
        # Pillow replaces a name that it was asked for, by anyone in this process, by its numbers.
        return named.lower() if isinstance(named, str) else "#{:02x}{:02x}{:02x}".format(*named[:3])
    if lower.startswith("tab:"):
        return _TABLEAU.get(lower.removeprefix("tab:"))
    return _grey(text)


def _grey(text: str) -> str | None:
    if match := _GREY_OF_R.fullmatch(text):
        share = int(match[1])
        return _from_numbers([_ROUNDED_DOWN.get(share, int(share * 255 / 100 + 0.5))] * 3)
    if not _GREY.fullmatch(text) or not 0 <= float(text) <= 1:
        return None
    return _from_numbers([float(text)] * 3)


def _from_numbers(values: Sequence[object]) -> str | None:
    numbers = [float(value) for value in values if isinstance(value, int | float)]
    if len(numbers) != len(values) or not all(0 <= number <= 255 for number in numbers):
        return None
    whole = max(numbers) > 1
    if whole and not all(number.is_integer() for number in numbers):
        return None
    red, green, blue = (round(number if whole else 255 * number) for number in numbers[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"

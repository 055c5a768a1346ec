"""Colours of categories, as matplotlib and scanpy read them."""

from __future__ import annotations

import pytest
from PIL import ImageColor

from karospace_stream.encode.colors import category_colors, hex_color

# Made with matplotlib 3.11: {c: to_hex(c) if is_color_like(c) else None for c in …}.
MATPLOTLIB: dict[object, str | None] = {
    "red": "#ff0000",
    "Red": "#ff0000",
    "rebeccapurple": "#663399",
    "lightgoldenrodyellow": "#fafad2",
    "grey": "#808080",
    "gray": "#808080",
    "green": "#008000",
    "g": "#008000",
    "c": "#00bfbf",
    "k": "#000000",
    "w": "#ffffff",
    "K": None,
    "tab:blue": "#1f77b4",
    "tab:olive": "#bcbd22",
    "TAB:BLUE": "#1f77b4",
    "tab:grey": "#7f7f7f",
    "tab:nix": None,
    "C3": "#d62728",
    "C13": "#d62728",
    "#f00": "#ff0000",
    "#F008": "#ff0000",
    "#1A2b3C": "#1a2b3c",
    "#1a2b3c80": "#1a2b3c",
    "#ff000": None,
    "ff0000": None,
    "0.5": "#808080",
    "0": "#000000",
    "1": "#ffffff",
    "5e-1": "#808080",
    "-0.0": "#000000",
    "1.5": None,
    "nan": None,
    "inf": None,
    " red": None,
    "": None,
    (1.0, 0.0, 0.0): "#ff0000",
    (0.1, 0.2, 0.3): "#1a334c",
    (0.5, 0.5, 0.5, 0.25): "#808080",
    (1.0, 0.0): None,
    (1.5, 0.0, 0.0): None,
    (-0.1, 0.0, 0.0): None,
    (float("nan"), 0.0, 0.0): None,
    None: None,
}
# scanpy.plotting._utils.additional_colors of scanpy 1.11.
SCANPY = {
    "grey50": "#7f7f7f",
    "grey90": "#e5e5e5",
    "grey77": "#c4c4c4",
    "gold2": "#eec900",
    "violetred": "#d02090",
}


@pytest.mark.parametrize(("color", "expected"), [*MATPLOTLIB.items(), *SCANPY.items()], ids=str)
def test_one_color(color: object, expected: str | None) -> None:
    assert hex_color(color) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("tomato", "#ff6347"), ("rebeccapurple", "#663399"), ("Black", "#000000")]
)
def test_names_that_others_have_looked_up(name: str, expected: str) -> None:
    """Pillow then keeps numbers in its table in place of the text."""
    assert ImageColor.getrgb(name)
    assert not isinstance(ImageColor.colormap[name.lower()], str)
    assert hex_color(name) == expected


def test_bytes_are_taken_too() -> None:
    assert hex_color((255, 128, 0)) == "#ff8000"
    assert hex_color((255, 128, 0, 255)) == "#ff8000"
    assert hex_color((256, 0, 0)) is None
    assert hex_color((1, 0, 0)) == "#ff0000"  # as matplotlib


def test_one_bad_name_spoils_only_itself() -> None:
    assert category_colors(("red", "nix", "#00f", "blue"), "abc") == (
        ("#ff0000", "#808080", "#0000ff"),
        ("b",),
    )
    assert category_colors({"b": "red", "a": (0.0, 0.0, 1.0)}, "abc") == (
        ("#0000ff", "#ff0000", "#808080"),
        ("c",),
    )
    assert category_colors(("red",), "ab") == (None, ())
    assert category_colors(("nix", ""), "ab") == (None, ("a", "b"))

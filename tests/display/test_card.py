"""Short descriptions: their lines at any width, and their HTML."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import pytest

from karospace_stream.display.card import Card
from karospace_stream.display.html import card_html
from karospace_stream.display.width import width_of
from karospace_stream.display.wrap import wrap_list, wrap_sentence

NAMES = ", ".join(f"column_{n}" for n in range(40))
CARD = Card(
    "a.h5ad: 3 cells",
    (("obs", NAMES), ("  cost", "1 GB"), ("a very long label of a layer", "x")),
    ("note: " + NAMES,),
)


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_lists_are_wrapped_at_commas_and_nothing_is_lost(width: int) -> None:
    lines = wrap_list(NAMES, width, first="  obs  ", rest="       ")
    assert all(len(line) <= width for line in lines)
    assert all(line.endswith(",") for line in lines[:-1])
    assert " ".join(line.strip() for line in lines).removeprefix("obs  ") == NAMES
    assert len(lines) == 1 or len(lines[0]) + len(" column_0,") > width - 10


def test_a_sentence_is_wrapped_at_spaces_and_a_long_word_stays_whole() -> None:
    sentence = "the file has no X and no raw and no layers that a page could show"
    assert wrap_list(sentence, 30, rest="  ") == [
        "the file has no X and no raw",
        "  and no layers that a page",
        "  could show",
    ]
    assert wrap_sentence(sentence, 30) == [
        "the file has no X and no raw",
        "  and no layers that a page",
        "  could show",
    ]
    assert wrap_sentence("", 30) == [""]
    path = "/data/" + "x" * 50
    assert wrap_list(f"see {path}, please", 20) == ["see", f"{path},", "please"]


def test_without_a_width_a_row_is_a_line() -> None:
    assert CARD.text().splitlines() == [
        "a.h5ad: 3 cells",
        f"  obs     {NAMES}",
        "    cost  1 GB",
        "  a very long label of a layer  x",
        f"note: {NAMES}",
    ]


def test_facts_are_aligned_at_any_width_of_the_labels() -> None:
    rows = (
        ("layers/velocity_u", "50 x 143"),
        ("obs", "1 column"),
        ("layers/of a name of many letters", "1 x 1"),
    )
    assert Card("a", rows).text(60).splitlines() == [
        "a",
        "  layers/velocity_u  50 x 143",
        "  obs                1 column",
        "  layers/of a name of many letters",
        "                     1 x 1",
    ]


@pytest.mark.parametrize(
    ("columns", "is_terminal", "width"),
    [("60", False, 60), ("60", True, 60), ("0", False, None), ("wide", False, None), ("", False, None)],
)
def test_columns_decides_how_wide_lines_are(
    columns: str, is_terminal: bool, width: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    monkeypatch.setenv("COLUMNS", columns)
    assert width_of(stream) == width


def test_some_rows() -> None:
    assert CARD.only("  cost").text() == "a.h5ad: 3 cells\n    cost  1 GB"


def test_names_are_escaped_in_html() -> None:
    odd = "<b onclick='x'>&amp;"
    card = Card(odd, ((odd, odd),), (odd,))
    root = ET.fromstring(card_html(card))
    texts = [text.strip() for each in root if each.tag != "style" for text in each.itertext()]
    assert [text for text in texts if text] == [odd] * 4
    assert {each.tag for each in root.iter()} <= {
        "div",
        "style",
        "b",
        "table",
        "tbody",
        "tr",
        "th",
        "td",
        "ul",
        "li",
    }

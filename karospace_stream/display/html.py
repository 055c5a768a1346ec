"""A card as HTML, built from elements so that names of files and columns are escaped."""

from __future__ import annotations

from importlib import resources
from xml.etree.ElementTree import Element, SubElement, tostring

from karospace_stream.display.card import Card


def card_html(card: Card) -> str:
    """The card as one ``div`` with its style."""
    root = Element("div", {"class": "karospace-card"})
    style = resources.files("karospace_stream") / "display" / "card.css"
    SubElement(root, "style").text = style.read_text("utf-8")
    SubElement(root, "b").text = card.title
    if card.rows:
        body = SubElement(SubElement(root, "table"), "tbody")
        for label, fact in card.rows:
            row = SubElement(body, "tr")
            SubElement(row, "th", {"scope": "row"}).text = label
            SubElement(row, "td").text = fact
    if card.remarks:
        listed = SubElement(root, "ul")
        for remark in card.remarks:
            SubElement(listed, "li").text = remark
    return tostring(root, encoding="unicode", method="html")

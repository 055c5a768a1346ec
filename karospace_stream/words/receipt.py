"""The options of an export for the page of a receipt, with the labels of the exporter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from karospace_stream.formats.options import declared_options
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.option import Option, declared
from karospace_stream.options.page_texts import PAGE_TEXTS
from karospace_stream.options.texts import MOST_CHARACTERS

_MOST = 200  # characters of a value
#: Told elsewhere in the page.
_TOLD = {"name", *MOST_CHARACTERS}
_MODES = {"hvgs": "the {} most variable", "top_mean": "the {} with the highest means"}


def options_in_words(options: ExportOptions, format: str) -> Iterator[tuple[str, str]]:
    """Label and value of each option that decides the bytes and is not left at its default; no path."""
    for each in declared_options():
        if not each.decides_bytes or each.name in _TOLD or (each.formats and format not in each.formats):
            continue
        value = _value(options, each)
        if value != each.stored_default:
            yield PAGE_TEXTS.get(each.name, (_label(each), ""))[0], _words(each, value)


def _value(options: ExportOptions, option: Option) -> Any:
    if option in declared(ExportOptions):
        return getattr(options, option.field)
    owners = (own for own in options.own.values() if hasattr(own, option.field))
    return next((getattr(own, option.field) for own in owners), option.stored_default)


def _words(option: Option, value: Any) -> str:
    if option.name == "genes":
        return _genes(value)
    if option.name == "image":
        return "none" if value is False else "a file" if isinstance(value, str) else f"{len(value)} files"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    text = ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


def _genes(value: Any) -> str:
    if not isinstance(value, str) or value.startswith("list:"):
        return "by name"
    mode, _, count = value.partition(":")
    return _MODES[mode].format(count) if mode in _MODES else value


def _label(option: Option) -> str:
    """The label of an option that has no field in the exporter."""
    return option.name.replace("_", " ").capitalize()

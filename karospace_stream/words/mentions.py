"""Find the options that a sentence mentions, and write them in another form."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from karospace_stream.formats.options import declared_options
from karospace_stream.options.option import Option

_FLAG = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*[a-z0-9]")
_NUMBER = re.compile(r"[ =](?:[A-Z]+\b|\d[\d.,]*(?:\s?[kMGT]i?B)?(?<![.,])\b)")
_TEXT = re.compile(r"""[ =](?:'[^']*'|"[^"]*"|[^\s'"()]+)""")
_MORE = re.compile(r", (?=[a-z]+[:/])[^\s,;()]+")
_ENDS = ".,;:)"
#: Words that follow a flag and are no value of it.
_PROSE = """
    accepts add adds after again allows alone also an and anew another any applies apply are as asks at
    because before belongs between both but by can cannot changes chooses chose could covers decides did
    do does done draws each every expected expects first fits for from give gives go goes has have helps
    here if in instead into is it keep keeps leaves lies like makes matters may means must name names
    need needs no not now of on once one only or other picks reads refuses requires says selects sets
    should shows so stands stays still such take takes than that the them then there this to together too
    two unless use uses wants was when where which while will with without works would writes
"""
PROSE = frozenset(_PROSE.split())


@dataclass(frozen=True, slots=True)
class Mention:
    """An option in a sentence.

    Attributes
    ----------
    off
        Whether it is the flag that turns it off.
    value
        What follows the flag as its value; empty if nothing does.
    """

    option: Option
    off: bool
    value: str


def rewrite(text: str, write: Callable[[Mention], str]) -> str:
    """The sentence with every mention of a declared option written anew; all else stays."""
    made, position = "", 0
    for found in _FLAG.finditer(text):
        known = _by_flag().get(found[0])
        if known is None or found.start() < position:
            continue
        option, off = known
        value, stop = _value(option, off, text, found.end())
        made += text[position : found.start()] + write(Mention(option, off, value))
        position = stop
    return made + text[position:]


@cache
def _by_flag() -> dict[str, tuple[Option, bool]]:
    named = {each.flag: (each, False) for each in declared_options()}
    return named | {each.off_flag: (each, True) for each in declared_options() if each.off_flag}


def _value(option: Option, off: bool, text: str, start: int) -> tuple[str, int]:
    """The value after a flag, and the position of the rest of the sentence."""
    if off or option.kind in ("switch", "numbers"):
        return "", start
    is_number = option.kind in ("integer", "number") or option.name == "memory"
    found = (_NUMBER if is_number else _TEXT).match(text, start)
    value = "" if found is None else found[0][1:].rstrip(_ENDS)
    if value in PROSE or (option.choices and value not in option.choices and not value.isupper()):
        return "", start
    before, colon, _ = text.partition(": ")
    if colon and len(before) > start + len(value) and text.startswith(option.flag):  # a path with spaces
        value = before[start + 1 :]
    stop = start + 1 + len(value) if value else start
    while option.kind == "list" and (more := _MORE.match(text, stop)):
        extra = more[0].rstrip(_ENDS)
        value, stop = value + extra, stop + len(extra)
    return value.strip("'\""), stop

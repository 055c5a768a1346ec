"""Forms in which an interface writes options: alone, in findings, and within a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from karospace_stream.errors import KaroSpaceError
from karospace_stream.formats.options import option_named
from karospace_stream.model.finding import Finding, Value
from karospace_stream.options.option import Option
from karospace_stream.options.spelling import as_flags, as_keyword, quoted
from karospace_stream.runtime.events import Note
from karospace_stream.words.mentions import Mention, rewrite

_PLACEHOLDER = re.compile(r"[A-Z]+")


@dataclass(frozen=True, slots=True)
class Words:
    """How an interface writes options.

    Attributes
    ----------
    option
        An option with a value.
    sentence
        A message of the program, which names options as a terminal does.
    """

    option: Callable[[Option, Value], str]
    sentence: Callable[[str], str]

    def finding(self, finding: Finding) -> str:
        """The sentence of a finding, and the option that changes what it says."""
        option = option_named(finding.option)
        change = f" (to change: {self.option(option, finding.value)})" if option else ""
        return self.sentence(finding.text) + change

    def note(self, note: Note) -> str:
        """One line for a note, in the words of the interface."""
        return f"note: {self.sentence(note.text) if note.finding is None else self.finding(note.finding)}"


def in_python(text: str, names: Mapping[str, str] | None = None) -> str:
    """A message as Python writes it: ``anno=`` for ``--anno``, ``genes="hvgs:500"`` for ``--genes hvgs:500``.

    Parameters
    ----------
    names
        What a function calls its keywords, where it does not call them as `karospace_stream.export` does.
    """

    def write(mention: Mention) -> str:
        option = mention.option
        name = (names or {}).get(option.name, option.name)
        if mention.off:
            return f"{name}=False"
        if option.kind == "switch":
            return f"{name}=True"
        return f"{name}={_literal(option, mention.value)}"

    # A keyword in front of a colon needs no sign to be known as one.
    return re.sub(r"\b([a-z_]+)=: ", r"\1: ", rewrite(text, write))


def _literal(option: Option, value: str) -> str:
    if not value or _PLACEHOLDER.fullmatch(value) or option.kind in ("integer", "number"):
        return value
    several = value.split(", ") if option.kind == "list" else [value]
    written = list(map(quoted, several))
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"


@contextmanager
def errors_in_python(names: Mapping[str, str] | None = None) -> Iterator[None]:
    """Make errors name keywords instead of flags."""
    try:
        yield
    except KaroSpaceError as error:
        text = str(error).replace(*error.in_python) if error.in_python[0] else str(error)
        error.args = (in_python(text, names), *error.args[1:])
        raise


TERMINAL = Words(as_flags, str)
PYTHON = Words(as_keyword, in_python)

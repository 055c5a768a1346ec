"""The options of an export as fields of a form. Filled by ``cli``, which owns flags and help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

#: One input, or several in their order.
Inputs = str | tuple[str, ...]
Kind = Literal["switch", "choice", "integer", "number", "text", "list", "numbers"]


def listed(inputs: Inputs) -> list[str]:
    """All inputs, also a single one, as a list."""
    return [inputs] if isinstance(inputs, str) else list(inputs)


@dataclass(frozen=True, slots=True)
class Field:
    """One option of the command line.

    Attributes
    ----------
    name
        Name of the keyword for the flag.
    title, help
        Label of the field, and the sentences below it.
    flag, off_flag
        As written, such as ``--gzip``; ``off_flag`` turns off a switch that is on by default, else empty.
    section
        Section of the help; empty for options without one.
    kind
        ``list`` may be repeated; ``numbers`` wants ``n_values`` of them.
    default
        None if the option may be left out; a bool for a switch.
    metavar
        What a value looks like, for people.
    formats
        Formats that it goes with; empty for all.
    names_parts
        Whether its value may name parts of one input: the page forgets it with another input.
    """

    name: str
    flag: str
    off_flag: str
    section: str
    title: str
    help: str
    kind: Kind
    default: Any
    metavar: str
    choices: tuple[str, ...] = ()
    n_values: int = 1
    formats: tuple[str, ...] = ()
    names_parts: bool = False

    def to_json(self) -> dict[str, Any]:
        """Convert to plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Form:
    """All fields, and the parser of flags.

    Attributes
    ----------
    parse
        Flags to the keywords of `karospace_stream.export`; raises BadOptionError, which names the flag.
    """

    fields: tuple[Field, ...]
    parse: Callable[[Sequence[str]], dict[str, Any]]

    def field(self, name: str) -> Field | None:
        """Get a field by name."""
        return next((field for field in self.fields if field.name == name), None)

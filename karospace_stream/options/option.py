"""An option, declared once: the source of its flag, keyword, form field, documentation and record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, field, fields
from numbers import Integral
from typing import Any, Literal

Kind = Literal["switch", "choice", "integer", "number", "text", "list", "numbers"]

_KEY = "option"
_TYPES: dict[Kind, str] = {
    "switch": "bool",
    "choice": "str",
    "integer": "int",
    "number": "float",
    "text": "str",
    "list": "str or sequence of str",
    "numbers": "tuple of floats",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option of an export.

    Attributes
    ----------
    name
        The keyword of `karospace_stream.export`.
    field
        The field of the options object that holds it.
    kind
        ``list`` may be repeated; ``numbers`` takes ``n_values`` of them; ``choice`` takes one of ``choices``.
    default, stored_default
        Value if the flag is absent, as shown to people and as stored; None if that depends on the input.
    help
        One sentence for the terminal and the form.
    section
        Of the help. Empty for an option that has no flag.
    flag, off_flag
        As written. ``off_flag`` turns off an option that is on by default, or gives False instead of a text.
    off_help
        One sentence for an ``off_flag`` that gives False.
    metavar
        What a value looks like, for people.
    formats
        Formats that it belongs to; empty for all. Others refuse it.
    moot
        Given all options, why this one has no effect beside the others; empty if it has one.
    decides_bytes
        Whether another value may change the export. Otherwise it says where and how it is made.
    plans
        Whether it also means something to a plan, and to an export that is only shown.
    type
        Of the keyword, as numpydoc writes it.
    doc
        For the Python documentation, where the help is not enough.
    read
        Converts what the user writes to the stored value.
    names_parts
        Whether a value may name parts of one input, such as a column: for another input it is wrong.
    old_name
        A former keyword, which still works, as does its flag.
    """

    name: str
    field: str
    kind: Kind
    default: Any
    help: str
    section: str
    flag: str
    off_flag: str = ""
    off_help: str = ""
    metavar: str = ""
    choices: tuple[str, ...] = ()
    n_values: int = 1
    formats: tuple[str, ...] = ()
    moot: Callable[[Any], str] | None = None
    decides_bytes: bool = True
    plans: bool = True
    type: str = ""
    doc: str = ""
    read: Callable[[Any], Any] | None = None
    names_parts: bool = False
    old_name: str = ""
    stored_default: Any = None

    def is_given(self, value: Any) -> bool:
        """Whether a value differs from None, an empty default and a switch that is off by default."""
        if self.kind == "switch" and self.stored_default is False:
            return value is not False
        return not (_is_nothing(value) and _is_nothing(self.stored_default))

    def spelling(self, value: Any) -> str:
        """The flag that gives a stored value, or the keyword of an option without a flag."""
        if not self.section:
            return self.name
        return self.off_flag if value is False and self.off_flag else self.flag

    @property
    def described(self) -> tuple[str, str]:
        """Type and text of the keyword in numpydoc form."""
        kind = self.type or _TYPES[self.kind]
        shown = f'"{self.default}"' if isinstance(self.default, str) else self.default
        optional = ", optional" if self.default is None else f", default {shown}"
        return kind + optional, self.doc or self.help


def flag_of(name: str) -> str:
    """The flag of a keyword, unless another one is declared."""
    return f"--{name.replace('_', '-')}"


def _is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, tuple)) and not value)


def option(
    default: Any,
    help: str,
    *,
    kind: Kind,
    section: str = "",
    keyword: str = "",
    flag: str = "",
    compare: bool = True,
    repr: bool = True,
    **rest: Any,
) -> Any:
    """Declare a field of an options dataclass as an `Option`.

    Parameters
    ----------
    keyword, flag
        If they differ from the field's name.
    **rest
        Further attributes of `Option`; ``shown_default`` where the flag's differs from the field's.
    """
    made = {"kind": kind, "help": help, "section": section, "keyword": keyword, "flag": flag, **rest}
    return field(default=default, compare=compare, repr=repr, hash=compare, metadata={_KEY: made})


def declared(cls: type[Any]) -> Iterator[Option]:
    """The options that a dataclass declares, in its order."""
    for each in fields(cls):
        if _KEY in each.metadata:
            yield _option(each)


def _option(each: Field[Any]) -> Option:
    made = dict(each.metadata[_KEY])
    name = made.pop("keyword") or each.name
    flag = made.pop("flag") or flag_of(name)
    stored = None if each.default is MISSING else each.default
    default = made.pop("shown_default", stored)
    return Option(name=name, field=each.name, default=default, stored_default=stored, flag=flag, **made)


def names(value: Any) -> tuple[str, ...] | None:
    """Return one or several names as a tuple; None stays None."""
    return (value,) if isinstance(value, str) else None if value is None else tuple(value)


def group_name(value: Any) -> str | None:
    """The name of one group, also from a value of a bool or a whole number; None for several."""
    return str(value) if isinstance(value, (str, Integral)) or getattr(value, "ndim", None) == 0 else None


def names_or_none(value: Any) -> tuple[str, ...]:
    """Return one or several names as a tuple; None means no name."""
    return names(value) or ()

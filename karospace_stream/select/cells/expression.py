"""An expression over the columns of obs, parsed: nothing in it can be executed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Value = str | int | float | bool
Operator = Literal["==", "!=", "<", "<=", ">", ">="]

#: The expression with both sides exchanged.
SWAPPED: dict[Operator, Operator] = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Flag:
    """A column of true and false."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A column compared with a value."""

    name: str
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class CompareColumns:
    """A column compared with another one."""

    name: str
    operator: Operator
    other: str


@dataclass(frozen=True, slots=True)
class Among:
    """Whether the value of a column is one of several."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Whether a column has no value."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Every:
    """All of several."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of several."""

    parts: tuple[Expression, ...]


Leaf = Flag | Compare | CompareColumns | Among | Missing
Expression = Leaf | Not | Every | Some


def leaves_of(expression: Expression) -> Iterator[Leaf]:
    """The parts that look at columns."""
    if isinstance(expression, Not):
        yield from leaves_of(expression.part)
    elif isinstance(expression, (Every, Some)):
        for part in expression.parts:
            yield from leaves_of(part)
    else:
        yield expression


def names_of(expression: Expression) -> tuple[str, ...]:
    """The columns that it looks at, each once."""
    found: dict[str, None] = {}
    for leaf in leaves_of(expression):
        found[leaf.name] = None
        if isinstance(leaf, CompareColumns):
            found[leaf.other] = None
    return tuple(found)

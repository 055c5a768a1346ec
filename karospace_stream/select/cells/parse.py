"""Parse an expression such as ``tissue == 'lung' and n_counts > 500``.

Python's own parser reads it; of what it finds, only a few kinds of parts are taken, and nothing is ever
executed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from karospace_stream.errors import BadOptionError
from karospace_stream.select.cells.expression import (
    SWAPPED,
    Among,
    Compare,
    CompareColumns,
    Every,
    Expression,
    Flag,
    Missing,
    Not,
    Operator,
    Some,
    Value,
)

_MOST = 20_000  # characters
_DEEPEST = 100
_OPERATORS: dict[type[ast.cmpop], Operator] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_LISTS = (ast.List, ast.Tuple, ast.Set)
_MISSING = {"isna": True, "isnull": True, "notna": False, "notnull": False}
# Texts in quotes, names in backticks, ends of lines.
_QUOTED = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|`([^`]*)`|\n""", re.DOTALL)
_STAND_IN = "_column_in_backticks_{}"
_HOW = "an expression compares columns of obs with values, as in: tissue == 'lung' and n_counts > 500"


def parse_where(text: str) -> Expression:
    """Parse an expression.

    Parameters
    ----------
    text
        Comparisons, ``in`` and ``not in`` lists, ``isna()`` and ``notna()``, ``and``, ``or``, ``not`` and
        parentheses; names of columns, in backticks if they are no names in Python.

    Raises
    ------
    BadOptionError
        If it is something else; names the part.
    """
    if len(text) > _MOST:
        raise BadOptionError(f"--where must have at most {_MOST:,} characters, got {len(text):,}")
    names: list[str] = []

    def stand_in(match: re.Match[str]) -> str:
        if match[2] is None:
            return match[1] or " "
        names.append(match[2])
        return _STAND_IN.format(len(names) - 1)

    replaced = _QUOTED.sub(stand_in, text.strip())
    known = {_STAND_IN.format(at): name for at, name in enumerate(names)}
    try:
        tree = ast.parse(replaced, mode="eval")
        _check_depth(tree)
        return _Reader(known).read(tree.body)
    except SyntaxError as error:
        raise BadOptionError(_no_syntax(text, error)) from error
    except (RecursionError, MemoryError, ValueError) as error:
        raise BadOptionError(
            f"--where: the expression cannot be parsed ({str(error) or 'it is nested too deeply'}); {_HOW}"
        ) from error


def _check_depth(tree: ast.AST) -> None:
    level: list[ast.AST] = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        raise ValueError("it is nested too deeply")


def _no_syntax(text: str, error: SyntaxError) -> str:
    if re.search(r"(?<![=!<>])=(?!=)", _QUOTED.sub("", text)):
        hint = "two equals signs compare, as in tissue == 'lung'"
    elif "&&" in text or "||" in text:
        hint = "write and, or"
    else:
        hint = "texts go in quotes, and names of columns with spaces or signs in `backticks`"
    return f"--where: {text[:200]!r} cannot be parsed ({error.msg}); {hint}"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns Python's tree into ours.

    Attributes
    ----------
    known
        Names in backticks, by what stands for them.
    """

    known: dict[str, str]

    def read(self, node: ast.expr) -> Expression:
        for kind, take in self._kinds():
            if isinstance(node, kind):
                return take(node)
        raise self._refused(node)

    def _kinds(self) -> list[tuple[type[ast.expr], Callable[..., Expression]]]:
        return [
            (ast.BoolOp, self._joined),
            (ast.UnaryOp, self._negated),
            (ast.Compare, self._compared),
            (ast.Call, self._called),
            (ast.Name, lambda node: Flag(self._name(node))),
        ]

    def _joined(self, node: ast.BoolOp) -> Expression:
        parts = tuple(map(self.read, node.values))
        return Every(parts) if isinstance(node.op, ast.And) else Some(parts)

    def _negated(self, node: ast.UnaryOp) -> Expression:
        if isinstance(node.op, ast.Not):
            return Not(self.read(node.operand))
        raise self._refused(node)

    def _compared(self, node: ast.Compare) -> Expression:
        sides = [node.left, *node.comparators]
        several = (
            self._pair(left, how, right) for (left, right), how in zip(pairwise(sides), node.ops, strict=True)
        )
        parts = tuple(several)
        return parts[0] if len(parts) == 1 else Every(parts)

    def _pair(self, left: ast.expr, how: ast.cmpop, right: ast.expr) -> Expression:
        if isinstance(right, _LISTS) and isinstance(left, ast.Name) and type(how) in _AMONG:
            among = Among(self._name(left), tuple(map(self._value, right.elts)))
            return among if _AMONG[type(how)] else Not(among)
        if type(how) not in _OPERATORS:
            wanted = (
                "in and not in need a column on the left and a list on the right, as in tissue in ['lung']"
            )
            raise BadOptionError(f"--where: {wanted}; got {self._text(left)} … {self._text(right)}")
        operator = _OPERATORS[type(how)]
        if isinstance(left, ast.Name) and isinstance(right, ast.Name):
            return CompareColumns(self._name(left), operator, self._name(right))
        if isinstance(left, ast.Name):
            return Compare(self._name(left), operator, self._value(right))
        if isinstance(right, ast.Name):
            return Compare(self._name(right), SWAPPED[operator], self._value(left))
        raise self._refused(left)

    def _called(self, node: ast.Call) -> Expression:
        """``isna(column)``, or ``column.isna()`` as in pandas."""
        function = node.func
        if isinstance(function, ast.Attribute) and not node.args:
            name, arguments = function.attr, [function.value]
        else:
            name, arguments = getattr(function, "id", ""), node.args
        if (
            name in _MISSING
            and len(arguments) == 1
            and isinstance(arguments[0], ast.Name)
            and not node.keywords
        ):
            missing = Missing(self._name(arguments[0]))
            return missing if _MISSING[name] else Not(missing)
        raise BadOptionError(
            f"--where: only isna(COLUMN) and notna(COLUMN) can be called, got {self._text(node)}"
        )

    def _name(self, node: ast.Name) -> str:
        return self.known.get(node.id, node.id)

    def _value(self, node: ast.expr) -> Value:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            value = self._value(node.operand)
            if not isinstance(value, str):
                return -value if isinstance(node.op, ast.USub) else +value
        if isinstance(node, ast.Constant):
            if isinstance(node.value, (str, int, float)):
                return node.value
            if node.value is None:
                raise BadOptionError("--where: None is no value; write isna(COLUMN) for missing ones")
        raise self._refused(node)

    def _refused(self, node: ast.AST) -> BadOptionError:
        return BadOptionError(f"--where: {self._text(node)} cannot be used here; {_HOW}")

    def _text(self, node: ast.AST) -> str:
        text = ast.unparse(node)
        for stand_in, name in self.known.items():
            text = text.replace(stand_in, f"`{name}`")
        return repr(text if len(text) <= 60 else f"{text[:60]}…")


#: Whether the column must have one of the values. ``==`` with a list is ``in``, as in pandas.
_AMONG: dict[type[ast.cmpop], bool] = {ast.In: True, ast.NotIn: False, ast.Eq: True, ast.NotEq: False}

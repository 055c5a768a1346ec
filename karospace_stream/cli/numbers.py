"""Numbers as values of flags, with a sentence of our own for those that are none."""

from __future__ import annotations

from typing import Any

import click
from click.types import FloatParamType, IntParamType


class _Whole(IntParamType):
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return int(value)
        except ValueError:
            self.fail(f"it must be a whole number, got {value!r}", param, ctx)


class _Number(FloatParamType):
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            return float(value)
        except ValueError:
            self.fail(f"it must be a number, got {value!r}", param, ctx)


WHOLE = _Whole()
NUMBER = _Number()

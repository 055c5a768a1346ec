"""Explicit keywords in the signatures of functions that take options: Tab and ``help()`` show them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container
from typing import Any, TypeVar, get_type_hints

from karospace_stream.formats.options import declared_options
from karospace_stream.options.keywords import ExportKeywords
from karospace_stream.options.option import declared

F = TypeVar("F", bound=Callable[..., Any])


def with_keywords(
    *, plans: bool = False, of: type[Any] | None = None, without: Container[str] = ()
) -> Callable[[F], F]:
    """Write the declared options into the signature of a function in place of its ``**options``.

    Parameters
    ----------
    plans
        Whether the function only plans, or exports to show: then options of the target itself are left out.
    of
        The class that declares the options, if they are not all.
    without
        Options that the function does not have, or has as arguments of its own.
    """

    def sign(function: F) -> F:
        own = inspect.signature(function)
        named = [each for each in own.parameters.values() if each.kind is not each.VAR_KEYWORD]
        signature = own.replace(parameters=[*named, *_keywords(plans, of, without)])
        function.__signature__ = signature  # type: ignore[attr-defined] # inspect looks for it
        return function

    return sign


def _keywords(plans: bool, of: type[Any] | None, without: Container[str]) -> list[inspect.Parameter]:
    types = get_type_hints(ExportKeywords)  # of our own formats; another may be registered beside them
    return [
        inspect.Parameter(
            each.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=each.default,
            annotation=types.get(each.name, Any),
        )
        for each in (declared_options() if of is None else declared(of))
        if (each.plans or not plans) and each.name not in without
    ]

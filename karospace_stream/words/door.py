"""The door of Python: a misspelled keyword gets a suggestion; errors and notes name keywords, not flags."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from karospace_stream.formats.options import declared_options, with_present_names
from karospace_stream.options.keywords import ExportKeywords
from karospace_stream.options.other_names import refuse_unknown
from karospace_stream.runtime.events import Event, Listener, Note
from karospace_stream.words.words import errors_in_python, in_python

_LISTENER = "listener"


def through_the_door(function: Callable[..., Any]) -> Callable[..., Any]:
    """The public form of a function: the same, in the words of Python."""
    signature = inspect.signature(function)
    refuse = _check_of(function, signature)

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        refuse(kwargs)
        if kwargs.get(_LISTENER) is not None:
            kwargs[_LISTENER] = notes_in_python(kwargs[_LISTENER])
        with errors_in_python():
            made = function(*args, **kwargs)
        complete = getattr(made, "complete", None)
        if callable(complete):  # of a server: an export that is still running may fail later
            made.complete = through_the_door(complete)
        return made

    call.__module__ = "karospace_stream"  # so that it can be pickled by its public name
    call.__signature__ = signature  # type: ignore[attr-defined] # inspect looks for it
    return call


def _check_of(
    function: Callable[..., Any], signature: inspect.Signature
) -> Callable[[Mapping[str, Any]], None]:
    """Refuses a keyword that the function does not have."""
    takes_options = bool(inspect.unwrap(function).__code__.co_flags & inspect.CO_VARKEYWORDS)

    def check(keywords: Mapping[str, Any]) -> None:
        known = [*signature.parameters]
        if takes_options:  # the signature lacks those of formats that were registered later
            known += {each.name for each in declared_options()} - ExportKeywords.__annotations__.keys()
            keywords = with_present_names(keywords)
        refuse_unknown(keywords, known, function.__name__)

    return check


def notes_in_python(listener: Listener) -> Listener:
    """A listener that gets notes in the words of Python."""

    def hear(event: Event) -> None:
        listener(replace(event, text=in_python(event.text)) if isinstance(event, Note) else event)

    return hear

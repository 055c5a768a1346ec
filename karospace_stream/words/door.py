"""The door of Python: errors and notes that leave through it name keywords instead of flags."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from karospace_stream.runtime.events import Event, Listener, Note
from karospace_stream.words.words import errors_in_python, in_python

_LISTENER = "listener"


def through_the_door(function: Callable[..., Any]) -> Callable[..., Any]:
    """The public form of a function: the same, in the words of Python."""

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if kwargs.get(_LISTENER) is not None:
            kwargs[_LISTENER] = notes_in_python(kwargs[_LISTENER])
        with errors_in_python():
            made = function(*args, **kwargs)
        complete = getattr(made, "complete", None)
        if callable(complete):  # of a server: an export that is still running may fail later
            made.complete = through_the_door(complete)
        return made

    call.__module__ = "karospace_stream"  # so that it can be pickled by its public name
    call.__signature__ = inspect.signature(function)  # type: ignore[attr-defined] # inspect looks for it
    return call


def notes_in_python(listener: Listener) -> Listener:
    """A listener that gets notes in the words of Python."""

    def hear(event: Event) -> None:
        listener(replace(event, text=in_python(event.text)) if isinstance(event, Note) else event)

    return hear

"""The error for a command that does not exist, with suggestions."""

from __future__ import annotations

import os
from collections.abc import Iterable

from karospace_stream.similar.names import did_you_mean, similar_names

#: What other programs call these commands.
_CALLED = {
    "browse": "serve",
    "build": "export",
    "check": "verify",
    "convert": "export",
    "create": "synth",
    "describe": "inspect",
    "diagnose": "doctor",
    "estimate": "plan",
    "generate": "synth",
    "gui": "app",
    "help": "--help",
    "info": "inspect",
    "list": "datasets",
    "ls": "datasets",
    "aggregate": "pseudobulk",
    "markers": "stats",
    "open": "serve",
    "prepare": "export",
    "preview": "serve",
    "show": "serve",
    "rank": "stats",
    "start": "app",
    "statistics": "stats",
    "ui": "app",
    "validate": "verify",
    "version": "--version",
    "view": "serve",
}


def unknown_command(name: str, commands: Iterable[str], further: list[str]) -> str:
    """The sentence.

    Parameters
    ----------
    further
        What follows the name.
    """
    commands = tuple(commands)
    if _is_path(name):
        line = " ".join(["karospace-stream export", name, *further[:1]])
        return f"the first argument must be a command, got {name!r}; did you mean {line!r}?"
    meant = [_CALLED[name]] if name in _CALLED else similar_names(name, commands)
    hint = did_you_mean(meant) or f"; there are {', '.join(commands)}"
    return f"there is no command {name!r}{hint}"


def _is_path(name: str) -> bool:
    return "/" in name or "." in name or os.path.exists(name)  # noqa: PTH110 - any text will do

"""Inputs as arguments of a command: one or several, and what comes after them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import click

Command = Callable[..., Any]

#: Files that are an input or a list of inputs, and never the target of an export.
_NEVER_A_TARGET = (".h5ad", ".h5", ".h5mu", ".loom", ".txt", ".csv", ".tsv")
#: Stores that are one or the other.
_STORES = (".zarr", ".zarr.zip")


def inputs_argument(command: Command) -> Command:
    """One input or several, and nothing after them."""
    return click.argument("source", metavar="INPUT...", nargs=-1, required=True)(command)


def inputs_and(name: str, metavar: str) -> Callable[[Command], Command]:
    """One input or several, and one last argument, which is always what they are written to."""

    def add(command: Command) -> Command:
        command = click.argument(name, metavar=metavar, required=False)(command)
        return click.argument("source", metavar="INPUT...", nargs=-1)(command)

    return add


def check_last(source: Sequence[str], last: str | None, metavar: str) -> str:
    """Refuse a command line on which the inputs or the last argument are missing; return that one."""
    if last is not None and source:
        return last
    missing = metavar if last is not None else "INPUT..."
    raise click.UsageError(f"Missing argument '{missing}'.", click.get_current_context())


def refuse_input_as_target(source: Sequence[str], last: str) -> None:
    """Refuse a target that is one more file like the inputs before it: the target was forgotten."""
    from karospace_stream.errors import TargetError

    # Those of os.path answer False, not with an error, for a name that no file may have.
    if last in source or not all(os.path.exists(os.path.expanduser(each)) for each in source):  # noqa: PTH110, PTH111
        return  # other errors say what is wrong
    if last.lower().endswith(_NEVER_A_TARGET) and os.path.isfile(os.path.expanduser(last)):  # noqa: PTH111, PTH113
        raise TargetError(
            f"the last argument is the target, a folder to write to, but {last} is an input; put the target "
            "after it"
        )


def one_or_several(source: Sequence[str]) -> Any:
    """A single input by itself."""
    return source[0] if len(source) == 1 else tuple(source)


def split_target(paths: Sequence[str], formats: Sequence[str]) -> tuple[Any, str | None]:
    """The inputs and the target, if the last of several paths is one.

    It is an input if there is one already, or if it is called like a file that only an input can be. A Zarr
    store is the target if an export to AnnData stores is planned.
    """
    from karospace_stream.storage import is_url

    *inputs, last = paths
    if not inputs or _is_input(last, formats):
        return one_or_several(paths), None
    if last.lower().rstrip("/").endswith(_STORES) and not is_url(last) and _is_there(last):
        note = f"{last} is taken as the target, not as an input, since AnnData stores are planned"
        click.echo(f"note: {note}; to read it, put the target after it", err=True)
    return one_or_several(inputs), last


def _is_input(text: str, formats: Sequence[str]) -> bool:
    from karospace_stream.inputs.listing.patterns import is_pattern
    from karospace_stream.storage import is_url

    name = (text.partition("?")[0] if is_url(text) else text).lower().rstrip("/")
    if is_pattern(text) or name.endswith(_NEVER_A_TARGET):
        return True
    writes_stores = any(each.partition("=")[0] == "anndata" for each in formats)
    if name.endswith(_STORES) and writes_stores:
        return False
    return name.endswith(_STORES) if is_url(text) else _is_there(text)


def _is_there(text: str) -> bool:
    """Whether there is an input at a path, and not an export."""
    from pathlib import Path

    from karospace_stream.formats.layout.checksums import CHECKSUMS
    from karospace_stream.inputs.listing.folders import inputs_in
    from karospace_stream.inputs.listing.looks import is_store, is_vendor_folder
    from karospace_stream.storage import local_path

    path = Path(os.path.expanduser(local_path(text)))  # noqa: PTH111 - as above
    if not os.path.isdir(path):  # noqa: PTH112
        return os.path.exists(path)  # noqa: PTH110
    if (path / CHECKSUMS).is_file():
        return False
    return is_store(path) or is_vendor_folder(path) or inputs_in(path) is not None

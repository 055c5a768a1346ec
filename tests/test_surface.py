"""What the package offers at its top and on the command line, and that all of it is described."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections import Counter
from typing import Any

import click
import pytest
from click.testing import CliRunner

import karospace_stream
from karospace_stream.cli import program
from karospace_stream.options.keywords import ExportKeywords

COMMANDS = program.list_commands(click.Context(program))
FUNCTIONS = [name for name in karospace_stream.__all__ if name[0].islower()]


def command(name: str) -> click.Command:
    found = program.get_command(click.Context(program), name)
    assert found is not None
    return found


def documented(docstring: str | None, section: str) -> Counter[str]:
    """Names that a section of a numpydoc docstring describes."""
    text = inspect.cleandoc(docstring or "")
    found = re.search(rf"^{section}\n-+\n(.*?)(?:\n\n\S|\Z)", text, re.S | re.M)
    heads = re.findall(r"^\S.*$", found[1], re.M) if found else []
    return Counter(name.strip(" *") for head in heads for name in head.split(" : ")[0].split(","))


def test_every_name_is_there_and_stays_callable() -> None:
    program = (
        "import karospace_stream as ks, pkgutil, importlib\n"
        "names = [m.name for m in pkgutil.iter_modules(ks.__path__)]\n"
        "for name in names: importlib.import_module(f'karospace_stream.{name}')\n"
        "assert not set(names) & set(ks.__all__), 'a folder would hide a function'\n"
        "assert all(callable(getattr(ks, name)) for name in ks.__all__)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_dir_lists_the_surface() -> None:
    program = "import karospace_stream as ks; print(*dir(ks)); ks.export; print(*dir(ks))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    expected = " ".join(sorted(["__version__", *karospace_stream.__all__]))
    assert done.stdout.splitlines() == [expected, expected]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_is_described_once(name: str) -> None:
    function: Any = getattr(karospace_stream, name)
    described = documented(function.__doc__, "Parameters")
    # One entry stands for all options of an export; `export` itself describes them.
    options = set(ExportKeywords.__annotations__) if described.pop("options", 0) else set()
    assert described == Counter(set(inspect.signature(function).parameters) - (options - described.keys()))


def test_every_option_of_export_is_described_once() -> None:
    described = documented(karospace_stream.export.__doc__, "Other Parameters")
    assert described == Counter(list(ExportKeywords.__annotations__))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_every_option_once_in_80_columns(name: str) -> None:
    done = CliRunner().invoke(program, [name, "--help"], terminal_width=80)
    assert done.exit_code == 0
    assert [line for line in done.output.splitlines() if len(line) > 80] == []
    shown = Counter(re.findall(r"^  (?:-\w, )?(--[\w-]+)", done.output, re.M))
    shown.pop("--help")
    flags = [param for param in command(name).params if isinstance(param, click.Option)]
    assert shown == Counter(next(word for word in flag.opts if word.startswith("--")) for flag in flags)


@pytest.mark.parametrize("name", ["export", "plan", "serve"])
def test_flags_are_options_of_export(name: str) -> None:
    own = {"source", "target", "port", "open_browser", "quiet", "as_json", "debug", "no_image", "no_shapes"}
    assert {param.name for param in command(name).params} - own <= set(ExportKeywords.__annotations__)

"""The command line: from argv to options, plan and run. The only room that prints.

Nothing heavy is imported here: ``--help`` answers at once.
"""

from __future__ import annotations

import sys

import click

from karospace_stream._version import __version__
from karospace_stream.cli.exit_codes import run_command

# The module in `cli.commands`, and what the command does.
_COMMANDS = {
    "export": (
        "export",
        "Export an AnnData into a bundle that a browser explores.",
    ),
    "plan": ("export", "Say what an export would take, and write nothing."),
    "inspect": (
        "inspect",
        "Say what a file holds and what can be exported from it.",
    ),
    "verify": (
        "verify",
        "Check that an export is whole, and true to its source.",
    ),
    "serve": ("serve", "Open an export, a .h5ad or a .zarr in the browser."),
    "app": ("app", "Open the graphical exporter in the browser."),
    "doctor": ("doctor", "Say whether a web host serves an export rightly."),
    "cache": ("cache", "List or clear what serve and the notebook keep."),
    "clean": ("clean", "Remove what exports that were cut off have left."),
    "datasets": (
        "datasets",
        "List the exports in a folder, for a page to offer.",
    ),
    "synth": ("synth", "Write a synthetic data set of any size."),
}


class _LateGroup(click.Group):
    """Loads a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        from importlib import import_module

        command: click.Command = getattr(
            import_module(f"karospace_stream.cli.commands.{_COMMANDS[cmd_name][0]}"), cmd_name
        )
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="karospace-stream")
def program() -> None:
    """Turn AnnData files that do not fit in memory into pages that a browser explores gene by gene."""


def main(argv: list[str] | None = None) -> None:
    """Run the command and exit.

    0 done, 1 something was looked at and is wrong, 2 options, 3 input, 4 target, 5 budget, 6 worker,
    128 and the number of the signal where one has stopped it: 130 for Ctrl-C.
    """
    sys.exit(run_command(program, "karospace-stream", argv))

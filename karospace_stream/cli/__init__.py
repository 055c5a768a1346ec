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
        "Export an AnnData to a bundle to explore in a browser.",
    ),
    "plan": ("export", "Show what an export would need, without writing anything."),
    "inspect": (
        "inspect",
        "Show what a file contains and what can be exported from it.",
    ),
    "verify": (
        "verify",
        "Check that an export is complete and matches its source.",
    ),
    "pseudobulk": ("pseudobulk", "Sum counts by sample and cell type, without an export."),
    "stats": ("stats", "Compute markers and means of genes by group, without an export."),
    "serve": ("serve", "Open an export, a .h5ad or a .zarr in the browser."),
    "app": ("app", "Open the graphical exporter in the browser."),
    "doctor": ("doctor", "Check that a web host serves an export correctly."),
    "cache": ("cache", "List or clear the cache of serve and the notebook."),
    "clean": ("clean", "Remove leftovers of interrupted exports."),
    "datasets": (
        "datasets",
        "List the exports in a folder so that the page can offer them.",
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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.possibilities:
                raise
            ctx.fail(f"there is no option {error.option_name!r}; options of a command come after its name")

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, further = args[0], args[1:]
        if name not in _COMMANDS and not name.startswith("-"):
            from karospace_stream.cli.unknown_command import unknown_command

            ctx.fail(unknown_command(name, _COMMANDS, further))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="karospace-stream")
def program() -> None:
    """Export AnnData files of any size, to explore them gene by gene in a browser."""


def main(argv: list[str] | None = None) -> None:
    """Run the command and exit.

    0 done, 1 something was looked at and is wrong, 2 options, 3 input, 4 target, 5 budget, 6 worker,
    128 and the number of the signal where one has stopped it: 130 for Ctrl-C.
    """
    sys.exit(run_command(program, "karospace-stream", argv))

"""``clean``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from karospace_stream.cli.flags import flag_of

if TYPE_CHECKING:
    from karospace_stream.pipeline.clean.orphan import Orphan


@click.command()
@click.argument("target")
@click.option("--yes", "-y", is_flag=True, help="Do not ask whether someone still uses it (object stores).")
@flag_of("storage_options")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def clean(target: str, yes: bool, storage_options: tuple[str, ...], as_json: bool, debug: bool) -> None:
    """Remove leftovers of interrupted exports to TARGET, and their scratch.

    A complete export is never touched.

    \b
    karospace-stream clean bundle
    karospace-stream clean s3://bucket/atlas --yes
    """  # noqa: D301 - click takes a real backspace for "do not wrap"
    from karospace_stream.cli.show import show_cleaned, show_json
    from karospace_stream.pipeline.clean.api import clean as run
    from karospace_stream.storage import is_url
    from karospace_stream.storage.location import read_storage_options

    def confirm(leftovers: tuple[Orphan, ...]) -> None:
        if is_url(target) and not yes:
            _ask(leftovers)

    options = read_storage_options(storage_options)
    cleaned = run(target, storage_options=options, confirm=confirm)
    if not cleaned.leftovers:
        _check_exists(target)
    show_json(cleaned.to_json()) if as_json else show_cleaned(cleaned)


def _check_exists(target: str) -> None:
    """Refuse a local path at which there is nothing, and no leftovers beside it either: it is misspelled."""
    from pathlib import Path

    from karospace_stream.errors import BadInputError
    from karospace_stream.similar.paths import did_you_mean_path
    from karospace_stream.storage import is_url, local_path

    if is_url(target):
        return
    path = Path(local_path(target)).expanduser()
    if not path.exists():
        raise BadInputError(
            f"{target} does not exist, and no interrupted export to it has left anything"
            f"{did_you_mean_path(path)}"
        )


def _ask(leftovers: tuple[Orphan, ...]) -> None:
    """Ask first: on an object store, running exports cannot be detected."""
    from karospace_stream.cli.show import leftover_line
    from karospace_stream.errors import BadOptionError

    for each in leftovers:
        click.echo(leftover_line(each), err=True)
    if not sys.stdin.isatty():
        raise BadOptionError(
            "clean cannot tell whether someone still runs this export; if nobody does, add --yes"
        )
    click.confirm("If someone still runs this export, it will fail. Remove?", abort=True, err=True)

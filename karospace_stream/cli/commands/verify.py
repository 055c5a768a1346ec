"""``verify``."""

from __future__ import annotations

from typing import Any

import click

from karospace_stream.cli.flags import flag_of
from karospace_stream.cli.inputs import one_or_several
from karospace_stream.cli.numbers import WHOLE


@click.command()
@click.argument("target")
@click.option(
    "--source",
    metavar="INPUT",
    multiple=True,
    help="Compare every value with this input; repeat for several, in the order of the export.",
)
@click.option("--sample", type=WHOLE, metavar="N", help="Compare only N genes, and everything else.")
@click.option("--memory", metavar="SIZE", help="Memory for the comparison; default: half of the free memory.")
@click.option("--workers", type=WHOLE, metavar="N", help="Tasks to run at once; default: one per core.")
@click.option("--scratch", metavar="DIR", help="Folder for scratch files.")
@flag_of("obs_table")
@flag_of("obs_table_key")
@flag_of("storage_options")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def verify(target: str, quiet: bool, as_json: bool, debug: bool, **flags: Any) -> int:
    """Check the export at TARGET: every object, its size and checksum, and the manifests.

    \b
    karospace-stream verify bundle
    karospace-stream verify https://lab.org/atlas --source atlas.h5ad --sample 99
    karospace-stream verify bundle --source a.h5ad --source b.h5ad

    The exit code is 1 if there are faults.
    """  # noqa: D301 - click takes a real backspace for "do not wrap"
    from karospace_stream.cli.show import show_json, show_verified
    from karospace_stream.progress.shown import terminal_progress
    from karospace_stream.storage.location import read_storage_options
    from karospace_stream.verification.api import verify as run

    flags["source"] = one_or_several(flags["source"]) if flags["source"] else None
    flags["storage_options"] = read_storage_options(flags["storage_options"])
    with terminal_progress(quiet) as listener:
        verified = run(target, listener=listener, **flags)
    show_json(verified.to_json()) if as_json else show_verified(verified)
    return 0 if verified else 1

"""``serve``."""

from __future__ import annotations

import json
from typing import Any

import click

from karospace_stream.cli.browser import note_port, open_flag, open_page, port_flag
from karospace_stream.cli.flags import as_options, export_flags
from karospace_stream.cli.inputs import one_or_several
from karospace_stream.cli.sections import SectionedCommand


@click.command(cls=SectionedCommand)
@click.argument("source", metavar="PATH...", nargs=-1, required=True)
@port_flag(8000)
@open_flag
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
@export_flags(plans=True)
def serve(source: tuple[str, ...], port: int, open_browser: bool | None, quiet: bool, **flags: Any) -> None:
    """Show PATH in the browser, on this machine only; Ctrl-C stops.

    PATH is an export of any format, a folder of exports, the URL of an export (s3://...), a .h5ad or a
    .zarr. A .h5ad or .zarr is first exported into a cache. A gene-major .zarr (or .zarr.zip) is shown
    directly, unless you give options of export. Several inputs are exported and shown as one: name them all,
    or a folder of them.

    \b
    karospace-stream serve bundle
    karospace-stream serve s3://bucket/sample
    karospace-stream serve sample.h5ad --genes hvgs:500
    """  # noqa: D301 - click takes a real backspace for "do not wrap"
    as_json = flags["as_json"]
    show_bundle(one_or_several(source), port, open_browser, quiet, as_options(flags), as_json=as_json)


def show_bundle(
    source: Any,
    port: int,
    open_browser: bool | None = False,
    quiet: bool = False,
    options: dict[str, Any] | None = None,
    *,
    as_json: bool = False,
) -> None:
    """Serve until Ctrl-C; ``as_json`` prints the address as one line of JSON, for programs."""
    from karospace_stream.preview.serve import serve as start
    from karospace_stream.progress.shown import terminal_progress

    with (
        terminal_progress(quiet) as listener,
        start(source, port=port, listener=listener, **(options or {})) as server,
    ):
        note_port(server)
        if as_json:
            click.echo(json.dumps({"source": source, "url": server.url, "port": server.port}))
        else:
            click.echo(f"{_shown(source)} is shown at {server.url} (press Ctrl-C to stop)")
        open_page(server.url, False if as_json and open_browser is None else open_browser)
        try:
            server.complete()
        except KeyboardInterrupt:
            server.stop()
        server.wait()
    click.echo("stopped", err=True)


def _shown(source: Any) -> str:
    if isinstance(source, str):
        return source
    first, *more = source
    return f"{first} and {len(more):,} more"

"""``serve``."""

from __future__ import annotations

from typing import Any

import click

from karospace_stream.cli.flags import as_options, export_flags, keyword_of
from karospace_stream.cli.sections import SectionedCommand


@click.command(cls=SectionedCommand)
@click.argument("source", metavar="PATH")
@click.option("--port", type=int, default=8000, show_default=True, help="If in use, another is taken.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in the browser.")
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
@export_flags(plans=True)
def serve(source: str, port: int, open_browser: bool, quiet: bool, **flags: Any) -> None:
    """Show PATH in the browser, on this machine only; Ctrl-C stops.

    PATH is an export of any format, a folder of exports, the URL of one (s3://...), or a .h5ad or
    .zarr, which is first exported into a cache, unless it is a .zarr (or .zarr.zip) that lies gene
    after gene. With options of export a .zarr is exported in any case.

    \b
    karospace-stream serve bundle
    karospace-stream serve s3://bucket/sample
    karospace-stream serve sample.h5ad --genes hvgs:500
    """  # noqa: D301 - click takes a real backspace for "do not wrap"
    show_bundle(source, port, open_browser, quiet, given_options(flags))


def given_options(flags: dict[str, Any]) -> dict[str, Any]:
    """Flags that the user wrote."""
    context = click.get_current_context()
    default = click.core.ParameterSource.DEFAULT
    written = {name for name in flags if context.get_parameter_source(name) is not default}
    kept = set(map(keyword_of, written))
    return {name: value for name, value in as_options(flags).items() if name in kept}


def show_bundle(
    source: str,
    port: int,
    open_browser: bool = False,
    quiet: bool = False,
    options: dict[str, Any] | None = None,
) -> None:
    """Serve until Ctrl-C."""
    from karospace_stream.cli.progress import progress
    from karospace_stream.preview.serve import serve as start

    with (
        progress(quiet) as listener,
        start(source, port=port, listener=listener, **(options or {})) as server,
    ):
        if server.wished_port not in (0, server.port):
            click.echo(f"note: port {server.wished_port} is in use, {server.port} is taken instead", err=True)
        click.echo(f"{source} is shown at {server.url} (Ctrl-C stops)")
        if open_browser:
            click.launch(server.url)
        try:
            server.complete()
        except KeyboardInterrupt:
            server.stop()
        server.wait()
    click.echo("stopped", err=True)

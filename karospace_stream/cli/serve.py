"""``serve``."""

from __future__ import annotations

import click


@click.command()
@click.argument("target")
@click.option("--port", type=int, default=8000, show_default=True, help="If in use, another is taken.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in the browser.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def serve(target: str, port: int, open_browser: bool, debug: bool) -> None:
    """Show the bundle at TARGET in the browser, on this machine only; Ctrl-C stops."""
    show_bundle(target, port, open_browser)


def show_bundle(target: str, port: int, open_browser: bool = False) -> None:
    """Serve until Ctrl-C."""
    from karospace_stream.serving import serve as start

    with start(target, port=port) as server:
        if server.port != server.wished_port:
            click.echo(f"note: port {server.wished_port} is in use, {server.port} is taken instead", err=True)
        click.echo(f"{target} is shown at {server.url} (Ctrl-C stops)")
        if open_browser:
            click.launch(server.url)
        server.wait()
    click.echo("stopped", err=True)

"""``--open`` and ``--port`` of the commands that show a page."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from karospace_stream.cli.numbers import WHOLE

if TYPE_CHECKING:
    from karospace_stream.serving import Server

open_flag = click.option(
    "--open/--no-open",
    "open_browser",
    default=None,
    help="Open the page in the browser; by default if this runs in a terminal.",
)


def port_flag(port: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The port that a command listens on."""
    return click.option(
        "--port",
        type=WHOLE,
        default=port,
        show_default=True,
        help="Port to listen on; the next one if it is in use.",
    )


def note_port(server: Server) -> None:
    """Say which port is used instead of the requested one."""
    if server.requested_port not in (0, server.port):
        click.echo(f"note: port {server.requested_port} is in use, using {server.port} instead", err=True)


def open_page(url: str, asked: bool | None) -> None:
    """Open a page, if that was asked for or a person is at the terminal."""
    if asked or (asked is None and sys.stdout.isatty()):
        click.launch(url)

"""``app`` and ``karospace-export-app``: the graphical exporter."""

from __future__ import annotations

import math
import signal
import sys
import time
from collections.abc import Generator
from contextlib import closing, suppress
from typing import TYPE_CHECKING, NoReturn

import click

from karospace_stream._version import __version__
from karospace_stream.cli.browser import note_port, open_flag, open_page, port_flag
from karospace_stream.cli.exit_codes import run_command
from karospace_stream.cli.inputs import one_or_several
from karospace_stream.runtime.stop import SIGNALS, deafen

if TYPE_CHECKING:
    from karospace_stream.app.api import Exporter
    from karospace_stream.serving import Server

_TWICE_S = 10.0


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("source", metavar="[INPUT...]", nargs=-1)
@port_flag(8642)
@open_flag
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="Host name of a proxy in front, such as a JupyterHub's; repeat for several.",
)
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def app(
    source: tuple[str, ...], port: int, open_browser: bool | None, allow_host: tuple[str, ...], debug: bool
) -> None:
    """Open the graphical exporter in the browser; Ctrl-C stops it.

    Anyone who has the address can see the files of this machine; nobody else can.
    """
    from karospace_stream.app.access import ways
    from karospace_stream.app.start import start_exporter
    from karospace_stream.cli.form import export_form

    with suppress(ValueError):  # not the main thread
        # The sender of these does not repeat them, as a user may repeat Ctrl-C.
        for each in set(SIGNALS) - {signal.SIGINT}:
            if signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, _end)
    server, exporter = start_exporter(
        export_form(), port=port, hosts=allow_host, first=one_or_several(source) if source else ""
    )
    with server:
        note_port(server)
        click.echo(f"the exporter is at {server.url}")
        for way in ways(server.port, server.path):
            click.echo(way)
        click.echo("press Ctrl-C to stop it; exports continue even if you close the page")
        open_page(server.url, open_browser)
        _wait(server, exporter)
    click.echo("stopped", err=True)


def _end(signum: int, *_: object) -> NoReturn:
    deafen()  # what follows is short and must not be interrupted
    raise SystemExit(128 + signum)


def _wait(server: Server, exporter: Exporter) -> None:
    """Wait for Ctrl-C; twice if that would interrupt an export."""
    asked = -math.inf
    with closing(_presses(server)) as presses:
        for now in presses:
            active = exporter.runs.n_active
            if not active or now - asked < _TWICE_S:
                return
            asked = now
            plural = "exports are" if active > 1 else "export is"
            click.echo(
                f"{active} {plural} not finished: press Ctrl-C again to interrupt; you can resume on the "
                "page when you start the exporter again",
                err=True,
            )


def _presses(server: Server) -> Generator[float, None, None]:
    """When Ctrl-C is pressed. No exception: the second press may come while the first is answered."""
    pressed: list[float] = []
    before = None
    with suppress(ValueError):  # not the main thread
        before = signal.signal(signal.SIGINT, lambda *_: pressed.append(time.monotonic()))
    try:
        while server.is_running:
            time.sleep(0.2)
            while pressed:
                yield pressed.pop(0)
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


def main(argv: list[str] | None = None) -> None:
    """Run ``karospace-export-app`` and exit."""
    sys.exit(run_command(click.version_option(__version__)(app), "karospace-export-app", argv))

"""``doctor``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from karospace_stream.cli.numbers import NUMBER


@click.command()
@click.argument("url", metavar="URL")
@click.option("--origin", metavar="URL", help="Page that will read the export, if it is on another host.")
@click.option("--all-hosts", is_flag=True, help="Show the settings of all hosts, not only this one.")
@click.option(
    "--timeout",
    type=NUMBER,
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="Time-out of each request.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def doctor(
    url: str,
    origin: str | None,
    all_hosts: bool,
    timeout: float,
    as_json: bool,
    quiet: bool,
    debug: bool,
) -> int:
    """Check whether a host serves the export at URL correctly, and name the settings to change if not.

    Requests some files of the export as a browser does, without credentials. The exit code is 0 if there
    are no faults (warnings are not faults), else 1.

    \b
    karospace-stream doctor https://data.example.org/sample/
    karospace-stream doctor https://data.example.org/a/ --origin https://page.org
    """  # noqa: D301 - click takes a real backspace for "do not wrap"
    from karospace_stream.doctor.check_host import check_host

    with _status(quiet) as tell:
        diagnosis = check_host(url, origin=origin, timeout=timeout, tell=tell)
    if as_json:
        from karospace_stream.cli.show import show_json
        from karospace_stream.cli.show_doctor import as_dict

        show_json(as_dict(diagnosis, all_hosts))
    else:
        from karospace_stream.cli.show_doctor import show_diagnosis

        show_diagnosis(diagnosis, all_hosts)
    return 1 if diagnosis.n_faults else 0


@contextmanager
def _status(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show the current check on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda check: None
        return
    from rich.console import Console

    with Console(stderr=True).status("checking") as status:
        yield lambda check: status.update(f"checking {check}")

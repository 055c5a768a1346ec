"""Start the exporter."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from karospace_stream.serving.server import start_app

if TYPE_CHECKING:
    from karospace_stream.app.api import Exporter
    from karospace_stream.app.form import Form, Inputs
    from karospace_stream.app.jobs.state import AppState
    from karospace_stream.serving import Server


def start_exporter(
    form: Form, *, port: int, hosts: Sequence[str] = (), first: Inputs = "", kept: AppState | None = None
) -> tuple[Server, Exporter]:
    """Serve the page on this machine, for this machine.

    Parameters
    ----------
    form
        The options of an export.
    port
        Preferred TCP port; if it is taken, the next free one is used.
    hosts
        Names of a proxy in front of it, whose pages may send requests too.
    first
        Inputs to begin with.
    kept
        State of earlier sessions; by default, that of `open_state`.

    Raises
    ------
    BadOptionError
        If the port may not be used.
    """
    from karospace_stream.app.api import Exporter
    from karospace_stream.app.jobs.state import open_state
    from karospace_stream.app.site import exporter_app

    token = secrets.token_urlsafe(16)
    exporter = Exporter(form, kept or open_state(), first)
    try:
        server = start_app(
            exporter_app(exporter, token, hosts), "the exporter", port=port, host="127.0.0.1", token=token
        )
    except BaseException:
        exporter.close()
        raise
    server.on_stop(exporter.leave, before=True)
    server.on_stop(exporter.close)
    return server, exporter

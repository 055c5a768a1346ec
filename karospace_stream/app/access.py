"""Find out where the browser is, and how it reaches the page."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping


def ways(port: int, path: str, environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Instructions for users who are not at this machine."""
    machine = socket.gethostname()
    yield (
        f"from another machine, forward the port and open the same address there:\n"
        f"  ssh -N -L {port}:127.0.0.1:{port} {machine}"
    )
    prefix = environ.get("JUPYTERHUB_SERVICE_PREFIX", "").strip("/")
    below = f"/{prefix}/proxy/{port}{path}" if prefix else f"/proxy/{port}{path}"
    yield (
        "from JupyterLab with jupyter-server-proxy, open this below the address of the notebook server,\n"
        f"and start with --allow-host and that server's name where it is not localhost:\n  {below}"
    )

"""Where the kernel runs, and what to do if the browser cannot reach its ports."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec

_VSCODE = ("VSCODE_PID", "VSCODE_CWD", "VSCODE_IPC_HOOK_CLI", "VSCODE_NLS_CONFIG")
_VSCODE_REMOTE = ("VSCODE_IPC_HOOK_CLI", "REMOTE_CONTAINERS", "CODESPACES", "SSH_CONNECTION")


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment of the kernel.

    Attributes
    ----------
    kind
        ``here``, ``colab``, ``hub``, ``vscode-remote`` or ``ssh``.
    prefix
        Path below which JupyterHub serves the notebook, with slashes around it; ``""`` elsewhere.
    has_proxy
        Whether jupyter-server-proxy is installed beside the kernel.
    machine
        Name of the kernel's machine.
    """

    kind: str
    prefix: str
    has_proxy: bool
    machine: str

    def frame_url(self, port: int, path: str) -> str:
        """URL for a frame that cannot try several: the proxy's on a hub, else this machine's."""
        if self.prefix and self.has_proxy:
            return f"{self.prefix}proxy/{port}{path}"
        return f"http://127.0.0.1:{port}{path}"

    def advice(self, port: int) -> str:
        """Advice if the page does not appear, in one or two sentences."""
        reach = f"The browser has to reach port {port} of the machine that the kernel runs on"
        match self.kind:
            case "colab":
                return f"{reach}. Run the cell again; where it stays empty, allow third-party cookies for it."
            case "hub" if not self.has_proxy:
                return (
                    f"{reach}. Install jupyter-server-proxy where the notebook server runs "
                    "(pip install jupyter-server-proxy), and restart that server."
                )
            case "vscode-remote":
                return (
                    f"{reach}. In VS Code open the Ports panel (Ctrl+Shift+P, 'Ports: Focus on Ports View'), "
                    f"choose 'Forward a Port', enter {port} with the same local port, and run the cell again."
                )
            case "ssh" | "hub":
                return (
                    f"{reach}. Where jupyter-server-proxy is installed with the notebook server this works "
                    "by itself; otherwise forward the port from your own machine, "
                    f"ssh -N -L {port}:127.0.0.1:{port} {self.machine}, and run the cell again."
                )
        return (
            f"{reach}, {self.machine}. If that is not the machine in front of you, install "
            "jupyter-server-proxy where the notebook server runs, or forward the port: "
            f"ssh -N -L {port}:127.0.0.1:{port} {self.machine}. If it is, a browser that forbids http in an "
            "https page stands between: open the notebook in Chrome or Firefox."
        )


def find_environment(environ: Mapping[str, str] = os.environ, has_proxy: bool | None = None) -> Environment:
    """Detect from the environment where the kernel runs."""
    if has_proxy is None:
        has_proxy = find_spec("jupyter_server_proxy") is not None
    prefix = environ.get("JUPYTERHUB_SERVICE_PREFIX", "")
    prefix = f"/{prefix.strip('/')}/" if prefix.strip("/") else prefix
    return Environment(_kind(environ, prefix), prefix, has_proxy, socket.gethostname())


def _kind(environ: Mapping[str, str], prefix: str) -> str:
    if "COLAB_RELEASE_TAG" in environ or "COLAB_GPU" in environ:
        return "colab"
    if prefix:
        return "hub"
    if any(name in environ for name in _VSCODE) and any(name in environ for name in _VSCODE_REMOTE):
        return "vscode-remote"
    return "ssh" if "SSH_CONNECTION" in environ else "here"

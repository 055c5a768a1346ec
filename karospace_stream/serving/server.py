"""A server in a thread, for a command that waits and for a notebook that does not."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from karospace_stream.errors import BadOptionError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from karospace_stream.serving.site import Files, Maker


_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to
_NEXT = 20  # ports that are tried before any other
_GRACE_SECONDS = 2  # grace for a transfer under way before the server closes it


def start(
    files: Files,
    location: str,
    *,
    port: int,
    host: str = "127.0.0.1",
    heads: Sequence[str],
    made: Mapping[str, Maker] | None = None,
    token: str | None = None,
) -> Server:
    """Serve any files. Returns as soon as the port is open.

    Parameters
    ----------
    location
        Name of the served location, for people.
    heads
        Documents of which every export has one at its root.
    made
        Files made on request, by path.
    token
        First part of every path, for a server that answers only those who know it.

    Raises
    ------
    BadOptionError
        If this machine has no such address, or the port may not be used.
    """
    # Loaded when a server starts: `import karospace_stream` has this module, and must be quick.
    from karospace_stream.serving.site import site_app

    return start_app(site_app(files, made or {}, heads, token), location, port=port, host=host, token=token)


def start_app(app: ASGIApp, location: str, *, port: int, host: str, token: str | None) -> Server:
    """Serve any application, which guards itself. For the rest see `start`."""
    from karospace_stream.serving.orderly import Orderly

    return Server(Orderly(app), _listen(host, port), location, requested_port=port, token=token)


class Server:
    """A running preview server. Made by `karospace_stream.serve`.

    It runs in its own thread. As a context manager, it stops at the end.

    Attributes
    ----------
    location
        The served location: a path or an address.
    port
        TCP port in use.
    requested_port
        Requested TCP port.
    url
        Address of the viewer, with a trailing ``/``.
    path
        Part of the address after the port.
    complete
        Function that waits until a running export is complete. Raises the error if the export failed.
    """

    def __init__(
        self,
        app: ASGIApp,
        listener: socket.socket,
        location: str,
        *,
        requested_port: int,
        token: str | None = None,
    ) -> None:
        self.location = location
        self.requested_port = requested_port
        host, self.port = listener.getsockname()[:2]
        host = _ANYWHERE.get(host, host)
        self.path = f"/{token}/" if token else "/"
        self.url = f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"
        self.url += self.path
        self._listener = listener
        self.complete: Callable[[], None] = lambda: None
        self._before, self._afterwards = ExitStack(), ExitStack()
        import uvicorn

        # No log set-up of uvicorn's: that would replace the one of the notebook that calls us.
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        self._uvicorn = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name=f"preview {self.url}", daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        if not self.is_running:
            return f"Server of {self.location}, stopped"
        return f"Server of {self.location} at {self.url} (to stop it: .stop())"

    def _run(self) -> None:
        with self._listener:
            self._uvicorn.run(sockets=[self._listener])

    @property
    def is_running(self) -> bool:
        """Whether the server still answers."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Stop, and release the port. Does nothing if the server has stopped already."""
        self._before.close()
        self._uvicorn.should_exit = True
        self._thread.join()
        self._afterwards.close()

    def on_stop(self, call: Callable[[], None], *, before: bool = False) -> None:
        """Register a function to call after the server stops, or before; the last one runs first."""
        (self._before if before else self._afterwards).callback(call)

    def wait(self) -> None:
        """Block until the server has stopped. Ctrl-C stops the server; it raises no error."""
        try:
            while self._thread.is_alive():
                self._thread.join(timeout=0.5)  # a join without end cannot be interrupted on Windows
        except KeyboardInterrupt:
            pass
        self.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise BadOptionError(f"a port must be 0 to 65535, got {port}")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise BadOptionError(
            f"the host must be an address of this machine, got {host!r}: {error.strerror}"
        ) from error
    try:
        return _bind_next(family, address)
    except OSError as error:
        raise BadOptionError(
            f"cannot listen on port {port} of {host}: {error.strerror}; try another"
        ) from error


def _bind_next(family: socket.AddressFamily, address: tuple[Any, ...]) -> socket.socket:
    """Listen on the port, on one of those after it, or on any if all of these are in use."""
    host, port, *rest = address
    following = range(port, min(port + _NEXT, 65536)) if port else ()
    for each in (*following, 0):
        try:
            return _bind(family, (host, each, *rest))
        except OSError as error:
            if error.errno != errno.EADDRINUSE or not each:
                raise
    raise AssertionError("port 0 gives a port or an error")


def _bind(family: socket.AddressFamily, address: tuple[object, ...]) -> socket.socket:
    # With the protocol named, asyncio sets TCP_NODELAY; without, each answer takes 40 ms longer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # From here on connections queue up, so nobody has to wait for the thread to start.
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener

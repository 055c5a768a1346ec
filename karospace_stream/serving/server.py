"""A server in a thread, for a command that waits and for a notebook that does not."""

from __future__ import annotations

import errno
import os
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from karospace_stream.errors import BadInputError, BadOptionError

_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to
_GRACE_SECONDS = 2  # what a transfer under way gets before the server closes it


def serve(path: str | os.PathLike[str], *, port: int = 8000, host: str = "127.0.0.1") -> Server:
    """Serve a bundle to the browsers of this machine, until :meth:`Server.stop`.

    The server runs in a thread of its own; this function returns as soon as it answers.

    Parameters
    ----------
    path
        Folder that holds a bundle (``atlas.json`` or ``manifest.json``).
    port
        Wished TCP port. Where it is taken, a free one is used instead; :attr:`Server.port`
        says which. 0 asks for any free port.
    host
        Address to listen on. Whatever it is, only requests to ``127.0.0.1``, ``localhost``
        and ``[::1]`` are answered.

    Returns
    -------
    Server
        Running. Also a context manager that stops the server at its end.

    Raises
    ------
    BadInputError
        If ``path`` is not a folder, or holds no bundle.
    BadOptionError
        If this machine has no such address, or the port may not be used.

    Examples
    --------
    >>> with serve("bundle/") as server:  # doctest: +SKIP
    ...     print(server.url)
    http://127.0.0.1:8000/
    """
    folder = Path(path)
    _check_bundle(folder)
    return Server(folder, _listen(host, port), wished_port=port)


class Server:
    """A running preview server. Made by :func:`serve`.

    Attributes
    ----------
    folder
        What is served.
    port
        TCP port in use.
    wished_port
        TCP port that was asked for.
    url
        Address of the viewer, with a closing ``/``.
    """

    def __init__(self, folder: Path, listener: socket.socket, *, wished_port: int) -> None:
        self.folder = folder
        self.wished_port = wished_port
        host, self.port = listener.getsockname()[:2]
        host = _ANYWHERE.get(host, host)
        self.url = f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"
        self._listener = listener
        # Loaded when a server starts: `import karospace_stream` has this module, and must be quick.
        import uvicorn

        from karospace_stream.serving.files import bundle_app

        # No log set-up of uvicorn's: that would replace the one of the notebook that calls us.
        config = uvicorn.Config(
            bundle_app(folder),
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

    def _run(self) -> None:
        with self._listener:
            self._uvicorn.run(sockets=[self._listener])

    def stop(self) -> None:
        """Stop, and give the port back. Does nothing where the server has stopped already."""
        self._uvicorn.should_exit = True
        self._thread.join()

    def wait(self) -> None:
        """Block until the server has stopped. Ctrl-C stops it and is no error."""
        try:
            while self._thread.is_alive():
                self._thread.join(timeout=0.5)  # a join without end cannot be interrupted on Windows
        except KeyboardInterrupt:
            self.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _check_bundle(folder: Path) -> None:
    if not folder.is_dir():
        what = "it is a file" if folder.exists() else "there is nothing"
        raise BadInputError(f"a folder with a bundle was wanted at {folder}, but {what}")
    if not any((folder / name).is_file() for name in ("atlas.json", "manifest.json")):
        raise BadInputError(
            f"a bundle was wanted in {folder}, but it holds neither atlas.json nor manifest.json:"
            " write one with karospace-stream export"
        )


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise BadOptionError(f"a port between 0 and 65535 was wanted, got {port}")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise BadOptionError(
            f"an address of this machine was wanted, got {host!r}: {error.strerror}"
        ) from error
    try:
        return _bind(family, address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return _bind(family, (address[0], 0, *address[2:]))
        raise BadOptionError(
            f"cannot listen on port {port} of {host}: {error.strerror}; try another"
        ) from error


def _bind(family: socket.AddressFamily, address: tuple[object, ...]) -> socket.socket:
    # With the protocol named, asyncio sets TCP_NODELAY; without, each answer takes 40 ms longer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # From here on connections queue up, so nobody has to wait for the thread to come up.
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener

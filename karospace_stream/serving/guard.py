"""Who may send requests: only pages and people of this machine, or those who know the address."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
LOCAL_ORIGINS = r"http://(localhost|127\.0\.0\.1)(:\d{1,5})?"


class LocalGuard:
    """ASGI middleware that answers only requests addressed to this machine by a local name.

    A page of a foreign site can point its own name at 127.0.0.1 (DNS rebinding) and then read
    the answers as if they were its own. Such a request still carries the foreign name in
    ``Host``, and is refused here with 421. Starlette's ``TrustedHostMiddleware`` cannot do
    this, as it cuts ``[::1]:8000`` at the first colon.

    Every answer, refusals included, forbids content sniffing and use of a stale copy.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse, one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        hosts = Headers(scope=scope).getlist("host")
        if len(hosts) == 1 and _is_local(hosts[0]):
            await self.app(scope, receive, careful(send))
        else:
            refusal = PlainTextResponse(
                "This preview answers to 127.0.0.1 and localhost only.\n", status_code=421
            )
            await refusal(scope, receive, careful(send))


class TokenGuard:
    """ASGI middleware that answers only paths that begin with a secret.

    For a server whose address only one page gets, as in a notebook: other people on the same
    machine can reach its port, and a proxy in front of it sends a ``Host`` that cannot be foreseen.
    Everything else is 404, so nothing reveals that there is a server with a secret.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app = app
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse, one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        first = scope["path"].split("/", 2)[1:2]
        if first and secrets.compare_digest(first[0].encode(), self.token.encode()):
            await self.app(scope, receive, careful(send))
        else:
            await PlainTextResponse("Not Found", status_code=404)(scope, receive, careful(send))


def careful(send: Send, more: Mapping[str, str] | None = None) -> Send:
    """Forbid content sniffing and use of a stale copy; ``more`` are further headers of the answer."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Cache-Control"] = "no-cache"
            headers.update(more or {})
        await send(message)

    return send_with_headers


def _is_local(host: str) -> bool:
    name, _, port = host.rpartition(":")
    if not name or host.endswith("]"):  # no port
        name, port = host, "80"
    return name.lower() in LOCAL_HOSTS and port.isdecimal()

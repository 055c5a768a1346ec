"""Access control: the caller must know the secret, use a local name, and come from no foreign page."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from karospace_stream.serving.guard import LOCAL_HOSTS, careful

_SAFE = ("GET", "HEAD")
_OWN_SITE = ("same-origin", "none", "")
_PRIVATE = {"Referrer-Policy": "no-referrer", "X-Frame-Options": "SAMEORIGIN"}  # the URL is a secret


class AppGuard:
    """ASGI middleware.

    Parameters
    ----------
    token
        First part of every path of the page and its API.
    knows
        Whether a first part is the secret of something else on show.
    hosts
        Names of a proxy in front, which count as local.
    """

    def __init__(
        self, app: ASGIApp, *, token: str, knows: Callable[[str], bool], hosts: frozenset[str]
    ) -> None:
        self.app = app
        self._token, self._knows = token.encode(), knows
        self._hosts = LOCAL_HOSTS | hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refusal(scope)
        answer = self.app if refused is None else refused
        await answer(scope, receive, careful(send, _PRIVATE))

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or _name(hosts[0]) not in self._hosts:
            return PlainTextResponse(
                "The exporter answers only to 127.0.0.1 and localhost; add a proxy with --allow-host.\n",
                status_code=421,
            )
        first = scope["path"].split("/", 2)[1:2]
        is_app = bool(first) and secrets.compare_digest(first[0].encode(), self._token)
        if not is_app and not (first and self._knows(first[0])):
            # Do not reveal that anything here has a secret.
            return PlainTextResponse("Not Found", status_code=404)
        if is_app and not self._is_own(scope, headers):
            return PlainTextResponse("The exporter answers only its own page.\n", status_code=403)
        return None

    def _is_own(self, scope: Scope, headers: Headers) -> bool:
        """Whether the request does not come from a foreign page."""
        origin = headers.get("origin")
        if origin is not None and not self._is_own_origin(origin, headers["host"]):
            return False
        if scope["method"] in _SAFE:
            # A link may lead to the page; only the page may request more.
            return "/api/" not in scope["path"] or headers.get("sec-fetch-site", "") in _OWN_SITE
        # A form on a foreign page cannot send this type without a preflight request.
        return headers.get("content-type", "").partition(";")[0] == "application/json"

    def _is_own_origin(self, origin: str, host: str) -> bool:
        try:
            parts = urlsplit(origin)
        except ValueError:  # such as half of an IPv6 address
            return False
        if parts.netloc.lower() == host.lower():
            return True
        # A proxy may use another host name than the page's own.
        return _name(parts.netloc) in self._hosts - LOCAL_HOSTS


def _name(host: str) -> str:
    """A host without its port; empty if it is not a valid host."""
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        return host.lower()
    return name.lower() if port.isdecimal() else ""

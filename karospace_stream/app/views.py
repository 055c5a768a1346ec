"""Exports on show, each below its own secret: on the page's port, so that one tunnel carries both."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from karospace_stream.preview.serve import open_site


class Views:
    """ASGI application, mounted below the secret of a view."""

    def __init__(self) -> None:
        self._sites: dict[str, ASGIApp] = {}
        self._targets: dict[str, str] = {}

    def start(self, target: str, storage_options: Mapping[str, Any] | None = None) -> str:
        """Show an export; return its secret.

        Raises
        ------
        BadInputError
            If there is none.
        """
        known = next((secret for secret, shown in self._targets.items() if shown == target), None)
        if known is not None:
            return known
        secret = secrets.token_urlsafe(16)
        self._sites[secret] = open_site(target, storage_options)
        self._targets[secret] = target
        return secret

    def stop(self, target: str) -> None:
        """Stop showing an export."""
        for secret in [secret for secret, shown in self._targets.items() if shown == target]:
            del self._targets[secret], self._sites[secret]

    def knows(self, secret: str) -> bool:
        """Whether something is on show under this secret."""
        return any(secrets.compare_digest(secret.encode(), each.encode()) for each in list(self._sites))

    def to_json(self) -> dict[str, str]:
        """Secrets by location."""
        return {target: secret for secret, target in self._targets.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        site = self._sites.get(scope["path_params"]["view"])
        if site is None:
            await PlainTextResponse("Not Found", status_code=404)(scope, receive, send)
        else:
            await site(scope, receive, send)

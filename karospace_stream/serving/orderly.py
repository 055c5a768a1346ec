"""Keep requests, whatever they contain, from filling the log with tracebacks."""

from __future__ import annotations

import logging

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger(__name__)


class Orderly:
    """ASGI middleware around the app: a failure is one line in the log, and an error if no answer has begun.

    An answer that was begun, as when a store fails in the middle of a file, is aborted: the server closes the
    connection, so that nobody takes a part for the complete file.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        begun = False

        async def checkpoint(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, checkpoint)
        except Exception as error:
            _LOG.warning("%s %.200r: %s", scope.get("method"), scope.get("path"), _in_one_line(error))
            if not begun and scope["type"] == "http":
                answer = PlainTextResponse("Internal Server Error", status_code=500)
                await answer(scope, receive, send)


def _in_one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]

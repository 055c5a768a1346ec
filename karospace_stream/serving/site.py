"""The content of a server: the files of an export, and the server's own additions."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from karospace_stream.serving.files import media_type
from karospace_stream.serving.guard import LOCAL_ORIGINS, LocalGuard, TokenGuard

PAGE = "index.html"

#: Makes the bytes of a file that is not stored; None to use the stored one, if any. May block.
Maker = Callable[[], bytes | None]


class Files(Protocol):
    """The files of an export."""

    def get_path(self, scope: Scope) -> str:
        """Return the path below the folder that a request names; ``"."`` may be the folder itself."""
        ...

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file. Raises Starlette's ``HTTPException`` if there is none."""
        ...


class Site:
    """ASGI application: files, the page if they lack one, and files made on request.

    Parameters
    ----------
    files
        The export, or the folder of exports.
    made
        By path. Made files take precedence over stored ones.
    heads
        Documents of which every export has one at its root; a folder with one gets the page.
    """

    def __init__(self, files: Files, made: Mapping[str, Maker], heads: Sequence[str]) -> None:
        self._files = files
        self._made = made
        self._heads = heads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._respond(self._files.get_path(scope), scope)
        await response(scope, receive, send)

    async def _respond(self, path: str, scope: Scope) -> Response:
        key = path.replace("\\", "/")  # as Windows spells it
        if key in self._made and scope["method"] in {"GET", "HEAD"}:
            data = await run_in_threadpool(self._made[key])
            if data is not None:
                return made_response(data, key, scope)
        try:
            return await self._files.get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or not await self._lacks_page(key, scope):
                raise
        if key.endswith(PAGE) or scope["path"].endswith("/") or key == ".":
            return made_response(built_page(), PAGE, scope)
        # The page resolves files relative to its own address, so a folder's must end in a slash.
        return RedirectResponse(posixpath.basename(key) + "/")

    async def _lacks_page(self, key: str, scope: Scope) -> bool:
        """Whether a missing path is the location of an export's page."""
        if scope["path"].endswith(f"{PAGE}/"):
            return False
        folder = posixpath.dirname(key) if posixpath.basename(key) == PAGE else key
        if folder in {"", "."}:
            return True
        head = {**scope, "method": "HEAD", "headers": []}
        for seal in self._heads:
            try:
                await self._files.get_response(f"{folder}/{seal}", head)
            except HTTPException:
                continue
            return True
        return False


def made_response(data: bytes, path: str, scope: Scope) -> Response:
    """Answer with bytes from memory; 304 if the browser has them already."""
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    if is_known(etag, scope):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(data, media_type=media_type(path), headers={"ETag": etag})


def is_known(etag: str, scope: Scope) -> bool:
    """Whether ``If-None-Match`` says that the browser has this version."""
    wanted = Headers(scope=scope).get("if-none-match", "")
    tags = [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
    return "*" in tags or etag.removeprefix("W/") in tags


def built_page() -> bytes:
    """The viewer, as built into the package."""
    return (resources.files("karospace_stream") / "page" / PAGE).read_bytes()


def site_app(files: Files, made: Mapping[str, Maker], heads: Sequence[str], token: str | None) -> Starlette:
    """Build the complete application.

    Parameters
    ----------
    token
        First part of every path. If set, only requests that know it are answered, and ``Host``
        may be anything, as behind a proxy.
    """
    cors = Middleware(
        CORSMiddleware,
        allow_origin_regex=LOCAL_ORIGINS,
        allow_methods=["GET", "HEAD"],
        allow_headers=["Range", "If-None-Match"],
        expose_headers=["Accept-Ranges", "Content-Length", "Content-Range", "ETag"],
    )
    guard = Middleware(LocalGuard) if token is None else Middleware(TokenGuard, token=token)
    return Starlette(
        routes=[Mount("/" if token is None else f"/{token}", app=Site(files, made, heads))],
        middleware=[guard, cors],
    )

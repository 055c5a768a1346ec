"""Answer requests for files stored elsewhere: piece by piece, holding none of them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse
from starlette.types import Scope

from karospace_stream.serving.files import media_type, refuse_odd_paths
from karospace_stream.serving.site import PAGE, is_known

_PIECE_NBYTES = 4 << 20
_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class Stored(Protocol):
    """One file of a store."""

    @property
    def size(self) -> int:
        """Size in bytes."""
        ...

    @property
    def version(self) -> str:
        """Text of letters and digits that changes with the content."""
        ...


class Store(Protocol):
    """A folder that is read by ranges. All calls may block."""

    def find(self, key: str) -> Stored | None:
        """Metadata of a file; None if there is none."""
        ...

    def read(self, key: str, start: int, stop: int) -> bytes:
        """Some bytes of a file."""
        ...


class RemoteFiles:
    """Answers for a folder on an object store as `LocalFiles` does for one on this machine.

    For a ``Range`` with several parts we send the complete file, which RFC 9110 allows.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def get_path(self, scope: Scope) -> str:
        """Return the key that a request names; for a folder, that of its page."""
        refuse_odd_paths(scope["path"])
        key: str = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/")
        if not key or key.endswith("/"):
            key += PAGE
        # A store takes any text for a key; a filesystem behind it may not.
        if any(part in {"", ".", ".."} for part in key.split("/")):
            raise HTTPException(status_code=404)
        return key

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file, a part of it, or 304."""
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(status_code=405, headers={"Allow": "GET, HEAD"})
        found = await self._find(path)
        etag = f'"{found.version}"'
        if is_known(etag, scope):
            return Response(status_code=304, headers={"ETag": etag})
        headers = {"ETag": etag, "Accept-Ranges": "bytes"}
        wanted = _wanted_range(scope, found.size, etag)
        if wanted is None:
            return self._stream(path, 0, found.size, scope, headers)
        start, stop = wanted
        if start >= stop:
            unsatisfiable = {"Content-Range": f"bytes */{found.size}"}
            return Response(status_code=416, headers=headers | unsatisfiable)
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{found.size}"
        return self._stream(path, start, stop, scope, headers, status=206)

    async def _find(self, key: str) -> Stored:
        try:
            found = await run_in_threadpool(self._store.find, key)
        except PermissionError:
            raise HTTPException(status_code=403) from None
        except OSError as error:
            raise HTTPException(status_code=502, detail=str(error)) from error
        if found is None:
            raise HTTPException(status_code=404)
        return found

    def _stream(
        self, path: str, start: int, stop: int, scope: Scope, headers: dict[str, str], *, status: int = 200
    ) -> Response:
        headers = headers | {"Content-Length": str(stop - start)}
        if scope["method"] == "HEAD":
            return Response(status_code=status, headers=headers, media_type=media_type(path))

        async def pieces() -> AsyncIterator[bytes]:
            for begin in range(start, stop, _PIECE_NBYTES):
                end = min(begin + _PIECE_NBYTES, stop)
                yield await run_in_threadpool(self._store.read, path, begin, end)

        return StreamingResponse(pieces(), status, headers, media_type=media_type(path))


def _wanted_range(scope: Scope, size: int, etag: str) -> tuple[int, int] | None:
    """``start`` and ``stop`` (exclusive) of the bytes; None for all. Empty if none of them exists."""
    headers = Headers(scope=scope)
    given = _ONE_RANGE.fullmatch(headers.get("range", ""))
    if given is None or headers.get("if-range", etag) != etag:
        return None
    first, last = given.groups()
    if not first:
        return (max(0, size - int(last)), size) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(size, int(last) + 1) if last else size

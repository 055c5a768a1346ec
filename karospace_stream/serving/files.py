"""Answer requests for files in a local folder: path, type, range, ETag."""

from __future__ import annotations

import os
from io import FileIO
from pathlib import Path, PurePath
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Receive, Scope, Send

from karospace_stream.storage.regular import open_regular

# Not from the mimetypes module: its answers depend on the machine's registry, and it calls
# "x.json.gz" JSON that is gzip-encoded. Here such a file goes out as the bytes it is, since the
# viewer inflates by itself; a Content-Encoding would make the browser inflate it a first time.
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".gz": "application/gzip",
}
OTHER_MEDIA_TYPE = "application/octet-stream"
# Paths of open files. Windows has none, and does not move a file that is open.
_HAS_DESCRIPTORS = Path("/dev/fd").is_dir()


def media_type(path: PathLike) -> str:
    """The type of a file, by the end of its name."""
    return MEDIA_TYPES.get(PurePath(path).suffix.lower(), OTHER_MEDIA_TYPE)


def refuse_odd_paths(path: str) -> None:
    """Answer 404 to a path that no export has.

    A backslash separates folders on Windows and is in no name of an export; NUL ends a path in C.
    """
    if "\\" in path or "\0" in path:
        raise HTTPException(status_code=404)


class HeldFile(FileResponse):
    """A file that is opened when it is found, since the end of an export moves files while they are sent."""

    def __init__(self, path: PathLike, method: str, **options: Any) -> None:
        self._held: FileIO | None = None
        if method == "GET" and _HAS_DESCRIPTORS:
            self._held = open_regular(os.fspath(path))
        super().__init__(path if self._held is None else f"/dev/fd/{self._held.fileno()}", **options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or the requested part."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.release()

    def release(self) -> None:
        """Close the file."""
        if self._held is not None:
            self._held.close()


class LocalFiles(StaticFiles):
    """Starlette's static files (ranges, HEAD, ETag, no path or link out) with our own media types.

    Parameters
    ----------
    folders
        Searched one after the other. They need not exist yet, and the list may change.
    """

    def __init__(self, folders: list[str]) -> None:
        super().__init__(html=True)
        # Copied before it is walked: an export that ends changes it in another thread.
        self._folders = folders

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file in the folders."""
        self.all_directories = [*self._folders]
        return super().lookup_path(path)

    def get_path(self, scope: Scope) -> str:
        """Return the path below the folder that a request names."""
        refuse_odd_paths(scope["path"])
        return super().get_path(scope)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file, also if it is moved from one folder to the next meanwhile."""
        try:
            return await super().get_response(path, scope)
        except FileNotFoundError:
            return await super().get_response(path, scope)
        except PermissionError:
            raise HTTPException(status_code=401) from None

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Answer with the file, a part of it (``Range``), or 304 if the browser has it already."""
        response = HeldFile(
            full_path,
            scope["method"],
            status_code=status_code,
            stat_result=stat_result,
            media_type=media_type(full_path),
        )
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            response.release()
            return NotModifiedResponse(response.headers)
        return response

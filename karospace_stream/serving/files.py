"""How the files of a bundle are answered: path, type, range, ETag."""

from __future__ import annotations

import os
from pathlib import PurePath

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import FileResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Scope

from karospace_stream.serving.guard import LOCAL_ORIGINS, LocalGuard

# Not from the mimetypes module: what that knows depends on the machine's registry, and it calls
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


class BundleFiles(StaticFiles):
    """Starlette's static files (ranges, HEAD, ETag, no path or link out) with our own media types."""

    def get_path(self, scope: Scope) -> str:
        """Find the path below the folder that a request asks for."""
        # A backslash separates folders on Windows and is in no name of a bundle; NUL ends a path in C.
        if "\\" in scope["path"] or "\0" in scope["path"]:
            raise HTTPException(status_code=404)
        return super().get_path(scope)

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Answer with the file, a part of it (``Range``), or 304 where the browser has it already."""
        response = FileResponse(
            full_path,
            status_code=status_code,
            stat_result=stat_result,
            media_type=MEDIA_TYPES.get(PurePath(full_path).suffix.lower(), OTHER_MEDIA_TYPE),
        )
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response


def bundle_app(folder: PathLike) -> Starlette:
    """Build the ASGI application that answers for one folder."""
    cors = Middleware(
        CORSMiddleware,
        allow_origin_regex=LOCAL_ORIGINS,
        allow_methods=["GET", "HEAD"],
        allow_headers=["Range", "If-None-Match"],
        expose_headers=["Accept-Ranges", "Content-Length", "Content-Range", "ETag"],
    )
    files = BundleFiles(directory=folder, html=True)
    return Starlette(routes=[Mount("/", app=files)], middleware=[Middleware(LocalGuard), cors])

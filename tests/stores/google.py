"""The emulator of Google Cloud Storage, with what gcsfs and browsers ask for besides. Prints its address.

By itself the emulator answers one request at a time, writes all it knows at each change, loses bytes of
objects that end with a carriage return, cuts names at a semicolon, says of an upload that has not begun that
a byte of it is there, and knows neither ``ifGenerationMatch``, nor ``Cache-Control``, nor character sets,
nor other origins.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from functools import partial
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, urlparse

from gcp_storage_emulator import server
from gcp_storage_emulator.exceptions import NotFound
from gcp_storage_emulator.handlers import objects
from gcp_storage_emulator.handlers.buckets import create_bucket
from gcp_storage_emulator.storage import Storage

_ONE = threading.Lock()  # the emulator's storage is made for one thread


def insert(request: Any, response: Any, storage: Any, **kwargs: Any) -> None:
    """Keep what is there where the request says so."""
    if request.query.get("ifGenerationMatch") == ["0"]:
        name = request.query["name"][0] if "name" in request.query else request.data["meta"]["name"]
        if _about(storage, request.params["bucket_name"], name):
            response.status = HTTPStatus.PRECONDITION_FAILED
            response.json({"error": {"code": 412, "message": "conditionNotMet"}})
            return
    objects.insert(request, response, storage, **kwargs)


def download(request: Any, response: Any, storage: Any, **kwargs: Any) -> None:
    """Send the headers that were stored."""
    _download(request, response, storage, **kwargs)
    about = _about(storage, request.params["bucket_name"], request.params["object_id"])
    for key, name in (("cacheControl", "Cache-Control"), ("contentDisposition", "Content-Disposition")):
        if about.get(key):
            response[name] = about[key]


def _about(storage: Any, bucket: str, name: str) -> dict[str, Any]:
    try:
        about: dict[str, Any] = storage.get_file_obj(bucket, name)
    except NotFound:
        return {}
    return about


def read_data(handler: Any, query: Any) -> Any:
    """Part an upload into what it says of itself and its bytes, all of them as they are."""
    kind = handler.headers.get("Content-Type", "")
    if not kind.startswith("multipart/related"):
        return _read_data(handler, query)
    raw = server._decode_raw_data(server._read_raw_data(handler), handler)
    mark = b"--" + re.search(r'boundary="?([^";]+)', kind)[1].encode()
    end = b"\r\n" if mark + b"\r\n" in raw else b"\n"
    _, meta, rest = raw.split(mark, 2)
    head, _, content = rest.partition(2 * end)
    return {
        "meta": json.loads(meta.partition(2 * end)[2]),
        "content": content[: content.rindex(end + mark)],
        "content-type": head.decode().partition("Content-Type:")[2].strip(),
    }


def parse_url(url: str) -> Any:
    """Part a URL, as RFC 3986 does: a semicolon is a letter as any other."""
    return urlparse(url.replace(";", quote(";")))


class Router(server.Router):
    """One request at a time."""

    def handle(self, method: str) -> None:
        with _ONE:
            super().handle(method)


class Handler(server.RequestHandler):
    """Readable from any origin."""

    wbufsize = -1  # headers and body in one piece: else each answer waits for the network's delays
    disable_nagle_algorithm = True

    def do_DELETE(self) -> None:
        if "upload_id=" in self.path:  # an upload in parts that is given up
            self.send_response(HTTPStatus.NO_CONTENT)
            self.end_headers()
        else:
            super().do_DELETE()

    def do_OPTIONS(self) -> None:
        self.send_response(HTTPStatus.NO_CONTENT)
        self.send_header("Access-Control-Allow-Methods", "GET")
        self.send_header("Access-Control-Allow-Headers", "*")
        self.end_headers()

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


def incomplete(response: Any, storage: Any, upload_id: str, fallback_end: int = 0) -> None:
    """Say how much of an upload in parts has come; nothing where nothing has."""
    response.status = HTTPStatus(308)
    received = storage.get_resumable_byte_count(upload_id)
    if received:
        response["Range"] = f"bytes=0-{received - 1}"


objects._resumable_incomplete = incomplete
Storage._write_config_to_file = lambda self: None
_read_data = server._read_data
server._read_data = read_data
server.Router = Router
server.urlparse = parse_url
_download = objects.download
objects.download = download
_OURS = {objects.insert: insert, _download: download}
server.HANDLERS = tuple(
    (pattern, {method: _OURS.get(handler, handler) for method, handler in handlers.items()})
    for pattern, handlers in server.HANDLERS
)


class Server(ThreadingHTTPServer):
    """With room for all that come at once."""

    request_queue_size = 128


if __name__ == "__main__":
    storage = Storage(use_memory_fs=True)
    create_bucket(sys.argv[1], storage)
    httpd = Server(("127.0.0.1", 0), partial(Handler, storage))
    print(f"listening on http://127.0.0.1:{httpd.server_address[1]}", flush=True)
    httpd.serve_forever()

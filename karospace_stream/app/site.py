"""The page's routes: the page itself, its API, the event stream, and the exports on show."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import asdict, is_dataclass
from importlib import resources
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route

from karospace_stream.app.api import Exporter, Json
from karospace_stream.app.guard import AppGuard
from karospace_stream.app.problem import Problem, problem_of
from karospace_stream.errors import KaroSpaceError
from karospace_stream.serving.site import made_response

_PAGE = "exporter.html"
_LARGEST_NBYTES = 32 << 20
_EVERY_S = 0.2
_SIGN_OF_LIFE_S = 15  # proxies close connections that are silent for longer


def exporter_app(exporter: Exporter, token: str, hosts: Iterable[str]) -> Starlette:
    """Build the complete application."""
    calls = (
        *(exporter.start, exporter.browse, exporter.complete, exporter.folder),
        *(exporter.inspect, exporter.examples, exporter.thumbnail, exporter.genes, exporter.keep_genes),
        *(exporter.plan, exporter.run, exporter.cancel, exporter.resume, exporter.remove),
        *(exporter.snippets, exporter.log, exporter.view, exporter.stop_view, exporter.open_folder),
    )
    own = [
        Route("/", _page),
        *(Route(f"/api/{call.__name__}", _endpoint(call, exporter), methods=["POST"]) for call in calls),
        Route("/api/events", _events(exporter)),
        Route("/api/log/{id}.txt", _log(exporter)),
        Route("/api/report/{id}.json", _report(exporter)),
    ]
    guard = Middleware(
        AppGuard,
        token=token,
        knows=exporter.views.knows,
        hosts=frozenset(host.lower() for host in hosts),
    )
    routes = [Mount(f"/{token}", routes=own), Mount("/{view}", app=exporter.views)]
    return Starlette(routes=routes, middleware=[guard])


def _page(request: Request) -> Response:
    data = (resources.files("karospace_stream") / "page" / _PAGE).read_bytes()
    return made_response(data, _PAGE, request.scope)


def _endpoint(call: Callable[[Json], Json], exporter: Exporter) -> Callable[..., Any]:
    async def answer(request: Request) -> Response:
        try:
            asked = json.loads(await _body(request))
        except ClientDisconnect:
            return Response(status_code=400)
        except (ValueError, RecursionError) as error:
            return _json({"problem": Problem("", f"the request must be JSON: {error}")}, 400)
        if not isinstance(asked, dict):
            return _json({"problem": Problem("", "the request must be a JSON object")}, 400)
        try:
            return _json(await run_in_threadpool(call, asked))
        except KaroSpaceError as error:
            # No HTTP error: an incomplete path is refused at every keystroke, which is expected.
            return _json({"problem": problem_of(error, exporter.form)})
        except Exception as error:
            return _json({"problem": problem_of(error, exporter.form)}, 500)

    return answer


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > _LARGEST_NBYTES:
            raise ValueError("it is too large")
        parts.append(part)
    return b"".join(parts)


def _events(exporter: Exporter) -> Callable[..., Any]:
    async def stream(request: Request) -> Response:
        return StreamingResponse(_states(exporter), media_type="text/event-stream")

    return stream


async def _states(exporter: Exporter) -> AsyncIterator[bytes]:
    """Yield the state whenever it changes."""
    sent: bytes = b""
    silent = 0.0
    while not exporter.is_leaving:
        state = _dumped(await run_in_threadpool(exporter.state))
        if state != sent:
            sent, silent = state, 0.0
            yield b"data: " + state + b"\n\n"
        elif silent >= _SIGN_OF_LIFE_S:
            silent = 0.0
            yield b":\n\n"
        await asyncio.sleep(_EVERY_S)
        silent += _EVERY_S


def _log(exporter: Exporter) -> Callable[..., Any]:
    def answer(request: Request) -> Response:
        return _saved(exporter, request, "txt", lambda run: run.log_text().encode("utf-8", "replace"))

    return answer


def _report(exporter: Exporter) -> Callable[..., Any]:
    def answer(request: Request) -> Response:
        return _saved(exporter, request, "json", lambda run: json.dumps(run.report, indent=2).encode())

    return answer


def _saved(exporter: Exporter, request: Request, ending: str, made: Callable[[Any], bytes]) -> Response:
    """A file for download, with a name that no input can choose."""
    try:
        run = exporter.runs.get(request.path_params["id"])
    except KaroSpaceError as error:
        return _json({"problem": problem_of(error, exporter.form)}, 404)
    kind = {"txt": "text/plain; charset=utf-8", "json": "application/json"}[ending]
    named = f'attachment; filename="karospace-export-{run.id}.{ending}"'
    return Response(made(run), media_type=kind, headers={"Content-Disposition": named})


def _json(value: Any, status: int = 200) -> Response:
    return Response(_dumped(value), status_code=status, media_type="application/json")


def _dumped(value: Any) -> bytes:
    # In ASCII, so that file names that are not valid Unicode survive the round trip.
    return json.dumps(value, default=_plain, allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")

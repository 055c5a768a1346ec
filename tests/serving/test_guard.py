"""Who is answered: DNS rebinding and foreign origins are not."""

from __future__ import annotations

import pytest

from .conftest import Ask

GUARDED = "/atlas.json"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]", "[::1]:8000"]
)
def test_local_names_are_answered(ask: Ask, host: str) -> None:
    assert ask(GUARDED, host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8000",
        "127.0.0.1:8000.evil.example",
        "127.0.0.1@evil.example",
        "[::1].evil.example",
        "[::2]:8000",
        "::1",
        "0.0.0.0:8000",
        "",
    ],
)
def test_foreign_names_are_refused(ask: Ask, host: str) -> None:
    answer = ask(GUARDED, host=host)
    assert answer.status == 421
    assert b"version" not in answer.body


@pytest.mark.parametrize("origin", ["http://localhost", "http://localhost:5173", "http://127.0.0.1:8001"])
def test_local_pages_may_read(ask: Ask, origin: str) -> None:
    answer = ask(GUARDED, Origin=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert "Origin" in answer.headers["Vary"]
    exposed = answer.headers["Access-Control-Expose-Headers"]
    assert "Content-Range" in exposed
    assert "ETag" in exposed
    preflight = ask(
        GUARDED,
        "OPTIONS",
        Origin=origin,
        Access_Control_Request_Method="GET",
        Access_Control_Request_Headers="range",
    )
    assert preflight.status == 200
    assert "Range" in preflight.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://localhost.evil.example",
        "http://localhost:1.evil.example",
        "http://127.0.0.1@evil.example",
        "null",
    ],
)
def test_foreign_pages_may_not(ask: Ask, origin: str) -> None:
    assert ask(GUARDED, Origin=origin).headers["Access-Control-Allow-Origin"] is None
    preflight = ask(GUARDED, "OPTIONS", Origin=origin, Access_Control_Request_Method="GET")
    assert preflight.status == 400
    assert preflight.headers["Access-Control-Allow-Origin"] is None

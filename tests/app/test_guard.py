"""Who may ask: whoever has the secret, by a local name, from the exporter's own page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from karospace_stream.app.jobs.state import AppState
from karospace_stream.app.start import start_exporter
from karospace_stream.cli.form import export_form
from tests.app.client import Client

JSON = {"Content-Type": "application/json"}
ASKED = json.dumps({"path": "/"}).encode()


def test_the_page_and_its_calls_are_answered(client: Client) -> None:
    status, body = client.send("GET", client.server.path)
    assert status == 200
    assert b"Content-Security-Policy" in body
    assert client.ask("browse", path="/")["path"] == "/"


@pytest.mark.parametrize(
    "path", ["/", "/api/browse", "/wrong/", "/wrong/api/browse", "/wrong/api/events", "//"]
)
def test_without_the_secret_there_is_nothing(client: Client, path: str) -> None:
    for method in ("GET", "POST"):
        assert client.send(method, path, ASKED, JSON) == (404, b"Not Found")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}", "", "localhost:80:80"]
)
def test_another_host_name_is_refused(client: Client, host: str) -> None:
    named = JSON | {"Host": host.format(port=client.server.port)}
    for method, path in (("GET", ""), ("POST", "api/browse"), ("GET", "api/events")):
        assert client.send(method, client.server.path + path, ASKED, named)[0] == 421


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "https://127.0.0.1", "null", "http://localhost:1", "file://", "http://[bad"],
)
def test_a_page_of_another_origin_is_refused(client: Client, origin: str) -> None:
    for method, path in (("GET", "api/events"), ("POST", "api/browse"), ("OPTIONS", "api/browse")):
        status, body = client.send(method, client.server.path + path, ASKED, JSON | {"Origin": origin})
        assert status == 403
        assert b"own page" in body


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_what_a_form_of_another_page_can_send_is_refused(client: Client, kind: str) -> None:
    headers = {"Content-Type": kind}
    assert client.send("POST", f"{client.server.path}api/browse", ASKED, headers)[0] == 403


def test_another_site_reads_no_events_through_its_reader(client: Client) -> None:
    crossing = {"Sec-Fetch-Site": "cross-site"}
    assert client.send("GET", f"{client.server.path}api/events", None, crossing)[0] == 403
    assert client.send("GET", client.server.path, None, crossing)[0] == 200  # a link to the page


def test_a_call_wants_post(client: Client) -> None:
    assert client.send("GET", f"{client.server.path}api/browse")[0] == 405


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'"x"'])
def test_what_is_no_json_object_is_refused(client: Client, body: bytes) -> None:
    own = JSON | {
        "Origin": f"http://localhost:{client.server.port}",
        "Host": f"localhost:{client.server.port}",
    }
    status, answer = client.send("POST", f"{client.server.path}api/browse", body, own)
    assert status == 400
    assert "JSON" in json.loads(answer)["problem"]["message"]


def test_a_proxy_that_is_named_may_ask(tmp_path: Path) -> None:
    server, exporter = start_exporter(
        export_form(), port=0, hosts=["Hub.example.org"], kept=AppState(tmp_path)
    )
    with server:
        client = Client(server, exporter)
        calls = f"{server.path}api/browse"
        for host in ("hub.example.org", "hub.example.org:443", f"127.0.0.1:{server.port}"):
            asked = JSON | {"Host": host, "Origin": "https://hub.example.org"}
            assert client.send("POST", calls, ASKED, asked)[0] == 200
            other = asked | {"Origin": "https://other.example.org"}
            assert client.send("POST", calls, ASKED, other)[0] == 403


def test_answers_are_kept_from_caches_frames_and_referrers(client: Client) -> None:
    import urllib.request

    with urllib.request.urlopen(client.server.url) as response:
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Access-Control-Allow-Origin"] is None


def test_json_that_is_nested_too_deep(client: Client) -> None:
    path = f"{client.server.path}api/browse"
    assert client.send("POST", path, b"[" * 100_000, JSON)[0] == 400
    assert client.ask("browse", path="~nobody-here/x")["problem"]["message"].startswith("'~nobody-here/x'")

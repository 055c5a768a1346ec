"""What a store sends with an object, read back by a plain reader."""

from __future__ import annotations

import secrets
import urllib.error
import urllib.request
from email.message import Message

import pytest

from karospace_stream.errors import BadOptionError
from karospace_stream.storage import Headers, Store, location_of
from karospace_stream.storage import headers as headers_module
from karospace_stream.storage import store as store_module
from karospace_stream.storage.headers import KEEP, read_headers
from tests.stores.kinds import SERVERS
from tests.stores.servers import Server


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Server:
    return request.getfixturevalue(request.param)


def sent_with(server: Server, key: str) -> Message:
    with urllib.request.urlopen(f"{server.http}/{key}") as response:
        return response.headers


def headers_for(server: Server, media_type: str, cache: str | None, *extra: str) -> Headers:
    return Headers(media_type, cache, server.url.startswith("s3"), read_headers(extra))


@pytest.mark.parametrize("way", ["put", "pieces", "parts", "create"])
def test_type_and_cache(server: Server, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = f"h-{secrets.token_hex(6)}"
    store = Store(location_of(f"{server.url}/{folder}", server.options))
    html = headers_for(server, "text/html; charset=utf-8", "no-cache")
    gzip = headers_for(server, "application/gzip", KEEP)
    if way == "parts":
        monkeypatch.setattr(store_module, "HELD_NBYTES", 1 << 20)
        monkeypatch.setattr(headers_module, "PIECE_NBYTES", 5 << 20)
    data = bytes(11 << 20) if way == "parts" else b"data"
    for key, headers in (("index.html", html), ("x.json.gz", gzip)):
        match way:
            case "put":
                store.put(key, data, headers)
            case "create":
                assert store.create(key, data, headers)
            case _:
                store.put_pieces(key, [data], headers)
    told = sent_with(server, f"{folder}/index.html")
    assert (told["Content-Type"], told["Cache-Control"]) == ("text/html; charset=utf-8", "no-cache")
    told = sent_with(server, f"{folder}/x.json.gz")
    assert (told["Content-Type"], told["Cache-Control"]) == ("application/gzip", KEEP)
    assert told["Content-Encoding"] is None


def test_what_users_set_goes_first(server: Server) -> None:
    store = Store(location_of(f"{server.url}/users", server.options))
    extra = ("Cache-Control: max-age=5", "content-type: text/plain", "Content-Disposition: inline")
    store.put("a.json", b"[]", headers_for(server, "application/json", KEEP, *extra))
    told = sent_with(server, "users/a.json")
    assert (told["Cache-Control"], told["Content-Type"]) == ("max-age=5", "text/plain")
    assert told["Content-Disposition"] == "inline"


@pytest.mark.parametrize(
    ("kind", "name"), [("moto_store", "x-amz-meta-project"), ("gcs_store", "x-goog-meta-project")]
)
def test_metadata(kind: str, name: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(kind)
    Store(location_of(f"{server.url}/meta", server.options)).put(
        "a.json", b"[]", headers_for(server, "application/json", None, f"{name}: atlas")
    )
    assert sent_with(server, "meta/a.json")[name] == "atlas"


def test_who_may_read(moto_store: Server) -> None:
    store = Store(location_of(f"{moto_store.url}/acl", moto_store.options))
    store.put("open.json", b"[]", Headers(public=True))
    store.put("closed.json", b"[]", Headers())
    assert sent_with(moto_store, "acl/open.json")["Content-Length"] == "2"
    with pytest.raises(urllib.error.HTTPError) as caught:
        sent_with(moto_store, "acl/closed.json")
    caught.value.close()
    assert caught.value.code == 403


@pytest.mark.parametrize(
    ("url", "headers", "sentence"),
    [
        ("gs://b", Headers(public=True), "--public-read works only on S3; at gs:// make the whole bucket"),
        ("memory://b", Headers(extra=(("x-frame", "1"),)), "--header: files at memory:// have no headers"),
        ("s3://b", Headers(extra=(("content-encoding", "gzip"),)), "S3 cannot set it"),
        ("gs://b", Headers(extra=(("x-amz-acl", "private"),)), "Google Cloud Storage cannot set it"),
        ("az://b", Headers(extra=(("x-ms-meta-a", "b"),)), "--header x-ms-meta-a: adlfs cannot set"),
    ],
)
def test_what_a_store_does_not_know(url: str, headers: Headers, sentence: str) -> None:
    with pytest.raises(BadOptionError) as caught:
        headers_module.arguments(location_of(url).protocol, headers)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("text", ["no colon", ": nameless", "X: two\nlines", "X: \x00"])
def test_headers_that_are_none(text: str) -> None:
    with pytest.raises(BadOptionError, match="--header must be 'Name: value'"):
        read_headers((text,))

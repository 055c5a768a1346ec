"""Parts of files from a web server: no more than was asked for, again where that helps, and plain words."""

from __future__ import annotations

from time import sleep

import pytest

from karospace_stream.storage import StorageError, Store, answers, location_of, requests, retry
from tests.source.remote.servers import Broken, Web, serving

DATA = bytes(range(256)) * 400


@pytest.fixture
def web():
    with serving() as web:
        web.files["/a.bin"] = DATA
        yield web


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    monkeypatch.setattr(retry, "FIRST_WAIT_S", 0.002)


def store(web: Web, query: str = "") -> Store:
    return Store(location_of(f"{web.address}/a.bin{query}"))


def test_parts(web):
    assert store(web).read_range("", 1000, 1010) == DATA[1000:1010]
    assert store(web).start_range("", 7, 7).result() == b""
    futures = [store(web).start_range("", at, at + 100) for at in range(0, 5000, 100)]
    assert b"".join(future.result() for future in futures) == DATA[:5000]
    assert web.sent == 10 + 5000


def test_looking_asks_for_one_byte(web):
    found = store(web).info("")
    assert found.size == len(DATA)
    assert web.sent == 1
    web.files["/a.bin"] = DATA[:-1] + b"x"
    assert store(web).info("").version != found.version


def test_an_empty_file(web):
    web.files["/a.bin"] = b""
    assert store(web).info("").size == 0
    assert store(web).read("") == b""


def test_nothing_there(web):
    del web.files["/a.bin"]
    assert store(web).info("") is None
    with pytest.raises(FileNotFoundError):
        store(web).read_range("", 0, 10)


def test_not_let_in(web):
    web.hidden.add("/a.bin")
    for call in (lambda: store(web).info(""), lambda: store(web).read_range("", 0, 10)):
        with pytest.raises(PermissionError, match=r"a\.bin could not be .*: the server denied access"):
            call()


def test_a_server_without_ranges_never_sends_all(web):
    web.ranges = False
    assert store(web).read("") == DATA  # which is what was wanted
    web.reset()
    with pytest.raises(StorageError, match="does not support HTTP ranges"):
        store(web).read_range("", 0, 10)
    assert len(web.requests) == 1


def busy(number: int) -> int | None:
    return 503 if number % 3 == 0 else None


def cut(number: int) -> float | None:
    return 0.5 if number % 3 == 0 else None


def dropped(number: int) -> None:
    if number % 3 == 0:
        raise Broken


@pytest.mark.parametrize("fault", [busy, cut, dropped])
def test_patience(web, fault):
    web.fault = fault
    assert store(web).info("").size == len(DATA)
    futures = [store(web).start_range("", at, at + 1000) for at in range(0, 20_000, 1000)]
    assert b"".join(future.result() for future in futures) == DATA[:20_000]


@pytest.mark.parametrize(("status", "again"), [(503, True), (400, False), (416, False)])
def test_an_end_of_patience(web, status, again, monkeypatch):
    monkeypatch.setattr(answers, "BUSY_S", 0.05)
    web.fault = lambda number: status
    with pytest.raises(StorageError, match=rf"a\.bin could not be read: {status}"):
        store(web).read_range("", 0, 10)
    assert (web.count > 1) == again


def test_a_line_that_is_too_slow(web, monkeypatch):
    monkeypatch.setattr(requests, "TIME_OUT_S", 0.05)
    monkeypatch.setattr(answers, "LOST_S", 0.1)
    web.fault = lambda number: sleep(0.5)
    with pytest.raises(StorageError, match="it did not answer in time"):
        store(web).start_range("", 0, 10).result()


def test_secrets_of_a_signed_address(web):
    location = store(web, "?Signature=s3cr3tAndLong").location
    assert "s3cr3t" not in repr(location) + location.shown
    web.fault = lambda number: 400
    with pytest.raises(StorageError) as caught:
        Store(location).read_range("", 0, 10)
    assert "s3cr3t" not in str(caught.value)

"""Stores that are similar to S3 but do not know all of it; and more objects than one answer holds."""

from __future__ import annotations

import secrets

import pytest

from karospace_stream.storage import Headers, Store, location_of
from tests.stores.faults import NOT_IMPLEMENTED, Answer, Asked, where
from tests.stores.proxy import Proxy, before
from tests.stores.servers import Server

PLAIN = Headers()


def behind(proxy: Proxy, server: Server) -> Store:
    seen = server.through(proxy.address)
    return Store(location_of(f"{seen.url}/s-{secrets.token_hex(6)}", seen.options))


@pytest.mark.big
def test_more_objects_than_one_answer_holds(moto_store: Server) -> None:
    with before(moto_store.address) as proxy:
        store = behind(proxy, moto_store)
        keys = [f"{i % 7}/{i:04d}.bin" for i in range(1050)]
        store.put_many([(key, b"x", PLAIN) for key in keys])
        proxy.forget()
        assert list(store.find()) == sorted(keys)
        assert proxy.count("GET") == 2
        store.delete(keys[1:])
        assert proxy.count("POST") == 2
        assert proxy.count("DELETE") == 0
        assert list(store.find()) == keys[:1]


@pytest.mark.parametrize(
    "answer", [NOT_IMPLEMENTED, Answer(400, "<Error><Code>MissingContentMD5</Code><Message/></Error>")]
)
def test_a_store_that_deletes_one_at_a_time(moto_store: Server, answer: Answer) -> None:
    with before(moto_store.address, where("?delete", answer)) as proxy:
        store = behind(proxy, moto_store)
        store.put_many([(f"{i}.bin", b"x", PLAIN) for i in range(9)])
        store.delete([f"{i}.bin" for i in range(1, 12)])
        assert list(store.find()) == ["0.bin"]
        assert proxy.count("DELETE") == 11


def test_objects_that_a_store_does_not_delete_at_once(moto_store: Server) -> None:
    """It answers 200, and says of some that it did not."""

    with before(moto_store.address) as proxy:
        store = behind(proxy, moto_store)
        store.put_many([(f"{i}.bin", b"x", PLAIN) for i in range(3)])
        key = f"{store.location.url.removeprefix('s3://shelf/')}/1.bin"
        busy = f"<DeleteResult><Error><Key>{key}</Key><Code>InternalError</Code></Error></DeleteResult>"
        proxy.choose = where("?delete", Answer(200, busy))
        store.delete(["1.bin", "2.bin"])
        assert list(store.find()) == ["0.bin", "2.bin"]  # of the other the answer said nothing
        assert proxy.count("DELETE") == 1


def test_a_store_without_conditions(moto_store: Server) -> None:
    answered: list[str] = []

    def choose(asked: Asked) -> Answer | None:
        if asked.method == "PUT" and not answered:
            answered.append(asked.path)
            return NOT_IMPLEMENTED
        return None

    with before(moto_store.address, choose) as proxy:
        store = behind(proxy, moto_store)
        assert store.create("head.json", b"mine", PLAIN)
        assert answered
        assert not store.create("head.json", b"yours", PLAIN)
        assert store.read("head.json") == b"mine"


def test_a_claim_that_was_heard_of_twice(moto_store: Server) -> None:
    """Another's object is met only after it was not seen: its bytes are not ours."""
    with before(moto_store.address) as proxy:
        store = behind(proxy, moto_store)

        def choose(asked: Asked) -> None:
            if asked.method == "PUT":
                other = Store(location_of(store.location.url, moto_store.options))
                other.put("head.json", b"yours", PLAIN)

        proxy.choose = choose
        assert not store.create("head.json", b"mine", PLAIN)
        assert store.read("head.json") == b"yours"

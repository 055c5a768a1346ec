"""What lets us in is in no text that anybody might see."""

from __future__ import annotations

import logging
import traceback

import pytest

from karospace_stream.storage import Headers, Store, answers, location_of
from karospace_stream.storage import store as store_module
from karospace_stream.storage.errors import reason_of, scrub
from karospace_stream.storage.location import read_storage_options
from tests.stores.faults import always
from tests.stores.kinds import SERVERS
from tests.stores.proxy import Fault, before
from tests.stores.servers import AZURE_KEY, S3_SECRET, Server

FAULTS = (Fault.FORBIDDEN, Fault.UNKNOWN, Fault.SLOW_DOWN, Fault.CUT, Fault.DROP)
SIGNATURE = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


@pytest.fixture(autouse=True)
def without_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BUSY_S", "LOST_S", "REFUSED_S"):
        monkeypatch.setattr(answers, name, 0.0)
    monkeypatch.setattr(store_module, "HELD_NBYTES", 100_000)  # more takes the way through a file


def told_by(store: Store) -> list[str]:
    """All texts of what goes wrong with all that a store is asked."""
    calls = (
        lambda: store.put("a.bin", b"x", Headers()),
        lambda: store.put_pieces("a.bin", [bytes(1000)] * 200, Headers()),
        lambda: store.create("b.bin", b"x", Headers()),
        lambda: store.read("a.bin"),
        lambda: store.read_range("a.bin", 0, 1),
        lambda: store.info("a.bin"),
        lambda: store.find(),
        lambda: store.names(),
        lambda: store.delete(["a.bin"]),
        lambda: store.check(),
    )
    texts = [repr(store), str(store), store.shown, repr(store.location)]
    for call in calls:
        try:
            call()
        except Exception as error:
            texts += [str(error), repr(error), "".join(traceback.format_exception(error))]
    return texts


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.few(2)
def test_credentials(kind: str, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> None:
    server: Server = request.getfixturevalue(kind)
    texts = []
    with caplog.at_level(logging.DEBUG):
        with before(server.address) as proxy:
            seen = server.through(proxy.address)
            store = Store(location_of(f"{seen.url}/secrets", seen.options))
            for fault in FAULTS:
                proxy.choose = always(fault)
                texts += told_by(store)
        texts += told_by(store)  # nobody there
    texts += caplog.messages
    assert sum("could not be" in text for text in texts) > 50
    assert not [text for text in texts if S3_SECRET in text or AZURE_KEY in text]


@pytest.mark.parametrize("status", [Fault.FORBIDDEN, Fault.SLOW_DOWN, Fault.CUT, Fault.DROP, None])
def test_signed_addresses(moto_store: Server, status: Fault | None) -> None:
    with before(moto_store.address, lambda asked: status) as proxy:
        location = location_of(f"{proxy.address}/shelf/none.h5ad?X-Amz-Signature={SIGNATURE}&Expires=5")
        texts = told_by(Store(location))
        assert any(SIGNATURE in asked.query for asked in proxy.asked)
    texts += told_by(Store(location))
    assert len(texts) > 20
    assert not [text for text in texts if SIGNATURE in text]


def test_users_in_addresses(moto_store: Server) -> None:
    with before(moto_store.address, always(Fault.FORBIDDEN)) as proxy:
        host = proxy.address.removeprefix("http://")
        texts = told_by(Store(location_of(f"http://somebody:pass-word-9@{host}/shelf/a.h5ad")))
    assert not [text for text in texts if "pass-word-9" in text]
    location = location_of("abfss://box@account.dfs.core.windows.net/x")
    assert location.shown == "abfss://box@account.dfs.core.windows.net/x"
    assert location_of("sftp://me:word@host/x").shown == "sftp://host/x"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("GET https://h/b?sig=abc%3D&se=2030 failed", "GET https://h/b?sig=***&se=2030 failed"),
        ("AccountName=a;AccountKey=abc==;End=1", "AccountName=a;AccountKey=***;End=1"),
        ("https://me:word@host/x", "https://***@host/x"),
        ("X-Goog-Signature=12ab x-amz-security-token=zz", "X-Goog-Signature=*** x-amz-security-token=***"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_what_looks_like_a_secret(text: str, hidden: str) -> None:
    assert scrub(text) == hidden


def test_options_are_hidden_wherever_they_turn_up() -> None:
    options = {
        "s3": {"key": "AKIAEXAMPLE", "secret": "very/secret+text", "endpoint_url": "http://host:1"},
        "token": {"private_key": "-----BEGIN\nabcdefgh\n-----END", "project": "my-project"},
    }
    location = location_of("s3://b/x", options)
    error = ValueError(
        f"AKIAEXAMPLE very/secret+text {options['token']['private_key']} http://host:1 my-project"
    )
    assert reason_of(error, location.secrets) == "*** *** *** http://host:1 my-project"


def test_options_on_the_command_line_are_not_repeated() -> None:
    for text, missing in (("very-secret-text", "no ="), ("=very-secret-text", "no key before =")):
        with pytest.raises(
            Exception, match=f"--storage-option must be KEY=VALUE .* has {missing};"
        ) as caught:
            read_storage_options((text,))
        assert "very-secret-text" not in str(caught.value)
    assert read_storage_options(("s3.anon=true", "key=00123", "gs.token=9876543210987")) == {
        "s3": {"anon": True},
        "key": "00123",
        "gs": {"token": "9876543210987"},
    }

"""How long a store is waited for, and what is said when it is not waited for any longer."""

from __future__ import annotations

import asyncio
import os
import pickle
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from karospace_stream.errors import KaroSpaceError, TargetError
from karospace_stream.storage import Headers, StorageError, Store, answers, location_of, requests, retry
from karospace_stream.storage.errors import storage_error
from karospace_stream.targets.stores.objects import as_target_error
from tests.stores.faults import always, first
from tests.stores.kinds import SERVERS
from tests.stores.proxy import Fault, Proxies, Proxy, before
from tests.stores.servers import Server

PLAIN = Headers()
ASK: dict[str, Callable[[Store], object]] = {
    "written": lambda store: store.put("a.bin", b"data", PLAIN),
    "read": lambda store: store.read_range("a.bin", 0, 4),
    "checked": lambda store: store.info("a.bin"),
    "listed": lambda store: store.find(),
    "deleted": lambda store: store.delete(["a.bin"]),
    "named": lambda store: store.names(),
}

VERBS = {"named": "listed"}


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Server:
    return request.getfixturevalue(request.param)


@pytest.fixture
def proxy(server: Server, proxies: Proxies) -> Proxy:
    return proxies.before(server)


@pytest.fixture
def without_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BUSY_S", "LOST_S", "REFUSED_S"):
        monkeypatch.setattr(answers, name, 0.0)


def behind(proxy: Proxy, server: Server) -> Store:
    seen = server.through(proxy.address)
    return Store(location_of(f"{seen.url}/patience", seen.options))


@pytest.mark.usefixtures("without_patience")
@pytest.mark.parametrize("fault", [Fault.SLOW_DOWN, Fault.ERROR_500, Fault.TOO_MANY, Fault.DROP, Fault.CUT])
@pytest.mark.parametrize("verb", ASK)
def test_no_library_tries_again_by_itself(server: Server, proxy: Proxy, fault: Fault, verb: str) -> None:
    """Else its patience would be multiplied with ours. A line that broke may have been an old one."""
    Store(location_of(f"{server.url}/patience", server.options)).put("a.bin", b"data", PLAIN)
    # A line that had broken is asked once more; the libraries' own patience is longer.
    most = 3 if fault is Fault.CUT else 2
    proxy.choose = always(fault)
    # There may have been nothing to cut.
    with suppress(StorageError) if fault is Fault.CUT else pytest.raises(StorageError, match="could not"):
        ASK[verb](behind(proxy, server))
    assert 0 < max(times(proxy)) <= most


@pytest.mark.parametrize("verb", ASK)
def test_who_is_not_let_in_does_not_ask_again(server: Server, proxy: Proxy, verb: str) -> None:
    proxy.choose = always(Fault.FORBIDDEN)
    with pytest.raises(PermissionError, match=rf"patience.* could not be {VERBS.get(verb, verb)}: "):
        ASK[verb](behind(proxy, server))
    assert set(times(proxy)) == {1}


def test_errors_are_for_people_and_survive_a_process() -> None:
    error = storage_error("s3://b/x could not be read", PermissionError("Access Denied"), ())
    for each in (error, pickle.loads(pickle.dumps(error))):
        assert isinstance(each, KaroSpaceError)
        assert isinstance(each, PermissionError)
        assert (str(each), each.exit_code) == ("s3://b/x could not be read: Access Denied", 4)


def times(proxy: Proxy) -> list[int]:
    """How often each thing was asked."""
    return list(Counter((asked.method, asked.path, asked.query) for asked in proxy.asked).values())


def test_what_is_not_there_is_not_asked_for_again(server: Server, proxy: Proxy) -> None:
    with pytest.raises(FileNotFoundError, match=r"never\.bin does not exist"):
        behind(proxy, server).read_range("never.bin", 0, 5)
    assert proxy.count() == 1


def test_one_object_is_one_request(server: Server, proxy: Proxy) -> None:
    store = behind(proxy, server)
    store.put("a.bin", b"data" * 1000, PLAIN)
    assert store.read("a.bin") == b"data" * 1000
    assert store.read_range("a.bin", 4, 8) == b"data"
    assert proxy.count() == 3


def test_a_bucket_that_is_not_there(server: Server) -> None:
    location = location_of(server.url.replace("shelf", "no-such-bucket") + "/x", server.options)
    with pytest.raises(StorageError, match=r"there is no (bucket|container) 'no-such-bucket'; make it"):
        Store(location).put("a.bin", b"data", PLAIN)
    with pytest.raises(FileNotFoundError, match=r"no-such-bucket/x/a\.bin does not exist"):
        Store(location).read("a.bin")
    assert Store(location).info("a.bin") is None


@pytest.mark.parametrize("fault", [Fault.SLOW_DOWN, Fault.DROP])
def test_an_end_of_patience(
    server: Server, proxy: Proxy, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "BUSY_S", 0.3)
    monkeypatch.setattr(answers, "LOST_S", 0.3)
    monkeypatch.setattr(retry, "FIRST_WAIT_S", 0.02)
    proxy.choose = always(fault)
    with pytest.raises(StorageError, match=r"a\.bin could not be written: "):
        ASK["written"](behind(proxy, server))
    assert proxy.count() >= 2  # a busy machine has time for one more try


def test_nobody_there(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told sooner than a line that breaks."""
    assert answers.REFUSED_S < answers.LOST_S < answers.BUSY_S <= 60
    monkeypatch.setattr(answers, "REFUSED_S", 0.3)
    with before(server.address) as proxy:
        store = behind(proxy, server)
        ASK["written"](store)
        proxy.stop()
        with pytest.raises(StorageError, match=r"a\.bin could not be read: .*(onnect|refused)"):
            ASK["read"](store)


@pytest.mark.parametrize("verb", ASK)
def test_no_answer(server: Server, proxy: Proxy, verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LOST_S", 0.0)
    monkeypatch.setattr(requests, "TIME_OUT_S", 0.3)
    monkeypatch.setattr(requests, "LONG_TIME_OUT_S", 0.3)
    proxy.choose = always(Fault.HANG)
    with pytest.raises(
        StorageError, match=f"could not be {VERBS.get(verb, verb)}: it did not answer in time"
    ):
        ASK[verb](behind(proxy, server))


def test_a_slow_answer_is_waited_for(server: Server, proxy: Proxy) -> None:
    proxy.choose = always(Fault.SLOW)
    store = behind(proxy, server)
    store.put("slow.bin", b"data", PLAIN)
    assert store.read_range("slow.bin", 0, 4) == b"data"
    assert proxy.count() == 2


def test_a_server_that_comes_back(server: Server, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_WAIT_S", 0.02)
    proxy.choose = first(5, Fault.ERROR_500)
    ASK["written"](behind(proxy, server))
    assert proxy.count() == 6


def test_the_first_that_fails_ends_all(moto_store: Server) -> None:
    """What is still waiting is not sent."""
    with before(moto_store.address, always(Fault.FORBIDDEN)) as proxy:
        with pytest.raises(PermissionError):
            behind(proxy, moto_store).put_many([(f"{i}.bin", b"x", PLAIN) for i in range(500)])
        assert proxy.count() < 250


def test_who_does_not_wait_ends_the_work(moto_store: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Ctrl-C does."""
    with before(moto_store.address, always(Fault.SLOW)) as proxy:
        sending = behind(proxy, moto_store).start_put_many([(f"{i}.bin", b"x", PLAIN) for i in range(500)])
        monkeypatch.setattr(sending._work, "result", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            sending.wait()
        assert sending._work.cancelled()


def _interrupt() -> None:
    raise KeyboardInterrupt


def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("AWS_", "AZURE_", "GOOGLE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.parametrize(
    ("url", "options"), [("s3://shelf/x", {}), ("az://shelf/x", {})], ids=["s3", "azure"]
)
def test_no_credentials(
    url: str, options: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nobody(monkeypatch, tmp_path)
    with pytest.raises(StorageError, match="no credentials were found; set them as the store's own tools do"):
        Store(location_of(url, options)).put("a.bin", b"", PLAIN)


def test_without_credentials_nobody_is_told_to_try_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nobody(monkeypatch, tmp_path)
    with (
        pytest.raises(TargetError, match="no credentials were found") as caught,
        as_target_error("s3://shelf"),
    ):
        Store(location_of("s3://shelf/x", {})).put("a.bin", b"", PLAIN)
    assert "try again" not in str(caught.value)


def test_credentials_that_are_wanted(server: Server, proxy: Proxy) -> None:
    proxy.choose = always(Fault.UNKNOWN)
    with pytest.raises(StorageError, match="it needs credentials: set them as the store's own tools"):
        ASK["written"](behind(proxy, server))
    assert proxy.count() == 1


def test_wrong_credentials(guarded_store: Server) -> None:
    options = {**guarded_store.options, "secret": "another-secret-than-that"}
    with pytest.raises(PermissionError, match=r"s3://shelf/x/a\.bin could not be written: ") as caught:
        Store(location_of(f"{guarded_store.url}/x", options)).put("a.bin", b"", PLAIN)
    assert "another-secret" not in str(caught.value)
    right = Store(location_of(f"{guarded_store.url}/x", guarded_store.options))
    right.put("a.bin", b"let in", PLAIN)
    assert right.read("a.bin") == b"let in"


def test_libraries_that_are_not_there() -> None:
    with pytest.raises(StorageError, match=r"nix://shelf cannot be opened: Protocol not known: nix"):
        Store(location_of("nix://shelf/x")).check()


def test_waits_double_up_to_a_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    async def fail() -> None:
        raise ConnectionResetError if len(waits) < 12 else PermissionError

    monkeypatch.setattr(asyncio, "sleep", note)
    with pytest.raises(PermissionError):
        asyncio.run(retry.patiently(fail, 1.0, asyncio.Semaphore(1)))
    assert len(waits) == 12
    for n, wait in enumerate(waits):
        plain = min(retry.FIRST_WAIT_S * 2**n, retry.LONGEST_WAIT_S)
        assert 0.5 * plain <= wait <= 1.5 * plain

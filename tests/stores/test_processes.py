"""Stores travel: to threads, to worker processes, to processes that end at once."""

from __future__ import annotations

import multiprocessing
import pickle
import secrets
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from karospace_stream.storage import Headers, Store, location_of
from karospace_stream.storage.filesystem import open_filesystem
from tests.stores.kinds import KINDS, SERVERS, fresh_store
from tests.stores.proxy import before
from tests.stores.servers import Server

PLAIN = Headers()
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", KINDS)
def test_a_pickled_store_is_the_same(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    store = fresh_store(kind, request, tmp_path)
    store.put("a.bin", b"data", PLAIN)
    copy = pickle.loads(pickle.dumps(store))
    assert copy == store
    assert hash(copy) == hash(store)
    assert copy.read("a.bin") == b"data"
    assert len({store, copy}) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.few(3)
def test_from_many_threads(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    store = fresh_store(kind, request, tmp_path)

    def work(n: int) -> bytes:
        store.put_many([(f"{n}/{i}.bin", bytes([n, i]), PLAIN) for i in range(5)])
        return b"".join(store.read_ranges([(f"{n}/{i}.bin", 0, 2) for i in range(5)]))

    with ThreadPoolExecutor(12) as threads:
        got = list(threads.map(work, range(24)))
    assert got == [bytes(b for i in range(5) for b in (n, i)) for n in range(24)]
    assert len(store.find()) == 24 * 5


def test_threads_share_one_filesystem(moto_store: Server) -> None:
    """And with it its connections: a pool for each thread would cost megabytes."""
    locations = [location_of(f"{moto_store.url}/{n}", moto_store.options) for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda location: Store(location).info("x"), locations))
        found = {id(fs) for fs, _ in threads.map(open_filesystem, locations)}
    assert len(found) == 1


def test_no_more_requests_at_once_than_there_are_lines(moto_store: Server) -> None:
    with before(moto_store.address) as proxy:
        seen = moto_store.through(proxy.address)
        store = Store(location_of(f"{seen.url}/gate-{secrets.token_hex(4)}", seen.options))
        with ThreadPoolExecutor(6) as threads:
            puts = [[(f"{n}-{i}.bin", b"x", PLAIN) for i in range(60)] for n in range(6)]
            list(threads.map(store.put_many, puts))
        assert proxy.most_at_once <= 32
        assert proxy.count("PUT") == 360


def in_a_worker(store: Store, n: int) -> int:
    store.put(f"{n}.bin", b"x" * n, PLAIN)
    return store.info(f"{n}.bin").size


@pytest.mark.parametrize("kind", ["rclone_store", "gcs_store"])
@pytest.mark.few(1)
def test_in_worker_processes(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    store = fresh_store(kind, request, tmp_path)
    store.put("first.bin", b"", PLAIN)  # this process has lines and a loop of its own
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as workers:
        assert list(workers.map(in_a_worker, [store] * 6, range(6))) == list(range(6))
    assert len(store.find()) == 7


END = """
import sys, pickle
from karospace_stream.storage import Headers
store = pickle.load(sys.stdin.buffer)
store.put_many([(f"{i}.bin", b"x", Headers()) for i in range(20)])
print(len(store.find()))
try:
    store.read("none.bin")
except FileNotFoundError as error:
    print(error)
"""


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.few(2)
def test_a_process_ends_without_a_word(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Lines that are still open are closed, or nobody hears of them."""
    store = fresh_store(kind, request, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", END],
        input=pickle.dumps(store),
        capture_output=True,
        cwd=ROOT,
    )
    assert done.stdout.decode().splitlines() == ["20", f"{store.shown}/none.bin does not exist"]
    assert (done.returncode, done.stderr.decode()) == (0, "")

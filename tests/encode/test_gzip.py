"""gzip: one member, nothing but the data in it."""

from __future__ import annotations

import gzip
import threading
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karospace_stream.encode.gzip import FASTEST_LEVELS, MAX_LEVEL, gzip_bytes, gzip_pieces, pack

LEVELS = range(1, MAX_LEVEL + 1)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("data", [b"", b"x", b"abc" * 100_000], ids=len)
def test_one_member_without_name_or_time(level: int, data: bytes) -> None:
    for member in (gzip_bytes(data, level), b"".join(gzip_pieces([data[:7], data[7:]], level))):
        assert gzip.decompress(member) == data
        assert member[:2] == b"\x1f\x8b"
        assert member[3:8] == bytes(5)  # no flags, no time
    assert gzip_bytes(memoryview(data), level) == gzip_bytes(data, level)


def test_the_same_bytes_at_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"gene" * 5_000
    before = [gzip_bytes(data, level) for level in LEVELS]
    monkeypatch.setattr(time, "time", lambda: 4e9)
    assert [gzip_bytes(data, level) for level in LEVELS] == before


def a_gene(n_cells: int = 100_000, n_seen: int = 60) -> bytes:
    rng = np.random.default_rng(1)
    values, seen = np.zeros(n_cells, "<f4"), rng.choice(n_cells, n_seen, replace=False)
    values[seen] = np.log1p(rng.integers(1, 6, n_seen) / rng.choice(np.linspace(0.5, 2, 2_000), n_seen))
    return values.tobytes()


@pytest.mark.parametrize("level", range(1, FASTEST_LEVELS + 1))
def test_the_same_bytes_wherever_the_stack_lies(level: int) -> None:
    """ISA-L by itself gives others in about one thread of 200: see `gzip._begin`."""
    data, members, ended = a_gene(), set[tuple[bytes, bytes]](), threading.Event()
    ready = threading.Semaphore(0)

    def compress() -> None:
        members.add((gzip_bytes(data, level), b"".join(gzip_pieces([data], level))))
        ready.release()
        ended.wait()

    before = threading.stack_size(256 * 1024)
    try:
        threads = [threading.Thread(target=compress) for _ in range(1_500)]
        for thread in threads:  # all there at once, so that each has a stack of its own
            thread.start()
        for _ in threads:
            ready.acquire()
        ended.set()
        for thread in threads:
            thread.join()
    finally:
        threading.stack_size(before)
    assert len(members) == 1


@given(st.lists(st.binary(max_size=300)), st.sampled_from(LEVELS))
def test_pieces_are_joined(pieces: list[bytes], level: int) -> None:
    assert gzip.decompress(b"".join(pack(pieces, level))) == b"".join(pieces)
    assert b"".join(pack(pieces, None)) == b"".join(pieces)


# Rising numbers with random steps, as the cells of edges are: repeats that a compressor finds or not.
EDGES = np.cumsum(np.random.default_rng(0).integers(0, 300, 200_000)).astype("<u4").tobytes()


@settings(max_examples=20)
@given(st.lists(st.integers(0, len(EDGES)), max_size=40), st.sampled_from(LEVELS))
def test_the_same_bytes_wherever_pieces_end(cuts: list[int], level: int) -> None:
    bounds = [0, *sorted(cuts), len(EDGES)]
    pieces = [memoryview(EDGES)[first:stop] for first, stop in pairwise(bounds)]
    member = b"".join(gzip_pieces(pieces, level))
    assert member == b"".join(gzip_pieces([EDGES], level))
    assert gzip.decompress(member) == EDGES

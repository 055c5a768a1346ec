"""Sums are read from scratch by one thread after another: Python up to 3.12 parses in one thread only."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from karospace_stream.formats.genes.statistics.scratch import decode, encode
from karospace_stream.measures.sums import GeneTotals, Sums


def test_no_two_threads_parse_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    two = np.arange(2)
    data = bytes(encode(Sums(two, GeneTotals(3, two, two, two, two, two), ())))
    parsing = threading.Semaphore()
    overlaps: list[int] = []
    load = np.load

    def watched(*words: Any, **options: Any) -> Any:
        if not parsing.acquire(blocking=False):
            overlaps.append(1)
            return load(*words, **options)
        time.sleep(0.01)
        parsing.release()
        return load(*words, **options)

    monkeypatch.setattr(np, "load", watched)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: decode(data, ()), range(8)))
    assert not overlaps
    assert [sums.genes.tolist() for sums in found] == [[0, 1]] * 8

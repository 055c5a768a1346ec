"""Sums are read from scratch by one thread after another: Python up to 3.12 parses in one thread only."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from karospace_stream.formats.genes.statistics.stored_sums import put_sums, read_sums
from karospace_stream.measures.sums import GeneTotals, Sums
from karospace_stream.transpose.array_scratch import FileArrayScratch


def test_no_two_threads_parse_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    two = np.arange(2)
    scratch = FileArrayScratch(str(tmp_path))
    receipt = put_sums(scratch, Sums(two, GeneTotals(3, two, two, two, two, two), ()))
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
        found = list(pool.map(lambda _: next(read_sums(scratch, [receipt], ())), range(8)))
    assert not overlaps
    assert [sums.genes.tolist() for sums in found] == [[0, 1]] * 8

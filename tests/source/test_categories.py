"""Long lists of categories are read once, however many columns take turns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from karospace_stream.source.elements import categories
from karospace_stream.source.elements.arrays import NumpyArray, Storage
from karospace_stream.source.elements.categories import category_names
from karospace_stream.source.elements.columns import CategoricalElement

READS: list[str] = []


@dataclass(frozen=True)
class Counted:
    """An array of names that says when it is read."""

    key: str
    n: int
    dtype = np.dtype(object)

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.n,)

    def read(self, *bounds: slice) -> np.ndarray:
        READS.append(self.key)
        return np.array([f"{self.key}{i}" for i in range(self.n)], object)

    def storage(self) -> Storage:
        return Storage((self.n,))  # one chunk is read at once


@pytest.fixture(autouse=True)
def _empty(monkeypatch):
    READS.clear()
    monkeypatch.setattr(categories, "_KEPT", categories._Lists())


def test_columns_take_turns():
    codes = NumpyArray("codes", np.arange(70_000))
    columns = [CategoricalElement(codes, Counted(name, 70_000)) for name in "abcd"]
    for start in range(0, 70_000, 10_000):
        for column in columns:
            part = column.read("x", start, start + 3)
            assert part.categories[start] == f"{column.categories.key}{start}"
    assert READS == ["a", "b", "c", "d"]


def test_the_oldest_list_goes_first(monkeypatch):
    monkeypatch.setattr(categories, "MOST_NAMES", 10)
    for name in "abacab":
        category_names(Counted(name, 5))
    assert READS == ["a", "b", "c", "b"]
    assert len(category_names(Counted("large", 99))) == 99
    category_names(Counted("large", 99))
    assert READS[4:] == ["large"]
    category_names(Counted("a", 5))
    assert READS[4:] == ["large", "a"]


def test_many_short_lists_are_bounded(monkeypatch):
    monkeypatch.setattr(categories, "_MOST_LISTS", 3)
    for name in ("a", "b", "c", "d", "d", "b", "a"):
        category_names(Counted(name, 1))
    assert READS == ["a", "b", "c", "d", "a"]

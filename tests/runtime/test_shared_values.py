"""Values that a process makes once and its tasks share."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from karospace_stream.runtime import shared_values
from karospace_stream.runtime.shared_values import forget, shared_value


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_values, "_ENTRIES", {})


class Maker:
    def __init__(self) -> None:
        self.n_made = 0

    def __call__(self) -> list[int]:
        self.n_made += 1
        return [self.n_made]


def use(token: str, make: Maker) -> list[int]:
    with shared_value(token, make) as value:
        return value


def test_it_is_made_once_by_many_threads() -> None:
    make, begin = Maker(), threading.Barrier(8)

    def task(_: int) -> list[int]:
        begin.wait()
        return use("run", make)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(task, range(8)))
    assert make.n_made == 1
    assert all(each is found[0] for each in found)


def test_it_is_made_again_once_it_is_forgotten() -> None:
    make = Maker()
    assert use("run", make) == use("run", make) == [1]
    forget("run")
    forget("run")
    assert use("run", make) == [2]


def test_a_task_keeps_what_is_forgotten_meanwhile() -> None:
    make = Maker()
    with shared_value("run", make) as value:
        forget("run")
        assert value == [1]
        assert use("run", make) == [2]
    assert use("run", make) == [2]


def test_another_run_drops_what_nobody_uses() -> None:
    first, second = Maker(), Maker()
    use("first", first)
    with shared_value("second", second):
        assert set(shared_values._ENTRIES) == {"second"}
        use("first", first)
        assert set(shared_values._ENTRIES) == {"first", "second"}, "one that is in use stays"
    assert (first.n_made, second.n_made) == (2, 1)


def test_the_next_task_tries_where_one_has_failed() -> None:
    def fail() -> list[int]:
        raise OSError("gone")

    make = Maker()
    for _ in range(2):
        with pytest.raises(OSError, match="gone"), shared_value("run", fail):
            raise AssertionError("there is no value")
    assert use("run", make) == [1]

"""The lazy tasks of one run, in one flat graph.

``dask.delayed`` would do the same with a graph for each task, copied into every task that takes its
result: gigabytes on the client for some ten thousand tasks. Here a task costs a few hundred bytes.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from karospace_stream.runtime.graph import block_graph, constant_graph
from karospace_stream.runtime.records import Records, checkpoint, from_checkpoint
from karospace_stream.runtime.task import Graph, Task

T = TypeVar("T")


class Tasks:
    """Names the lazy tasks of one run, so that two runs on one cluster do not collide.

    A task's name starts with its stage, up to the first colon, which is all that progress needs.

    Parameters
    ----------
    records
        Results of earlier runs. Tasks are numbered stage by stage, so the graphs of two equal plans have the
        same names.
    """

    def __init__(self, records: Records | None = None) -> None:
        self._run = secrets.token_hex(4)
        self._count: Counter[str] = Counter()
        self._graph: Graph = {}
        self._records = records
        ledger = None if records is None else records.ledger
        self._ledger = None if ledger is None else self.constant(ledger)

    def call(self, stage: str, function: Callable[..., T], *args: Any) -> Task[T]:
        """``function(*args)`` as a lazy task; arguments may be other tasks, or lists and tuples of them."""
        number = self._count[stage]
        self._count[stage] += 1
        needed: dict[Hashable, int] = {}
        call = _Call(function, tuple(_numbered(arg, needed) for arg in args))
        return self._add(f"{stage}:{self._run}:{number}", (call, list(needed)))

    def checkpointed(self, stage: str, function: Callable[..., T], *args: Any) -> Task[T]:
        """Add a call as `call` does, for a task that writes its data somewhere and returns few bytes.

        Its result is recorded, and a run that resumes this one reuses it.
        """
        name = f"{stage}-{self._count[stage]}"
        if self._ledger is not None and self._records is not None and self._records.is_done(name):
            return self.call(stage, from_checkpoint, self._ledger, name)
        if self._ledger is None:
            return self.call(stage, function, *args)
        return self.call(stage, checkpoint, self._ledger, name, function, *args)

    def constant(self, value: T) -> Task[T]:
        """One value that many tasks share, held once in the graph."""
        key = f"options:{self._run}:{secrets.token_hex(4)}"
        self._graph.update(constant_graph(key, value))
        return Task(key, self._graph)

    def over_blocks(self, stage: str, function: Callable[..., T], blocks: Any, *args: Any) -> list[Task[T]]:
        """``function(block, number, *args)`` for every block of rows of a Dask array.

        Making the block is fused into it.
        """
        shared = [arg if isinstance(arg, Task) else self.constant(arg) for arg in args]
        keys, graph = block_graph(f"{stage}:{self._run}", function, blocks, shared)
        self._graph.update(graph)
        return [Task(key, self._graph) for key in keys]

    def _add(self, key: str, task: Any) -> Task[Any]:
        self._graph[key] = task
        return Task(key, self._graph)


@dataclass(frozen=True, slots=True)
class _Result:
    """Stands for the result of another task: its index among the inputs of a call."""

    index: int


@dataclass(frozen=True, slots=True)
class _Call:
    """A function and its arguments. Opaque, so that Dask looks for tasks in the results alone."""

    function: Callable[..., Any]
    args: tuple[Any, ...]

    def __call__(self, results: list[Any]) -> Any:
        return self.function(*(_filled(arg, results) for arg in self.args))


def _numbered(arg: Any, needed: dict[Hashable, int]) -> Any:
    """The argument with a `_Result` in place of every task."""
    if isinstance(arg, Task):
        return _Result(needed.setdefault(arg.key, len(needed)))
    if type(arg) in (list, tuple):
        return type(arg)(_numbered(each, needed) for each in arg)
    return arg


def _filled(arg: Any, results: list[Any]) -> Any:
    if isinstance(arg, _Result):
        return results[arg.index]
    if type(arg) in (list, tuple):
        return type(arg)(_filled(each, results) for each in arg)
    return arg

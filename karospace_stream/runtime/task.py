"""One lazy task, and how to read its key."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Graph = dict[Hashable, Any]
Result = TypeVar("Result", covariant=True)


@dataclass(frozen=True, slots=True)
class Task(Generic[Result]):
    """One lazy task that gives a `Result`: its key, and the graph that it is part of.

    `graph.to_delayed` is Dask's own.
    """

    key: Hashable
    graph: Graph = field(repr=False, compare=False)


def stage_of(key: Hashable) -> str:
    """The stage of a task; empty if it is not one of ours."""
    name = key[0] if isinstance(key, tuple) else key
    stage, colon, _ = str(name).partition(":")
    # Dask derives further names, such as "array-scatter:…", for tasks that it adds.
    return stage if colon and stage.isalpha() and stage != "options" else ""

"""Run several requests to a store at once, each with retries; the first failure ends all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from karospace_stream.storage.answers import is_absent
from karospace_stream.storage.errors import NoBucketError, storage_error
from karospace_stream.storage.filesystem import open_filesystem, semaphore_of, start
from karospace_stream.storage.location import Location, below
from karospace_stream.storage.retry import patiently

T = TypeVar("T")

#: Of one attempt that moves no data; and the slowest line besides, which many requests share.
TIME_OUT_S = 30.0
SLOWEST_NBYTES_PER_S = 10_000
#: Of an attempt that may need many answers.
LONG_TIME_OUT_S = 300.0


@dataclass(frozen=True, slots=True)
class Request(Generic[T]):
    """One request to a store.

    Attributes
    ----------
    key
        Of the object; "" is the location.
    call
        Sends it once: one of `calls`, which all take filesystem and path first.
    arguments
        Further arguments.
    nbytes
        How much is sent or fetched; None if unknown, or if there is much to do.
    """

    key: str
    call: Callable[..., Awaitable[T]]
    arguments: tuple[Any, ...] = ()
    nbytes: int | None = 0

    @property
    def time_out_s(self) -> float:
        """Seconds that one attempt may take."""
        if self.nbytes is None:
            return LONG_TIME_OUT_S
        return TIME_OUT_S + self.nbytes / SLOWEST_NBYTES_PER_S


def ask(location: Location, verb: str, requests: Sequence[Request[T]]) -> Future[list[T]]:
    """Start all requests; returns their results in order.

    Raises
    ------
    StorageError
        If there is no filesystem for the location.
    """
    fs, root = open_filesystem(location)
    return start(fs, _all([_one(location, fs, root, verb, each) for each in requests]))


def ask_one(location: Location, verb: str, request: Request[T]) -> Future[T]:
    """Call `ask` with one request."""
    fs, root = open_filesystem(location)
    return start(fs, _one(location, fs, root, verb, request))


async def _all(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _one(location: Location, fs: Any, root: str, verb: str, request: Request[T]) -> T:
    call = partial(request.call, fs, below(root, request.key), *request.arguments)
    where = below(location.shown, request.key)
    failed: OSError
    try:
        return await patiently(call, request.time_out_s, semaphore_of(location))
    except Exception as error:
        if not is_absent(error):
            failed = storage_error(f"{where} could not be {verb}", error, location.secrets)
        elif verb == "written":
            failed = NoBucketError(f"{location.shown}: {_no_bucket(location)}; make it, or check the name")
        else:
            failed = FileNotFoundError(f"{where} does not exist")
    # Outside the block above: its context would expose secrets.
    raise failed


def _no_bucket(location: Location) -> str:
    protocol, _, path = location.shown.partition("://")
    kind = "container" if protocol in ("abfs", "abfss", "az") else "bucket"
    return f"there is no {kind} {path.partition('/')[0]!r}"

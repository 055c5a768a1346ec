"""fsspec's filesystem for a location, and the one event loop that its calls run on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import lru_cache
from typing import Any, TypeVar

from karospace_stream.storage.calls import path_of
from karospace_stream.storage.clients import make_filesystem
from karospace_stream.storage.errors import StorageError, storage_error
from karospace_stream.storage.location import Location

T = TypeVar("T")

#: Requests of one process to one bucket that are on their way at the same time.
AT_ONCE = 32

_EXTRAS = {"gs": "gcs", "az": "azure"}


def open_filesystem(location: Location) -> tuple[Any, str]:
    """The filesystem, with the methods of an asynchronous one, and the path on it.

    One for all threads of a process: connections are shared and stay open. It retries nothing.

    Raises
    ------
    StorageError
        If no filesystem knows the URL, or its library is not installed.
    """
    filesystem = _filesystem(os.getpid(), location.root)
    return filesystem, path_of(filesystem, location.url)


def semaphore_of(location: Location) -> asyncio.Semaphore:
    """Limits requests to a bucket, so that none waits for a connection while its timeout runs."""
    return _semaphore(os.getpid(), location.root)


def start(filesystem: Any, work: Coroutine[Any, Any, T]) -> Future[T]:
    """Begin asynchronous work on the filesystem's loop, from any thread but the loop's own."""
    from fsspec.asyn import get_loop

    return asyncio.run_coroutine_threadsafe(work, filesystem.loop or get_loop())


def wait_for(work: Future[T]) -> T:
    """The result of work that was begun; who does not wait to its end ends it."""
    try:
        return work.result()
    except BaseException:
        work.cancel()
        raise


@lru_cache(maxsize=64)
def _filesystem(process: int, location: Location) -> Any:
    try:
        return make_filesystem(location)
    except ImportError as error:
        extra = _EXTRAS.get(location.protocol)
        hint = f"; install it with: pip install 'karospace-stream[{extra}]'" if extra else ""
        raise StorageError(f"{location.shown}: its library is not installed ({error}){hint}") from error
    except Exception as error:
        failed = storage_error(f"{location.shown} cannot be opened", error, location.secrets)
    raise failed


@lru_cache(maxsize=64)
def _semaphore(process: int, location: Location) -> asyncio.Semaphore:
    return asyncio.Semaphore(AT_ONCE)

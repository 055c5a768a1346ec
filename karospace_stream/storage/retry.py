"""Retries for a store that is busy, slow, or drops the connection."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from karospace_stream.storage.answers import patience_with

T = TypeVar("T")

FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 10.0


async def patiently(call: Callable[[], Awaitable[T]], time_out_s: float, semaphore: asyncio.Semaphore) -> T:
    """Await a call; again, after a while that doubles, as long as another attempt may help.

    Parameters
    ----------
    time_out_s
        Of one attempt, from when it is let through.
    semaphore
        Lets a number of requests through at the same time; those that wait for another attempt are not
        among them.
    """
    clock = asyncio.get_running_loop().time
    first_failed_at: float | None = None
    wait = FIRST_WAIT_S
    while True:
        try:
            async with semaphore, asyncio.timeout(time_out_s):
                return await call()
        except Exception as error:
            first_failed_at = first_failed_at or clock()
            if clock() - first_failed_at + wait > patience_with(error):
                raise
        # Jitter: workers that were rejected together must not retry together.
        await asyncio.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311
        wait = min(wait * 2, LONGEST_WAIT_S)

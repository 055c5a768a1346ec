"""Upload objects to a store while the next ones are made, with a bounded number of bytes in flight."""

from __future__ import annotations

from contextlib import suppress

from karospace_stream.storage import Headers, Sending, Store

#: As soon as so much waits, it is sent; as much again may be on its way then.
BATCH_NBYTES = 8 << 20


class Uploads:
    """Collects objects and sends them in batches. Of one task, and one thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[str, bytes, Headers]] = []
        self._nbytes = 0
        self._sending: Sending | None = None

    def add(self, key: str, data: bytes, headers: Headers) -> None:
        """Hand over one object; waits while the batch before the last is still on its way."""
        self._waiting.append((key, data, headers))
        self._nbytes += len(data)
        if self._nbytes >= BATCH_NBYTES:
            self._send()

    def finish(self) -> None:
        """Wait until all objects are written."""
        self._send()
        self._wait()

    def give_up(self) -> None:
        """Wait for uploads under way to end, well or not; nothing is written after that."""
        self._waiting = []
        if self._sending is not None:
            with suppress(Exception):
                self._sending.wait()

    def _send(self) -> None:
        self._wait()
        if self._waiting:
            self._sending = self._store.start_put_many(self._waiting)
            self._waiting, self._nbytes = [], 0

    def _wait(self) -> None:
        if self._sending is not None:
            sending, self._sending = self._sending, None
            sending.wait()

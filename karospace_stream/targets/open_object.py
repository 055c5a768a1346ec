"""An object that is written while its content is made, by a caller that hands over one piece after another.

`Sink.put_pieces` takes an iterator, so it asks for the pieces. Genes come the other way round. A thread puts
the object, and takes the pieces from a queue of one: at most two of them are in memory.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from karospace_stream.model.blob import Receipt
from karospace_stream.targets.protocol import Sink

#: Pieces are collected until there are so many bytes.
PIECE_NBYTES = 4 << 20


class _GivenUpError(Exception):
    """Ends the upload of an object that will not be complete."""


class OpenObject:
    """One object of a target. Give it to one thread; end with `close` or `give_up`."""

    def __init__(self, target: Sink, key: str, media_type: str) -> None:
        self.size = 0
        self._held = bytearray()
        self._queue: queue.Queue[bytes | None] = queue.Queue(1)
        self._receipt: Receipt | None = None
        self._error: BaseException | None = None
        self._gives_up = False
        self._thread = threading.Thread(target=self._put, args=(target, key, media_type), daemon=True)
        self._thread.start()

    def add(self, piece: bytes) -> None:
        """Append bytes.

        Raises
        ------
        TargetError
            If the target refused those before.
        """
        self._held += piece
        self.size += len(piece)
        if len(self._held) >= PIECE_NBYTES:
            self._pass_on()

    def close(self) -> Receipt:
        """Write the rest; returns when the object is complete.

        Raises
        ------
        TargetError
            If the target refuses it.
        """
        self._pass_on()
        self._hand_over(None)
        self._thread.join()
        self._check()
        assert self._receipt is not None, "the thread has put the object, or raised"
        return self._receipt

    def give_up(self) -> None:
        """End without an object; wait until nothing is written any more. Does nothing after `close`."""
        self._gives_up = True
        self._hand_over(None)
        self._thread.join()

    def _pass_on(self) -> None:
        self._check()
        if self._held:
            self._hand_over(bytes(self._held))
            self._held = bytearray()
            self._check()

    def _hand_over(self, piece: bytes | None) -> None:
        while self._thread.is_alive():  # else nobody takes it any more
            try:
                self._queue.put(piece, timeout=0.05)
                return
            except queue.Full:
                continue

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def _put(self, target: Sink, key: str, media_type: str) -> None:
        try:
            self._receipt = target.put_pieces(key, self._pieces(), media_type)
        except BaseException as error:
            self._error = error

    def _pieces(self) -> Iterator[bytes]:
        while (piece := self._queue.get()) is not None:
            yield piece
        if self._gives_up:
            raise _GivenUpError

"""The objects below one location: the few operations that the program needs, each with retries."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from karospace_stream.storage import calls
from karospace_stream.storage.calls import Data, StoredInfo
from karospace_stream.storage.errors import TooLargeError
from karospace_stream.storage.filesystem import open_filesystem, start, wait_for
from karospace_stream.storage.headers import Headers, arguments
from karospace_stream.storage.location import Location, below
from karospace_stream.storage.parts import has_parts, put_parts
from karospace_stream.storage.requests import Request, ask, ask_one

T = TypeVar("T")

_BULK = 1000  # keys that S3 deletes at once
HELD_NBYTES = 16 << 20  # larger objects that arrive in pieces are sent in parts


class Sending:
    """Objects that are being written."""

    def __init__(self, work: Future[list[None]]) -> None:
        self._work = work

    def wait(self) -> None:
        """Wait until all of them are written; raises as `Store.put`."""
        wait_for(self._work)


@dataclass(frozen=True, slots=True)
class Store:
    """Objects by key below a location. Holds nothing open; picklable. Calls block, from any thread.

    All methods raise `StorageError` if the store fails for longer than `retry` retries,
    ``PermissionError`` if it denies access, and ``FileNotFoundError`` if the object to read does not exist.
    """

    location: Location

    @property
    def shown(self) -> str:
        """The location, for people."""
        return self.location.shown

    def check(self) -> None:
        """Check whether there is a filesystem for the URL; sends the store no request."""
        open_filesystem(self.location)

    def put(self, key: str, data: Data, headers: Headers) -> None:
        """Write one object."""
        self.put_many([(key, data, headers)])

    def put_many(self, objects: Sequence[tuple[str, Data, Headers]]) -> None:
        """Write several objects at the same time."""
        self.start_put_many(objects).wait()

    def start_put_many(self, objects: Sequence[tuple[str, Data, Headers]]) -> Sending:
        """Begin to write several objects, and return at once."""
        requests = [
            Request(key, calls.put, (data, self._given(headers)), len(data)) for key, data, headers in objects
        ]
        return Sending(ask(self.location, "written", requests))

    def put_pieces(self, key: str, pieces: Iterable[Data], headers: Headers) -> None:
        """Write one object of any size; in parts, if it has more than some megabytes.

        If the store supports no parts, it waits in a temporary file.
        """
        held, several = bytearray(), iter(pieces)
        for piece in several:
            held += piece
            if len(held) > HELD_NBYTES:
                break
        else:
            self.put(key, held, headers)
            return
        rest = chain((bytes(held),), several)
        held.clear()
        if has_parts(self.location):
            put_parts(self.location, key, rest, self._given(headers))
            return
        with tempfile.TemporaryDirectory(prefix="karospace-upload-") as folder:
            path = Path(folder) / "object"
            with path.open("wb") as file:
                file.writelines(rest)
            nbytes = path.stat().st_size
            given = self._given(headers)
            self._ask("written", Request(key, calls.put_file, (path, given), nbytes))

    def create(self, key: str, data: bytes, headers: Headers) -> bool:
        """Write an object that must not exist yet; False if it does.

        Exclusive if the store supports conditions: S3, Google Cloud, Azure, and most that are similar to
        S3. Elsewhere, two processes that create it at the same moment may both see success.
        """
        if self.info(key) is not None:
            return False
        made = self._ask("written", Request(key, calls.create, (data, self._given(headers))))
        # A lost response: the second attempt met the object that the first had written.
        return made or self._holds(key, data)

    def read(self, key: str) -> bytes:
        """Read a whole object, in one state."""
        return self._ask("read", Request(key, calls.read, (), None))

    def read_whole(self, keys: Sequence[str]) -> list[bytes | None]:
        """Read several whole objects at the same time; None for each that does not exist."""
        requests = [Request(key, calls.read_if_there, (), None) for key in keys]
        return wait_for(ask(self.location, "read", requests))

    def read_up_to(self, keys: Sequence[str], most: Sequence[int]) -> list[bytes | None]:
        """Several objects at the same time, each cut after so many bytes; None for a missing one."""
        requests = [
            Request(key, calls.read_up_to, (nbytes,), nbytes) for key, nbytes in zip(keys, most, strict=True)
        ]
        return wait_for(ask(self.location, "read", requests))

    def read_document(self, key: str, most: int) -> bytes:
        """Read a whole object of at most ``most`` bytes; raises `TooLargeError` if it has more."""
        (data,) = self.read_up_to([key], [most + 1])
        if data is None:
            raise FileNotFoundError(f"{below(self.shown, key)} does not exist")
        if len(data) > most:
            raise TooLargeError(f"{below(self.shown, key)} must have at most {most:,} bytes, but is larger")
        return data

    def read_range(self, key: str, start: int, stop: int) -> bytes:
        """The bytes ``start`` to ``stop`` of one object; fewer is an error."""
        return self.read_ranges([(key, start, stop)])[0]

    def read_ranges(self, ranges: Sequence[tuple[str, int, int]]) -> list[bytes]:
        """Several ranges at the same time, in the requested order."""
        requests = [
            Request(key, calls.read_range, (start, stop), stop - start) for key, start, stop in ranges
        ]
        return wait_for(ask(self.location, "read", requests))

    def start_range(self, key: str, start: int, stop: int) -> Future[bytes]:
        """Begin to read the bytes ``start`` to ``stop``, and return at once."""
        request = Request(key, calls.read_range, (start, stop), stop - start)
        return ask_one(self.location, "read", request)

    def start_tail(self, key: str, offset: int) -> Future[bytes]:
        """Begin to read from ``offset`` to the end; a negative one counts from the end."""
        return ask_one(self.location, "read", Request(key, calls.read_tail, (offset,), None))

    def start_read(self, key: str) -> Future[bytes]:
        """Begin to read all of one object."""
        return ask_one(self.location, "read", Request(key, calls.read, (), None))

    def start_up_to(self, key: str, most: int) -> Future[bytes | None]:
        """Begin to read one object, cut after so many bytes; None if there is none."""
        return ask_one(self.location, "read", Request(key, calls.read_up_to, (most,), None))

    def settle(self) -> None:
        """Return once the I/O thread responds: its earlier work is then done."""
        fs, _ = open_filesystem(self.location)
        wait_for(start(fs, asyncio.sleep(0)))

    def info(self, key: str) -> StoredInfo | None:
        """Size and version of an object; None if there is none. ``""`` is the location itself."""
        return self._ask("checked", Request(key, calls.info))

    def find(self, prefix: str = "") -> dict[str, StoredInfo]:
        """All objects below a folder, by key, sorted."""
        folder = prefix.rstrip("/")
        found = self._ask("listed", Request(folder, calls.find, (), None))
        return {below(folder, key): about for key, about in sorted(found.items())}

    def folders(self) -> list[str]:
        """Names of the folders right below, sorted."""
        return sorted(name for name, kind in self._list() if kind == "directory")

    def names(self) -> list[str]:
        """Names of the files and folders right below, sorted."""
        return sorted({name for name, _ in self._list()})

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; those that are not there are as good as deleted."""
        wanted = list(dict.fromkeys(keys))
        bulks = [
            Request("", calls.delete_many, (wanted[start : start + _BULK],), None)
            for start in range(0, len(wanted), _BULK)
        ]
        left = wait_for(ask(self.location, "deleted", bulks))
        single = [Request(key, calls.delete) for keys_left in left for key in keys_left]
        wait_for(ask(self.location, "deleted", single))

    def _list(self) -> list[tuple[str, str]]:
        return self._ask("listed", Request("", calls.list_folder, (), None))

    def _holds(self, key: str, data: bytes) -> bool:
        try:
            return self.read(key) == data
        except FileNotFoundError:  # whoever had made it has deleted it again
            return False

    def _given(self, headers: Headers) -> dict[str, Any]:
        return arguments(self.location.protocol, headers)

    def _ask(self, verb: str, request: Request[T]) -> T:
        return wait_for(ask_one(self.location, verb, request))

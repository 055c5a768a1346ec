"""A Zarr store in a local folder, as zarr-python reads it: regular files inside the folder, no others."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from zarr.abc.store import ByteRequest
from zarr.storage import LocalStore

from karospace_stream.errors import BadInputError
from karospace_stream.source.zarr_keys import check_key


class FolderStore(LocalStore):  # type: ignore[misc] # zarr's types are not looked at
    """Reads what lies below a folder.

    zarr's own follows a key to wherever it leads, waits for a pipe for ever, and takes a folder for a chunk
    that was never written.
    """

    def __init__(self, root: Path | str, *, read_only: bool = True) -> None:
        super().__init__(root, read_only=read_only)

    async def get(self, key: str, prototype: Any = None, byte_range: ByteRequest | None = None) -> Any:
        """All or a part of one file; None where there is none."""
        self._check(key)
        return await super().get(key, prototype, byte_range)

    def get_sync(self, key: str, *, prototype: Any = None, byte_range: ByteRequest | None = None) -> Any:
        """The same, for those who do not wait."""
        self._check(key)
        return super().get_sync(key, prototype=prototype, byte_range=byte_range)

    async def get_partial_values(
        self, prototype: Any, key_ranges: Iterable[tuple[str, ByteRequest | None]]
    ) -> list[Any]:
        """Several parts."""
        return [await self.get(key, prototype, part) for key, part in key_ranges]

    def _check(self, key: str) -> None:
        check_key(key, str(self.root))
        try:
            mode = (self.root / key).stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return
        except (OSError, ValueError) as error:
            raise BadInputError(f"{key} in {self.root} cannot be read: {error}") from error
        if not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "a pipe, a socket or a device"
            raise BadInputError(
                f"{key} in {self.root} is {kind}, where a file was wanted; the store is damaged"
            )

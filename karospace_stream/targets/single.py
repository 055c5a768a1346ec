"""One file in a folder of other files that stay: replaced completely or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from isal.isal_zlib import crc32

from karospace_stream.errors import TargetError
from karospace_stream.model.blob import Blob, Receipt


def put_single(folder: str | os.PathLike[str], blob: Blob) -> Receipt:
    """Write one file into an existing folder; an older one of its name stays until it is complete.

    Raises
    ------
    TargetError
        If it cannot be written.
    """
    final = Path(folder) / blob.key
    partial = final.with_name(f".{final.name}.{secrets.token_hex(4)}.karospace-partial")
    try:
        partial.write_bytes(blob.data)
        partial.replace(final)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise TargetError(f"{final} could not be written: {error.strerror or error}") from error
    return Receipt(blob.key, len(blob.data), crc32(blob.data))

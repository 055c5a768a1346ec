"""Bytes as short text, for results of tasks that a ledger holds."""

from __future__ import annotations

import base64
import zlib

_LEVEL = 6


def packed_text(data: bytes) -> str:
    """Compress bytes into letters and digits."""
    return base64.b64encode(zlib.compress(data, _LEVEL)).decode("ascii")


def unpacked_text(text: str) -> bytes:
    """The bytes again."""
    return zlib.decompress(base64.b64decode(text))

"""Files to be written, and what remains of them afterwards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Blob:
    """One object to write. ``key`` is relative to the target and uses ``/``."""

    key: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that one object was written: its size as stored, in bytes, and its CRC-32."""

    key: str
    size: int
    crc32: int


@dataclass(frozen=True, slots=True)
class Scratched:
    """Proof that one file was written to the scratch of a run, and its size."""

    key: str
    size: int

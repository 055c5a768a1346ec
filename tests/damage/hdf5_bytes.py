"""Damage to the bytes of an HDF5 file, mostly to its metadata."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

Rng = np.random.Generator
Kind = Callable[[Path, Rng], None]

# Of superblock, B-trees of version 1, symbol tables, local heaps; the newer ones; object headers of version 1
# have none, but lie before these.
SIGNATURES = (b"\x89HDF", b"TREE", b"SNOD", b"HEAP", b"OHDR", b"OCHK", b"FRHP", b"FSHD", b"BTHD")


def _edit(change: Callable[[bytearray, Rng], bytes | bytearray]) -> Kind:
    def damage(path: Path, rng: Rng) -> None:
        before = path.read_bytes()
        after = bytearray(change(bytearray(before), rng))
        if len(after) == len(before):
            _spare_global_heaps(before, after)
        path.write_bytes(after)

    return damage


def _spare_global_heaps(before: bytes, after: bytearray) -> None:
    """Text of any length lies in them; where the sizes in one are damaged, HDF5 2.0 never ends its search."""
    for match in re.finditer(b"GCOL", before):
        start = match.start()
        stop = start + int.from_bytes(before[start + 8 : start + 16], "little")
        after[start:stop] = before[start:stop]


def _flip(data: bytearray, rng: Rng) -> bytearray:
    for _ in range(int(rng.integers(1, 9))):
        data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))
    return data


def _metadata(data: bytearray, rng: Rng) -> bytearray:
    """Some bytes in a block of metadata of any kind, or right before it."""
    there = [each for each in SIGNATURES if each in data]
    signature = there[int(rng.integers(len(there)))]
    found = [match.start() for match in re.finditer(re.escape(signature), data)]
    at = found[int(rng.integers(len(found)))] + int(rng.integers(-64, 96))
    length = int(rng.choice([1, 1, 1, 2, 4, 8, 24]))
    fill = int(rng.choice([0, 1, 0x7F, 0x80, 0xFF, int(rng.integers(256))]))
    at = min(max(at, 0), len(data) - length)
    data[at : at + length] = bytes([fill]) * length
    return data


def _cut(data: bytearray, rng: Rng) -> bytearray:
    return data[: int(rng.integers(len(data)))]


def _insert(data: bytearray, rng: Rng) -> bytearray:
    at = int(rng.integers(len(data)))
    return data[:at] + rng.bytes(int(rng.integers(1, 64))) + data[at:]


def _remove(data: bytearray, rng: Rng) -> bytearray:
    at = int(rng.integers(len(data)))
    return data[:at] + data[at + int(rng.integers(1, 64)) :]


def _blank(data: bytearray, rng: Rng) -> bytearray:
    """A block of the disk that reads as zeros."""
    at = int(rng.integers(len(data)))
    length = min(int(rng.choice([64, 512, 4096])), len(data) - at)
    data[at : at + length] = bytes(length)
    return data


def _swap(data: bytearray, rng: Rng) -> bytearray:
    first, second = sorted(int(each) * 512 for each in rng.integers(len(data) // 512, size=2))
    data[first : first + 512], data[second : second + 512] = (
        data[second : second + 512],
        data[first : first + 512],
    )
    return data


BYTE_KINDS: list[tuple[str, Kind]] = [
    *[("bytes of metadata", _edit(_metadata))] * 9,
    ("flipped bits", _edit(_flip)),
    ("truncated", _edit(_cut)),
    ("inserted bytes", _edit(_insert)),
    ("removed bytes", _edit(_remove)),
    ("blank block", _edit(_blank)),
    ("swapped blocks", _edit(_swap)),
]

"""Ways in which the bytes of any file can be damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

Rng = np.random.Generator


def _position(data: bytes, rng: Rng) -> int:
    """Anywhere, and as often near an end, where a file says what is in it."""
    span = len(data) if rng.random() < 0.5 else min(len(data), 2000)
    at = int(rng.integers(span))
    return at if rng.random() < 0.5 else len(data) - 1 - at


def _flipped(data: bytes, rng: Rng) -> bytes:
    changed = bytearray(data)
    for _ in range(int(rng.integers(1, 9))):
        changed[_position(data, rng)] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _cut(data: bytes, rng: Rng) -> bytes:
    return data[: _position(data, rng)]


def _beheaded(data: bytes, rng: Rng) -> bytes:
    return data[_position(data, rng) :]


def _inserted(data: bytes, rng: Rng) -> bytes:
    at = _position(data, rng)
    return data[:at] + rng.bytes(int(rng.integers(1, 20))) + data[at:]


def _removed(data: bytes, rng: Rng) -> bytes:
    at = _position(data, rng)
    return data[:at] + data[at + int(rng.integers(1, 20)) :]


def _overwritten(data: bytes, rng: Rng) -> bytes:
    at, length = _position(data, rng), int(rng.integers(1, 64))
    filling = [bytes(length), b"\xff" * length, rng.bytes(length)][int(rng.integers(3))]
    return data[:at] + filling + data[at + length :]


def _swapped(data: bytes, rng: Rng) -> bytes:
    length = int(rng.integers(8, 512))
    first, second = sorted((_position(data, rng), _position(data, rng)))
    if second < first + length:
        return data
    one, other = data[first : first + length], data[second : second + length]
    return data[:first] + other + data[first + length : second] + one + data[second + length :]


def _repeated(data: bytes, rng: Rng) -> bytes:
    return data + data


def _of_file(change: Callable[[bytes, Rng], bytes]) -> Callable[[Path, Rng], None]:
    def damage(path: Path, rng: Rng) -> None:
        path.write_bytes(change(path.read_bytes(), rng))

    return damage


KINDS: list[tuple[str, Callable[[Path, Rng], None]]] = [
    ("flipped bits", _of_file(_flipped)),
    ("truncated", _of_file(_cut)),
    ("without its beginning", _of_file(_beheaded)),
    ("inserted bytes", _of_file(_inserted)),
    ("removed bytes", _of_file(_removed)),
    ("overwritten bytes", _of_file(_overwritten)),
    ("swapped blocks", _of_file(_swapped)),
    ("twice in a row", _of_file(_repeated)),
]

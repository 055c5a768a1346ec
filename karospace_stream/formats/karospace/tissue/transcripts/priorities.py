"""A number for each transcript that says in which order a gene's are drawn: random, yet always the same."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.uint64]


def seed_of(gene: str) -> int:
    """The seed of a gene."""
    return int.from_bytes(blake2b(gene.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def priorities(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], seed: int) -> Whole:
    """Made of the coordinates themselves: neither order nor blocks of the rows make a difference.

    Transcripts at one and the same place have the same number, and are interchangeable.
    """
    mixed = _mixed(_bits(x) ^ np.uint64(seed))
    return _mixed(mixed ^ _bits(y))


def _bits(values: npt.NDArray[np.float64]) -> Whole:
    return (values + 0.0).view(np.uint64)  # there are two zeros


def _mixed(values: Whole) -> Whole:
    """The last steps of SplitMix64."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Whole = values ^ (values >> np.uint64(31))
    return mixed

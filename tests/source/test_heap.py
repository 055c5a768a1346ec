"""Strings that are read from the global heap are those that HDF5 reads."""

from __future__ import annotations

import struct
from pathlib import Path

import h5py
import numpy as np
import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.ranges import LocalFile
from karospace_stream.source.hdf5 import array
from karospace_stream.source.hdf5.array import H5Array

N = 6_000
TEXTS = {
    "one length": [f"cell_{number:08d}" for number in range(N)],
    "several lengths": [f"c{number * number}" for number in range(N)],
    "some empty": ["" if number % 3 else f"c{number}" for number in range(N)],
    "all empty": [""] * N,
    "not ascii": [f"細胞 {number} ü" for number in range(N)],
}
ODD = {
    "line feeds": ["two\nlines"] * N,
    "one is long": ["a" * 10_000, *["b"] * (N - 1)],
}
STORED = {
    "contiguous": {},
    "chunks": {"chunks": (700,), "compression": "gzip"},
    "one chunk": {"chunks": (N,), "compression": "gzip", "shuffle": True},
    "plain chunks": {"chunks": (1_024,)},
}
ROWS = (slice(0, N), slice(123, 4_567), slice(5_000, N))


def stored(path: Path, texts: list[str], **how: object) -> H5Array:
    with h5py.File(path, "w") as root:
        root.create_dataset("before", data=["x" * 20] * 300, dtype=h5py.string_dtype())
        root.create_dataset("texts", data=texts, dtype=h5py.string_dtype(), **how)
    with h5py.File(path) as root:
        return H5Array.of(LocalFile.at(path), root["texts"])


@pytest.fixture(autouse=True)
def _all_of_any_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array, "FEWEST_TEXTS", 1)


@pytest.mark.parametrize("how", STORED)
@pytest.mark.parametrize("which", TEXTS)
def test_the_same_texts(which: str, how: str, tmp_path: Path) -> None:
    texts = stored(tmp_path / "texts.h5", TEXTS[which], **STORED[how])
    for rows in ROWS:
        found = texts._read_heap((rows,))
        if found is not None or rows == ROWS[0]:
            assert found is not None, "HDF5 was needed"
            assert found.tolist() == TEXTS[which][rows]
        assert texts.read(rows).tolist() == TEXTS[which][rows]


@pytest.mark.parametrize("which", ODD)
def test_what_hdf5_must_read(which: str, tmp_path: Path) -> None:
    texts = stored(tmp_path / "texts.h5", ODD[which])
    assert texts._read_heap((slice(0, N),)) is None
    assert texts.read(slice(0, N)).tolist() == ODD[which]


@pytest.mark.parametrize("order", ["backwards", "shuffled", "twice"])
def test_any_order_of_writing(order: str, tmp_path: Path) -> None:
    path, rng = tmp_path / "texts.h5", np.random.default_rng(0)
    wanted = [f"c{number}" for number in range(N)]
    with h5py.File(path, "w") as root:
        made = root.create_dataset("texts", (N,), h5py.string_dtype(), chunks=(500,))
        rows = np.arange(0, N, 100)
        for start in {"backwards": rows[::-1], "shuffled": rng.permutation(rows), "twice": [*rows, *rows]}[
            order
        ]:
            made[start : start + 100] = wanted[start : start + 100]
    with h5py.File(path) as root:
        texts = H5Array.of(LocalFile.at(path), root["texts"])
    for rows in ROWS:
        assert texts.read(rows).tolist() == wanted[rows]


@pytest.mark.parametrize("what", ["collection", "length", "number"])
def test_damage_is_noticed(what: str, tmp_path: Path) -> None:
    path = tmp_path / "texts.h5"
    texts = stored(path, TEXTS["one length"])
    data = bytearray(path.read_bytes())
    object_at = data.index(b"cell_00003000") - 16
    at = {"collection": data.rindex(b"GCOL", 0, object_at), "length": object_at + 8, "number": object_at}[
        what
    ]
    data[at] ^= 0x5A
    path.write_bytes(data)
    with h5py.File(path) as root:
        texts = H5Array.of(LocalFile.at(path), root["texts"])
    # HDF5 is not asked here: some versions search for an object for ever.
    assert texts._read_heap((slice(0, N),)) is None


@pytest.mark.parametrize("few", [True, False], ids=["few", "many"])
@pytest.mark.parametrize(
    ("number", "nbytes"),
    [(0, 0), (7, 2**64 - 16), (7, 2**64 - 40), (7, 2**40)],
    ids=["0", "-16", "-40", "much"],
)
def test_sizes_that_have_no_end_are_refused(number: int, nbytes: int, few: bool, tmp_path: Path) -> None:
    """HDF5 would follow them for ever, or out of the collection."""
    path = tmp_path / "texts.h5"
    texts = stored(path, TEXTS["one length"])
    data = bytearray(path.read_bytes())
    object_at = data.index(b"cell_00003000") - 16
    struct.pack_into("<H6xQ", data, object_at, number, nbytes)
    path.write_bytes(data)
    with h5py.File(path) as root:
        texts = H5Array.of(LocalFile.at(path), root["texts"])
    rows = slice(3_000, 3_002) if few else slice(0, N)
    with pytest.raises(BadInputError, match=r"texts in .* cannot be read: .*; the file is damaged"):
        texts.read(rows)


def test_values_longer_than_what_is_read_at_a_time(tmp_path: Path) -> None:
    long = ["a" * 1_000_000, "b" * 300_000, "", "c\n"]
    texts = stored(tmp_path / "texts.h5", long)
    assert texts.read(slice(0, 4)).tolist() == long

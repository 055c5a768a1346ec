"""Texts of HDF5 that are longer than their file, alone or all together."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin
import numpy as np
import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.ranges import LocalFile
from karospace_stream.source.hdf5.array import H5Array
from tests.e2e.support import run_measured
from tests.hostile.bombs import small_data

LAYOUTS: dict[str, dict[str, Any]] = {
    "contiguous": {},
    "chunked": {"chunks": (7,)},
    "gzip": {"chunks": (7,), "compression": "gzip", "shuffle": True},
    "lzf": {"chunks": (7,), "compression": "lzf"},
    "shuffle+lzf": {"chunks": (7,), "compression": "lzf", "shuffle": True},
    "bitshuffle": {"chunks": (7,), **hdf5plugin.Bitshuffle(cname="lz4")},
    "zstd": {"chunks": (7,), **hdf5plugin.Zstd()},
    "lz4": {"chunks": (7,), **hdf5plugin.LZ4()},
}


def first_and_big(first: str, *others: str) -> list[Any]:
    return [first, *(pytest.param(each, marks=pytest.mark.big) for each in others)]


def write_texts(path: Path, texts: list[str], layout: str) -> H5Array:
    with h5py.File(path, "w") as file:
        file.create_dataset("texts", data=texts, dtype=h5py.string_dtype(), **LAYOUTS[layout])
    return opened(path)


def opened(path: Path, field: str | None = None) -> H5Array:
    with h5py.File(path, "r") as file:
        return H5Array.of(LocalFile.at(path), file["texts"], field)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_right_is_read(layout: str, tmp_path: Path) -> None:
    texts = [f"text {number} {'é' * number}" for number in range(40)]
    array = write_texts(tmp_path / "x.h5", texts, layout)
    assert array.read().tolist() == texts
    assert array.read(slice(5, 30)).tolist() == texts[5:30]


@pytest.mark.parametrize("layout", ["contiguous", "chunked", "gzip", "lzf", "shuffle+lzf", "zstd"])
def test_texts_that_share_one_place(layout: str, tmp_path: Path) -> None:
    """What 400 kB are once is 80 MB where all 200 point to it."""
    path = tmp_path / "x.h5"
    write_texts(path, ["x" * 400_000], "contiguous")
    with h5py.File(path, "r+") as file:
        offset = file["texts"].id.get_offset()
        record = path.read_bytes()[offset : offset + 16]
        del file["texts"]
        made = file.create_dataset("texts", (200,), h5py.string_dtype(), **LAYOUTS[layout])
        if layout == "contiguous":
            made[...] = ""
            start = made.id.get_offset()
        else:
            with h5py.File(tmp_path / "bytes.h5", "w") as other:
                # HDF5 does not shuffle texts of any length, and says so in each chunk.
                shuffled = LAYOUTS[layout].get("shuffle", False)
                plain = other.create_dataset("x", (200,), "V16", **{**LAYOUTS[layout], "shuffle": False})
                plain[...] = np.frombuffer(record * 200, "V16")
                for start in range(0, 200, 7):
                    _, raw = plain.id.read_direct_chunk((start,))
                    made.id.write_direct_chunk((start,), raw, int(shuffled))
    if layout == "contiguous":
        with path.open("r+b") as raw_file:
            raw_file.seek(start)
            raw_file.write(record * 200)
    with pytest.raises(BadInputError, match="200 texts must fit"):
        opened(path).read()
    assert len(opened(path).read(slice(3, 4))[0]) == 400_000


@pytest.mark.parametrize("compound", [False, True])
def test_a_text_that_is_longer_than_the_file(compound: bool, tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    text = h5py.string_dtype()
    with h5py.File(path, "w") as file:
        if compound:
            dtype = np.dtype([("a", text), ("n", "i4"), ("b", text)])
            rows = np.array([(f"a{row}", row, f"b{row}") for row in range(9)], dtype)
            file.create_dataset("texts", data=rows)
        else:
            file.create_dataset("texts", data=[f"b{row}" for row in range(9)], dtype=text)
        start = file["texts"].id.get_offset()
    field = "b" if compound else None
    assert opened(path, field).read().tolist() == [f"b{row}" for row in range(9)]
    at = start + (4 * 36 + 20 if compound else 4 * 16)
    with path.open("r+b") as raw:
        raw.seek(at)
        assert struct.unpack("<I", raw.read(4)) == (2,)
        raw.seek(at)
        raw.write(struct.pack("<I", 4_000_000_000))
    with pytest.raises(BadInputError, match="4,000,000,000 bytes"):
        opened(path, field).read()
    assert opened(path, field).read(slice(0, 4)).tolist() == ["b0", "b1", "b2", "b3"]


@pytest.mark.parametrize("format", first_and_big("karospace", "cellucid", "anndata"))
@pytest.mark.parametrize("key", first_and_big("obs/long", "var/_index", "obs/_index", "obs/kind/categories"))
def test_an_export(format: str, key: str, tmp_path: Path) -> None:
    """50 names that are 3 MB each, and one place in the file: 150 MB."""
    path = tmp_path / "data.h5ad"
    data = small_data()
    data.obs["long"] = [f"cell {row}" for row in range(50)]
    data.write_h5ad(path)
    with h5py.File(path, "r+") as file:
        if file[key].dtype.kind != "O":
            pytest.skip("no text of any length")
        n, attributes = len(file[key]), dict(file[key].attrs)
        del file[key]
        n = n if n > 2 else 50
        made = file.create_dataset(
            key, data=["x" * 3_000_000] + ["short"] * (n - 1), dtype=h5py.string_dtype()
        )
        made.attrs.update(attributes)
        start = made.id.get_offset()
    with path.open("r+b") as raw:
        raw.seek(start)
        record = raw.read(16)
        raw.seek(start)
        raw.write(record * n)
    target = tmp_path / ("out.zarr" if format == "anndata" else "out")
    words = ("--genes", "all", "--anno", "all", "--memory", "400MB", "--format", format)
    done = run_measured("export", path, target, *words)
    assert 50e6 < done.peak_nbytes < 400e6
    if (format, key) == ("cellucid", "obs/_index"):  # such an export has no names of cells: they are not read
        assert done.exit_code == 0, done.stderr
        return
    if key.startswith("obs/") and key != "obs/_index" and done.exit_code == 0:  # seen by the plan
        name = key.split("/")[1]
        assert f"note: obs:{name} is left out: cannot be read: 50 texts must fit" in done.stderr
        return
    assert done.exit_code == BadInputError.exit_code, done.stderr
    assert key in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("error: ")
    assert not list(tmp_path.glob("*out*"))


def test_lengths_of_all_kinds_of_text(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["texts"] = "a scalar"
    assert opened(tmp_path / "x.h5").read().item() == "a scalar"

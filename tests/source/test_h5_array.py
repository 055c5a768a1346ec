"""The chunk reader against h5py itself, on datasets that hypothesis makes up."""

from __future__ import annotations

import pickle
import tracemalloc
from pathlib import Path

import h5py
import hdf5plugin
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karospace_stream.source.files.ranges import LocalFile, coalesce
from karospace_stream.source.hdf5.array import H5Array
from karospace_stream.source.hdf5.chunks import chunk_table

FILTERS = [
    {},
    {"compression": "gzip"},
    {"compression": "gzip", "shuffle": True},
    {"shuffle": True},
    {"compression": "lzf", "fletcher32": True},
    dict(hdf5plugin.Zstd()),
    {**hdf5plugin.Zstd(), "shuffle": True},
    dict(hdf5plugin.Blosc(cname="lz4")),
    dict(hdf5plugin.Blosc(cname="zlib", shuffle=hdf5plugin.Blosc.BITSHUFFLE)),
]
DTYPES = ["?", "i1", "u2", "<i4", ">i4", "<i8", ">u8", "<f2", ">f4", "<f4", "<f8"]


def array_of(path: Path, key: str = "a") -> H5Array:
    with h5py.File(path) as root:
        return H5Array.of(LocalFile.at(path), root[key])


@st.composite
def datasets(draw):
    ndim = draw(st.integers(1, 3))
    shape = tuple(draw(st.integers(1, 40)) for _ in range(ndim))
    chunks = tuple(draw(st.integers(1, length)) for length in shape)
    bounds = []
    for length in shape[: draw(st.integers(0, ndim))]:
        start = draw(st.integers(0, length))
        bounds.append(slice(start, draw(st.integers(start, length))))
    return shape, chunks, tuple(bounds)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    made=datasets(),
    dtype=st.sampled_from(DTYPES),
    filters=st.sampled_from(FILTERS),
    is_chunked=st.booleans(),
    missing=st.floats(0, 1),
    fill=st.integers(0, 1),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_rectangle(tmp_path, made, dtype, filters, is_chunked, missing, fill, seed):
    shape, chunks, bounds = made
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 2 if dtype == "?" else 100, shape).astype(dtype)
    layout = {"chunks": chunks, **filters} if is_chunked or filters else {}
    path = tmp_path / f"{rng.integers(2**62)}.h5"
    with h5py.File(path, "w") as root:
        dataset = root.create_dataset("a", shape, dtype, fillvalue=np.array(fill, dtype)[()], **layout)
        if layout:
            for chunk in dataset.iter_chunks():
                if rng.random() >= missing:
                    dataset[chunk] = values[chunk]
        elif missing < 0.5:
            dataset[...] = values
    with h5py.File(path) as root:
        wanted = root["a"][bounds]
    array = array_of(path)
    found = array.read(*bounds)
    np.testing.assert_array_equal(found, wanted)
    assert found.dtype == array.dtype == np.dtype(dtype).newbyteorder("=")
    assert found.dtype.isnative
    path.unlink()


def test_a_chunk_that_skipped_its_filters(tmp_path):
    path = tmp_path / "mask.h5"
    values = np.arange(40, dtype="<i4")
    with h5py.File(path, "w") as root:
        dataset = root.create_dataset("a", 40, "<i4", chunks=(10,), compression="gzip", shuffle=True)
        dataset[...] = values
        dataset.id.write_direct_chunk((10,), values[10:20].tobytes(), filter_mask=0b11)
        shuffled = values[20:30].view("u1").reshape(10, 4).T.tobytes()
        dataset.id.write_direct_chunk((20,), shuffled, filter_mask=0b10)
    table = chunk_table(LocalFile.at(path), "a")
    assert table.masks.tolist() == [0, 3, 2, 0]
    np.testing.assert_array_equal(array_of(path).read(slice(5, 35)), values[5:35])


@pytest.mark.parametrize("kind", ["compact", "external", "virtual", "user block", "scaleoffset"])
def test_what_only_hdf5_can_read(tmp_path, kind):
    path, values = tmp_path / "odd.h5", np.arange(30, dtype="<i4")
    with h5py.File(path, "w", userblock_size=512 if kind == "user block" else 0) as root:
        if kind == "compact":
            plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            plist.set_layout(h5py.h5d.COMPACT)
            space = h5py.h5s.create_simple((30,))
            h5py.h5d.create(root.id, b"a", h5py.h5t.NATIVE_INT32, space, dcpl=plist)
            root["a"][...] = values
        elif kind == "external":
            values.tofile(tmp_path / "outside.bin")
            root.create_dataset("a", data=values, external=[(tmp_path / "outside.bin", 0, 120)])
        elif kind == "virtual":
            root["there"] = values
            layout = h5py.VirtualLayout(30, "<i4")
            layout[:] = h5py.VirtualSource(root["there"])
            root.create_virtual_dataset("a", layout)
        else:
            options = {"scaleoffset": 0} if kind == "scaleoffset" else {}
            root.create_dataset("a", data=values, chunks=(7,), **options)
    assert not chunk_table(LocalFile.at(path), "a").direct
    np.testing.assert_array_equal(array_of(path).read(slice(3, 20)), values[3:20])


def test_links(tmp_path):
    values = np.arange(30, dtype="<i4")
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other.create_dataset("deep/b", data=values, chunks=(7,), compression="gzip")
    with h5py.File(tmp_path / "x.h5", "w") as root:
        root["a"] = h5py.ExternalLink("other.h5", "deep/b")
        root["here"] = values
        root["soft"] = h5py.SoftLink("/here")
    for key in ("a", "soft"):
        assert array_of(tmp_path / "x.h5", key).read(slice(5, 25)).tolist() == list(range(5, 25))


@pytest.mark.parametrize("filters", [{}, {"compression": "gzip"}, {"compression": "gzip", "shuffle": True}])
def test_reading_needs_little_beside_its_result(tmp_path, filters):
    path = tmp_path / "long.h5"
    values = np.random.default_rng(0).integers(0, 9, 6_000_000).astype("f4")
    with h5py.File(path, "w") as root:
        root.create_dataset("a", data=values, chunks=(250_000,), **filters)
    array = array_of(path)
    array.read(slice(0, 1))
    tracemalloc.start()
    try:
        found = array.read(slice(1000, 5_990_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    one_chunk, one_read = 1_000_000, 4 << 20
    # Undoing two filters holds the chunk twice.
    assert peak < found.nbytes + one_read + 2 * one_chunk + 100_000
    np.testing.assert_array_equal(found, values[1000:5_990_000])


@given(st.lists(st.tuples(st.integers(0, 200_000), st.integers(1, 3 << 20)), min_size=1, max_size=30))
def testcoalesced_reads_cover_each_chunk_once(pieces):
    gaps, sizes = (np.array(part, np.int64) for part in zip(*pieces, strict=True))
    offsets = np.cumsum(gaps + sizes) - sizes
    runs = list(coalesce(offsets, sizes))
    assert [n for start, stop in runs for n in range(start, stop)] == list(range(len(sizes)))
    for start, stop in runs:
        length = offsets[stop - 1] + sizes[stop - 1] - offsets[start]
        assert stop - start == 1 or length <= 4 << 20


def test_an_array_is_a_small_message_and_its_copy_reads(tmp_path):
    path = tmp_path / "p.h5"
    with h5py.File(path, "w") as root:
        root.create_dataset("a", data=np.arange(100_000), chunks=(1000,), compression="gzip")
    message = pickle.dumps(array_of(path))
    assert len(message) < 1000
    assert pickle.loads(message).read(slice(99_998, 100_000)).tolist() == [99_998, 99_999]

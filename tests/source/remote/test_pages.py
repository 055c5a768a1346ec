"""The pages that HDF5 reads metadata and text through."""

from __future__ import annotations

import io
import random
import threading

import anndata as ad
import numpy as np
import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source
from karospace_stream.source.files import page_cache as module
from karospace_stream.source.files.page_cache import PAGES_NBYTES, PagedReader, Pages
from karospace_stream.source.files.remote_file import RemoteFile
from karospace_stream.storage import location_of

PAGE = module._PAGE


@pytest.fixture
def data() -> bytes:
    return random.Random(0).randbytes(40 * PAGE + 777)


@pytest.fixture
def file(web, data) -> RemoteFile:
    web.files["/x"] = data
    file = RemoteFile.find(location_of(f"{web.address}/x"))
    assert file is not None
    web.reset()
    return file


def test_any_part(file, data):
    pages, rng = Pages(), random.Random(1)
    for _ in range(200):
        start = rng.randrange(len(data))
        stop = min(len(data), start + rng.choice([1, 8, 512, PAGE, 3 * PAGE]))
        buffer = bytearray(stop - start)
        pages.read_into(file, start, memoryview(buffer))
        assert buffer == data[start:stop]


def test_each_page_comes_once(file, data, web):
    pages = Pages()
    for start in (5 * PAGE + 10, 5 * PAGE + 100, 5 * PAGE, 20 * PAGE, 21 * PAGE - 1):
        pages.read_into(file, start, memoryview(bytearray(1)))
    assert [(each.start, each.stop) for each in web.requests] == [
        (5 * PAGE, 6 * PAGE),
        (20 * PAGE, 21 * PAGE),
    ]


def test_one_page_after_the_other_comes_in_larger_and_larger_reads(file, data, web):
    pages, buffer = Pages(), bytearray(len(data))
    for start in range(0, len(data), 500):
        pages.read_into(file, start, memoryview(buffer)[start : start + 500])
    assert buffer == data
    assert [-(-(each.stop - each.start) // PAGE) for each in web.requests] == [1, 2, 4, 8, 16, 10]
    assert web.sent == len(data)


def test_memory_is_bounded(web):
    web.files["/large"] = data = bytes(2 * PAGES_NBYTES)
    file = RemoteFile.find(location_of(f"{web.address}/large"))
    assert file is not None
    pages = Pages()
    for start in range(0, len(data), PAGE):
        pages.read_into(file, start, memoryview(bytearray(8)))
        assert sum(map(len, pages._pages.values())) <= PAGES_NBYTES
    web.reset()
    pages.read_into(file, len(data) - PAGE, memoryview(bytearray(8)))
    assert web.requests == []
    pages.read_into(file, 0, memoryview(bytearray(8)))
    assert len(web.requests) == 1


def test_as_h5py_wants_it(file, data):
    handle = PagedReader(file, file.hdf5_name)
    assert handle.seek(0, io.SEEK_END) == handle.tell() == len(data)
    assert handle.seek(-10, io.SEEK_CUR) == len(data) - 10
    assert handle.read(100) == data[-10:]
    handle.seek(3)
    buffer = bytearray(9 * PAGE)  # so much is data, and is fetched as such
    assert handle.readinto(memoryview(buffer)) == 9 * PAGE
    assert buffer == data[3 : 3 + 9 * PAGE]
    handle.seek(len(data) - 5)
    with pytest.raises(BadInputError, match="ends too early: it must have 10 bytes at offset"):
        handle.readinto(memoryview(bytearray(10)))
    assert isinstance(handle.error, BadInputError)


def test_metadata_come_once_whatever_is_read(web, tmp_path):
    path = tmp_path / "a.h5ad"
    n, columns = 20_000, [f"c{number}" for number in range(30)]
    ad.AnnData(obs={name: np.arange(n) for name in columns}, obsm={"X_a": np.ones((n, 2))}).write_h5ad(path)
    url = web.put(path)
    source = open_source(url)
    threads = [threading.Thread(target=source.obs_column, args=(name, 0, n)) for name in (*columns, *columns)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = open_source(url)
    web.reset()
    for name in columns:
        again.obs_column(name, 0, n)
    # What is as large as this is data, of which a column is one piece, in its place.
    assert all(each.stop - each.start == n * 8 for each in web.requests)
    assert len(web.requests) == len(columns)

"""Shards, read back by zarr-python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zarr

from karospace_stream.encode.zarr.chunks import chunk_bytes
from karospace_stream.encode.zarr.shards import shard_bytes


@pytest.mark.parametrize("n", [1, 50, 99, 400, 401, 1234])
@pytest.mark.parametrize("empty", [set(), {0}, {1, 2}, {0, 1, 2, 3}])
def test_read_back(n: int, empty: set[int], tmp_path: Path) -> None:
    step, per_shard = 50, 4
    values = np.arange(1, n + 1, dtype=np.float32)
    for number in empty:
        values[number * step : (number + 1) * step] = 0
    codec = zarr.codecs.BloscCodec(typesize=4, cname="zlib", clevel=6, shuffle="shuffle", blocksize=0)
    array = zarr.create_array(
        tmp_path / "a",
        shape=(n,),
        chunks=(step,),
        shards=(step * per_shard,),
        dtype="float32",
        compressors=codec,
        zarr_format=3,
    )
    chunks = [
        chunk_bytes(values[at : at + step], (step,), zarr_format=3, level=6) for at in range(0, n, step)
    ]
    for shard, first in enumerate(range(0, len(chunks), per_shard)):
        data = shard_bytes(chunks[first : first + per_shard], per_shard)
        if data is None:
            assert not values[first * step : (first + per_shard) * step].any()
            continue
        path = tmp_path / "a" / "c" / str(shard)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    np.testing.assert_array_equal(array[:], values)


def test_nothing_is_nothing() -> None:
    assert shard_bytes([None, None], 4) is None

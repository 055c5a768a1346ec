"""Arrays come back from their frames."""

from __future__ import annotations

import io

import numpy as np
import pytest

from karospace_stream.transpose.frames import pack, read_frames, unpack


@pytest.mark.parametrize("dtype", ["u2", "u4", "u8", "f4", "f8", "i1"])
def test_frames_one_after_another(dtype: str) -> None:
    rng = np.random.default_rng(0)
    arrays = [rng.integers(0, 100, n).astype(dtype) for n in (0, 1, 3, 70_000, 2)]
    packed = [pack(array) for array in arrays]
    assert packed[0] == b""
    for array, frame in zip(arrays, packed, strict=True):
        np.testing.assert_array_equal(unpack(frame, dtype), array)
    found = list(read_frames(io.BytesIO(b"".join(packed)), dtype))
    assert [len(array) for array in found] == [1, 3, 70_000, 2]
    np.testing.assert_array_equal(np.concatenate(found), np.concatenate(arrays))


def test_a_part_that_is_not_contiguous() -> None:
    every_second = np.arange(100, dtype="u4")[::2]
    np.testing.assert_array_equal(unpack(pack(every_second), "u4"), every_second)

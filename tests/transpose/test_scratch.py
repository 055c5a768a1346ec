"""Fragments come back from a file and from memory as they were given."""

from __future__ import annotations

import gc
import itertools
import secrets
import weakref
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karospace_stream.errors import TargetError
from karospace_stream.transpose.kernels import Fragment, turn_dense
from karospace_stream.transpose.scratch import FileScratch, FragmentReceipt, MemoryScratch, Scratch


def fragments(n_blocks: int, n_genes: int, density: float, seed: int = 0) -> list[Fragment]:
    rng = np.random.default_rng(seed)
    blocks = []
    for block in range(n_blocks):
        dense = rng.normal(size=(20, n_genes)) * (rng.random((20, n_genes)) < density)
        blocks.append(turn_dense(dense, first_cell=20 * block, keep=None, genes=None))
    return blocks


def keep(scratch: Scratch, blocks: list[Fragment], cuts: tuple[int, ...]) -> list[FragmentReceipt]:
    return [scratch.write(number, block, cuts) for number, block in enumerate(blocks)]


def check(scratch: Scratch, blocks: list[Fragment], cuts: tuple[int, ...]) -> None:
    receipts = keep(scratch, blocks, cuts)
    for band, (first, last) in enumerate(itertools.pairwise(cuts)):
        pieces = list(scratch.read(receipts, band, len(cuts) - 1))
        assert len(pieces) == len(blocks)
        for piece, block in zip(pieces, blocks, strict=True):
            part = slice(block.indptr[first], block.indptr[last])
            assert piece.first_cell == block.first_cell
            np.testing.assert_array_equal(piece.counts, np.diff(block.indptr[first : last + 1]))
            np.testing.assert_array_equal(piece.rows, block.rows[part])
            np.testing.assert_array_equal(piece.values, block.values[part])
            assert piece.rows.dtype == np.uint16
            assert piece.values.dtype == np.float32


@settings(max_examples=60)
@given(st.integers(1, 4), st.integers(1, 30), st.sampled_from([0, 0.01, 0.3, 1]), st.data())
def test_both_give_back_what_they_got(
    n_blocks: int, n_genes: int, density: float, data: st.DataObject
) -> None:
    inner = data.draw(st.sets(st.integers(1, n_genes - 1))) if n_genes > 1 else set()
    cuts = (0, *sorted(inner), n_genes)
    blocks = fragments(n_blocks, n_genes, density)
    memory = MemoryScratch(secrets.token_hex(4))
    check(memory, blocks, cuts)
    memory.remove()
    folder = Path(data.draw(st.just(_FOLDER[0]))) / secrets.token_hex(4)
    folder.mkdir()
    files = FileScratch(str(folder))
    check(files, blocks, cuts)
    files.remove()
    assert not folder.exists()


_FOLDER: list[str] = []


@pytest.fixture(autouse=True, scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    _FOLDER[:] = [str(tmp_path_factory.mktemp("scratch"))]


def test_values_that_are_no_numbers_come_back_bit_by_bit(tmp_path: Path) -> None:
    values = np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45], np.float32)
    block = Fragment(9, np.array([0, 5]), np.arange(5, dtype=np.uint16), values)
    scratch = FileScratch(str(tmp_path))
    (piece,) = scratch.read([scratch.write(0, block, (0, 1))], 0, 1)
    assert piece.values.tobytes() == values.tobytes()


def test_a_band_of_many_megabytes(tmp_path: Path) -> None:
    n = 3_000_000
    values = np.random.default_rng(0).random(n, dtype=np.float32)
    rows = np.tile(np.arange(50_000, dtype=np.uint16), 60)
    block = Fragment(0, np.arange(0, n + 1, 50_000), rows, values)
    scratch = FileScratch(str(tmp_path))
    receipt = scratch.write(3, block, (0, 60))
    (piece,) = scratch.read([receipt], 0, 1)
    np.testing.assert_array_equal(piece.values, values)
    np.testing.assert_array_equal(piece.rows, rows)
    assert receipt.size == sum(path.stat().st_size for path in tmp_path.iterdir())
    assert receipt.n_values == n


def test_blocks_may_be_written_in_any_order_and_again(tmp_path: Path) -> None:
    blocks = fragments(3, 8, 0.5)
    scratch = FileScratch(str(tmp_path))
    receipts = {number: scratch.write(number, blocks[number], (0, 3, 8)) for number in (2, 0, 1, 2)}
    pieces = list(scratch.read([receipts[0], receipts[1], receipts[2]], 1, 2))
    assert [piece.first_cell for piece in pieces] == [0, 20, 40]
    for piece, block in zip(pieces, blocks, strict=True):
        np.testing.assert_array_equal(piece.values, block.values[block.indptr[3] :])


def test_memory_is_let_go_of() -> None:
    scratch, other = MemoryScratch("one"), MemoryScratch("other")
    (block,) = fragments(1, 5, 0.5)
    held = weakref.ref(block.values)
    (receipt,) = keep(scratch, [block], (0, 5))
    keep(other, fragments(1, 5, 0.5, seed=1), (0, 5))
    assert receipt.size == block.nbytes
    del block
    gc.collect()
    assert held() is not None
    scratch.remove()
    scratch.remove()  # twice does no harm
    gc.collect()
    assert held() is None
    assert list(other.read([receipt], 0, 1))
    other.remove()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    scratch = FileScratch(str(tmp_path / "gone"))
    with pytest.raises(TargetError, match=r"--scratch .*No such file.*another folder"):
        scratch.write(0, fragments(1, 2, 1)[0], (0, 2))


def test_counts_are_packed_and_what_does_not_pack_is_copied(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sizes = {}
    for name, values in {
        "counts": rng.integers(1, 9, 90_000).astype(np.float32),
        "noise": rng.integers(0, 2**32, 90_000, dtype=np.uint32).view(np.float32),
    }.items():
        rows = np.sort(rng.integers(0, 65_536, 90_000)).astype(np.uint16)
        fragment = Fragment(0, np.array([0, 90_000]), rows, values)
        scratch = FileScratch(str(tmp_path / name))
        Path(scratch.folder).mkdir()
        receipt = scratch.write(0, fragment, (0, 1))
        (piece,) = scratch.read([receipt], 0, 1)
        assert piece.values.tobytes() == values.tobytes()
        sizes[name] = receipt.size
    assert sizes["counts"] < 3 * 90_000
    assert sizes["noise"] < 6.2 * 90_000

"""X of a gene-major store: every chunk written once, whatever the ranges of genes that tasks are given."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from scipy import sparse

from karospace_stream.formats.anndata.arrays.chunks import ChunkWriter
from karospace_stream.formats.anndata.layout import arrays, matrix
from karospace_stream.formats.anndata.matrix.writer import AnnDataMatrix
from karospace_stream.formats.genes.writers import GeneRange
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.model.matrix import GeneBand, GeneSpans

STEP = 50


@dataclass
class Kept:
    """A sink that remembers what was put, and how often."""

    objects: dict[str, bytes] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    prefix: str = ""

    def put(self, blob: Blob) -> Receipt:
        self.objects[blob.key] = bytes(blob.data)
        self.times[blob.key] += 1
        return Receipt(blob.key, len(blob.data), 0)

    def put_pieces(self, key: str, pieces: Iterable[bytes | memoryview], media_type: str) -> Receipt:
        return self.put(Blob(key, b"".join(pieces), media_type))

    @contextmanager
    def batch(self) -> Iterator[Kept]:
        yield self


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "SLICED", STEP)
    monkeypatch.setattr(arrays, "WHOLE", 4 * STEP)


def bands(genes: sparse.csc_matrix, start: int, cuts: list[int]) -> Iterator[GeneBand]:
    for first, stop in pairwise(cuts):
        part = genes[:, start + first : start + stop]
        yield GeneBand(start + first, genes.shape[0], part.indptr.astype(np.int64), part.indices, part.data)


def write(
    genes: sparse.csc_matrix, cuts: list[int], *, dense: bool, dtype: str = "float32"
) -> tuple[Kept, list[Receipt]]:
    """Write every range of genes as a task would: 3 genes at a time, on to what is needed."""
    kept, receipts = Kept(), []
    writer = AnnDataMatrix(ChunkWriter(kept), genes.shape, dense)
    spans = GeneSpans(genes.indptr.astype(np.int64), dtype)
    for first, stop in pairwise(cuts):
        with writer.open(GeneRange(first, stop, spans)) as run:
            needed = run.needed
            assert needed >= stop
            for band in bands(genes, first, [*range(0, needed - first, 3), needed - first]):
                run.add(band, np.arange(band.start, band.start + len(band.indptr) - 1))
            (written,) = run.written()
        receipts += written.receipts
    return kept, receipts


def drawn(seed: int) -> tuple[sparse.csc_matrix, list[int]]:
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(1, 120)), int(rng.integers(1, 60)))
    genes = sparse.random_array(shape, density=float(rng.choice([0, 0.02, 0.3, 1])), format="csc", rng=rng)
    genes = sparse.csc_matrix(genes).astype(np.float32)
    genes.sort_indices()
    inner = rng.integers(0, shape[1] + 1, rng.integers(0, 12)).tolist()
    return genes, sorted({0, *inner, shape[1]})


def joined(kept: Kept, path: str, dtype: str, n: int, step: int) -> npt.NDArray[np.generic]:
    parts = []
    for number in range(-(-n // step) if n else 0):
        packed = kept.objects.get(f"{path}/{number}")
        raw = np.zeros(step, dtype) if packed is None else unpacked(path, packed, dtype)
        assert len(raw) == step
        parts.append(raw)
    whole = np.concatenate([np.zeros(0, dtype), *parts])
    assert not whole[n:].any()
    return whole[:n]


def unpacked(path: str, packed: bytes, dtype: str) -> npt.NDArray[np.generic]:
    raw = np.frombuffer(zlib.decompress(packed), np.uint8)
    if path.endswith(("indices", "indptr")):
        raw = np.ascontiguousarray(raw.reshape(np.dtype(dtype).itemsize, -1).T).reshape(-1)
    return raw.view(dtype)


@pytest.mark.parametrize("seed", range(60))
def test_sparse(seed: int) -> None:
    genes, cuts = drawn(seed)
    kept, receipts = write(genes, cuts, dense=False)
    assert set(kept.times.values()) <= {1}
    assert sorted(receipt.key for receipt in receipts) == sorted(kept.objects)
    step = max(1, min(genes.nnz, STEP))
    np.testing.assert_array_equal(joined(kept, "X/data", "<f4", genes.nnz, step), genes.data)
    np.testing.assert_array_equal(joined(kept, "X/indices", "<i4", genes.nnz, step), genes.indices)
    n_pointers = genes.shape[1] + 1
    pointers = joined(kept, "X/indptr", "<i4", n_pointers, min(n_pointers, 4 * STEP))
    np.testing.assert_array_equal(pointers, genes.indptr)


@pytest.mark.parametrize("seed", range(40))
def test_dense(seed: int) -> None:
    genes, cuts = drawn(seed)
    kept, receipts = write(genes, cuts, dense=True, dtype="float64")
    assert set(kept.times.values()) <= {1}
    assert sorted(receipt.key for receipt in receipts) == sorted(kept.objects)
    height, width = arrays.strip_chunks(genes.shape)
    whole = np.zeros(genes.shape)
    for key, packed in kept.objects.items():
        row, column = (int(each) for each in key.removeprefix("X/").split("."))
        strip = np.frombuffer(zlib.decompress(packed), "<f8").reshape(height, width)
        chunk = whole[row * height : (row + 1) * height, column * width : (column + 1) * width]
        chunk += strip[: chunk.shape[0], : chunk.shape[1]]
    np.testing.assert_array_equal(whole, genes.toarray())

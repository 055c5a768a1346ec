"""Arrays that arrive piece by piece: the same objects, whether their length is known in advance or not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from karospace_stream.formats.anndata.arrays import append
from karospace_stream.formats.anndata.arrays.append import GrowingArray
from karospace_stream.formats.anndata.arrays.chunks import ChunkWriter
from karospace_stream.formats.anndata.arrays.rows import write_rows
from karospace_stream.formats.anndata.layout.arrays import ArraySpec, vector_chunks
from karospace_stream.formats.anndata.layout.documents import documents
from karospace_stream.formats.anndata.layout.groups import ROOT
from tests.pipeline.anndata.test_gene_major_matrix import Kept

STEP = 10
LENGTHS = [0, 1, 9, 10, 11, 20, 39, 40, 41, 80, 85, 121]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(append, "WHOLE", STEP)


def pieces(values: npt.NDArray[np.float32], seed: int) -> Iterator[npt.NDArray[np.float32]]:
    rng = np.random.default_rng(seed)
    cuts = sorted({0, len(values), *rng.integers(0, len(values) + 1, 5).tolist()})
    for start, stop in itertools.pairwise(cuts):
        yield values[start:stop]


@pytest.mark.parametrize("shard", [1, 4])
@pytest.mark.parametrize("zeros", [False, True])
@pytest.mark.parametrize("n", LENGTHS)
def test_as_if_the_length_were_known(n: int, zeros: bool, shard: int) -> None:
    values = np.arange(1, n + 1, dtype=np.float32)
    if zeros:
        values[: n // 2] = 0
    known, grown = Kept(), Kept()
    chunks = ChunkWriter(known, 3, 6, shard)
    spec = chunks.laid(ArraySpec("a", (n,), vector_chunks(n, STEP), "float32"))
    write_rows(chunks, spec, pieces(values, 1))
    array = GrowingArray(ChunkWriter(grown, 3, 6, shard), "a", "float32")
    for piece in pieces(values, 2):
        array.add(piece)
    assert array.finish() == spec
    assert grown.objects == known.objects
    assert sorted(receipt.key for receipt in array.receipts) == sorted(grown.objects)


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_documents_are_those_of_the_arrays(zarr_format: int) -> None:
    spec = ArraySpec("a", (25,), (STEP,), "int32", attributes={"x": ["é"]})
    made = {blob.key: blob.data for blob in documents([ROOT, spec], zarr_format, 3)}
    root = [".zgroup", ".zattrs", ".zmetadata"] if zarr_format == 2 else ["zarr.json"]
    assert list(made)[-len(root) :] == root, "those at the root last, the consolidated one last of all"
    assert all(b"25" in made[key] for key in (next(iter(made)), root[-1]) if "attrs" not in key)

"""A matrix whose entries arrive in any order is read by rows, and a gene-major one too."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import anndata
import numpy as np
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError
from karospace_stream.inputs.striped.reader import StripedReader, striped_reader
from karospace_stream.inputs.striped.stripes import Stripes
from karospace_stream.inputs.striped.turned import Turning, by_rows
from karospace_stream.inputs.striped.write import put_entries
from karospace_stream.plan.lazy_source import OpenedSource
from karospace_stream.source import open_source


@dataclass(frozen=True)
class Held:
    """Files of scratch in memory."""

    held: dict[str, bytes] = field(default_factory=dict)

    def put(self, key: str, data: bytes) -> None:
        assert key not in self.held
        self.held[key] = bytes(data)

    def read_ranges(self, ranges: Sequence[tuple[str, int, int]]) -> list[bytes]:
        parts = [self.held[key][start:stop] for key, start, stop in ranges]
        assert all(len(part) == stop - start for part, (_, start, stop) in zip(parts, ranges, strict=True))
        return parts


def rows_of(reader: StripedReader, cuts: Sequence[int]) -> sparse.csr_matrix:
    blocks = [reader.read_rows(start, stop) for start, stop in pairwise(cuts)]
    assert [block.start for block in blocks] == list(cuts[:-1])
    before = reader.count_before(np.asarray(cuts))
    assert np.diff(before).tolist() == [len(block.data) for block in blocks]
    wide = [sparse.csr_matrix((b.data, b.indices, b.indptr), (len(b.indptr) - 1, b.n_genes)) for b in blocks]
    return sparse.vstack(wide, format="csr")


@pytest.mark.parametrize("dtype", ["float32", "int64", "uint8", "bool"])
@pytest.mark.parametrize("height", [1, 4, 64, 16_384])
def test_entries_in_any_order_become_rows(height: int, dtype: str) -> None:
    rng = np.random.default_rng(height)
    shape = (301, 57)
    stripes = Stripes(*shape, height, dtype)
    rows, columns = rng.integers(0, 301, 4000), rng.integers(0, 57, 4000)
    values = rng.integers(0, 200, 4000).astype(dtype)
    files = Held()
    cuts = [0, 0, 5, 2000, 2000, 3990, 4000]
    pieces = [
        put_entries(files, f"piece_{at}", stripes, rows[a:b], columns[a:b], values[a:b])
        for at, (a, b) in enumerate(pairwise(cuts))
    ]
    reader = pickle.loads(pickle.dumps(striped_reader("X", stripes, pieces, files, "x")))
    assert reader.info.nnz == 4000
    assert reader.info.dtype == dtype
    order = np.argsort(rows, kind="stable")
    for cuts in ([0, 301], [0, 1, 4, 5, 128, 300, 301], list(range(302))):
        found = rows_of(reader, cuts)
        np.testing.assert_array_equal(np.diff(found.indptr), np.bincount(rows, minlength=301))
        np.testing.assert_array_equal(found.indices, columns[order])  # repeats too, in their order
        np.testing.assert_array_equal(found.data, values[order])
        assert found.data.dtype == dtype
    lines = np.arange(302)
    np.testing.assert_array_equal(reader.count_before(lines), found.indptr)


def test_a_matrix_without_values_has_rows() -> None:
    stripes, files = Stripes.of((10, 3), "float32", 0), Held()
    none = np.empty(0, np.int64)
    pieces = [put_entries(files, "piece", stripes, none, none, np.empty(0, np.float32))]
    reader = striped_reader("X", stripes, pieces, files, "x")
    assert rows_of(reader, [0, 4, 10]).nnz == 0
    assert reader.info.nnz == 0


def test_stripes_have_about_as_many_values_as_can_be_held() -> None:
    assert Stripes.of((1_000_000, 20_000), "float32", 2_000_000_000).height == 256
    assert Stripes.of((1_000_000, 20_000), "float32", 1_000).height == 16_384
    assert Stripes.of((10, 2**33), "float32", 2**36).height == 1
    assert Stripes.of((10, 2**33), "float32", 2**36).index_dtype == "<i8"
    assert Stripes.of((0, 0), "float32", 0).height == 1


@pytest.fixture
def genes(tmp_path: Path) -> tuple[Path, sparse.csr_matrix]:
    values = sparse.random(
        700, 90, 0.2, "csr", np.float32, np.random.default_rng(1), lambda n: np.arange(1, n + 1)
    )
    adata = anndata.AnnData(values.tocsc(), layers={"half": values.tocsc()})
    adata.obsm["X_umap"] = np.random.default_rng(2).normal(size=(700, 2)).astype(np.float32)
    adata.obs["group"] = ["a", "b"] * 350
    adata.write_h5ad(tmp_path / "genes.h5ad")
    adata.X = values
    adata.layers["half"] = values
    adata.write_h5ad(tmp_path / "rows.h5ad")
    return tmp_path, values


@pytest.mark.parametrize("task_nbytes", [0, 1 << 30])
def test_a_gene_major_matrix_is_turned_in_steps(
    genes: tuple[Path, sparse.csr_matrix], task_nbytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("karospace_stream.inputs.striped.turned._FEWEST_VALUES", 2000)
    folder, values = genes
    turning = Turning(open_source(folder / "genes.h5ad").matrix("X"), "turned")
    files = Held()
    steps = turning.steps(task_nbytes)
    assert len(steps) == (1 if task_nbytes else 7)
    results = [turning.run(step, files) for step in steps]
    assert sum(map(len, files.held.values())) <= turning.scratch_nbytes + 5000
    reader = turning.finish(results, files)
    found = rows_of(reader, [0, 300, 700])
    assert (found != values).nnz == 0
    assert found.has_sorted_indices
    assert reader.info.layout == turning.stand_in.info.layout == "csr"
    assert reader.info.nnz == turning.stand_in.info.nnz == values.nnz
    np.testing.assert_array_equal(turning.stand_in.count_before(np.array([0, 700])), [0, values.nnz])
    with pytest.raises(BadInputError, match="not sorted yet"):
        turning.stand_in.read_rows(0, 1)


def test_an_export_of_turned_matrices_is_that_of_rows(
    genes: tuple[Path, sparse.csr_matrix], tmp_path: Path
) -> None:
    folder, _ = genes
    source = by_rows(open_source(folder / "genes.h5ad"), ["X", "layers/half"])
    for name, opened in (("turned", OpenedSource(source)), ("rows", folder / "rows.h5ad")):
        karospace_stream.export(
            opened,
            tmp_path / name,
            anno="group",
            genes="all",
            scratch=tmp_path / "scratch",
            progress=False,
        )
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name / "assets").rglob("gene*.gz")}
        for name in ("turned", "rows")
    )
    assert one == two
    assert len(one) == 91  # and the list of them
    verified = karospace_stream.verify(tmp_path / "turned", source=OpenedSource(source), progress=False)
    assert verified, verified.faults
    assert not list((tmp_path / "scratch").iterdir())

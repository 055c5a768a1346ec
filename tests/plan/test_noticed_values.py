"""What a plan notices about values: scaled, counts or normalised, and the matrix that has others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import dask.array as da
import h5py
import numpy as np
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.model.finding import Finding
from karospace_stream.plan.noticed.value_sample import N_LINES
from karospace_stream.source.matrices.sparse import SparseReader

N = 500
RNG = np.random.default_rng(0)
COUNTS = RNG.poisson(1, (N, 20)).astype(np.float32)
LOG = np.log1p(COUNTS / 3)
SCALED = (LOG - LOG.mean(axis=0)) / LOG.std(axis=0)
CODES = {"scaled-values", "raw-counts", "counts-elsewhere"}


def data(x: Any, *, raw: Any = None, **layers: Any) -> anndata.AnnData:
    adata = anndata.AnnData(x, layers=layers, obsm={"X_umap": RNG.normal(size=(N, 2))})
    if raw is not None:
        adata.raw = anndata.AnnData(raw)
    return adata


def noticed(source: Any, **options: Any) -> Finding | None:
    found = [each for each in karospace_stream.plan_export(source, **options).findings if each.code in CODES]
    assert len(found) < 2
    return found[0] if found else None


FORMS = {
    "dense": np.asarray,
    "csr": sparse.csr_matrix,
    "csc": sparse.csc_matrix,
}


@pytest.mark.parametrize("suffix", ["", ".h5ad"])
@pytest.mark.parametrize("form", FORMS)
def test_values_are_told_apart(form: str, suffix: str, tmp_path: Path) -> None:
    for values, code in ((COUNTS, "raw-counts"), (SCALED, "scaled-values"), (LOG, None)):
        source: Any = data(FORMS[form](values))
        if suffix:
            source.write_h5ad(tmp_path / "in.h5ad")
            source = tmp_path / "in.h5ad"
        found = noticed(source)
        assert (None if found is None else found.code) == code
        if found is not None:
            looked_at = "20 genes" if form == "csc" else f"{3 * N_LINES} cells"
            assert f"in {looked_at}" in found.text
            change = ("normalize", 10_000) if code == "raw-counts" else ("", None)
            assert (found.option, found.value) == change


@pytest.mark.parametrize(
    ("adata", "options", "code", "change"),
    [
        (data(SCALED, raw=LOG), {}, "scaled-values", ("raw", True)),
        (data(SCALED, counts=COUNTS), {}, "scaled-values", ("layer", "counts")),
        (data(SCALED, counts=COUNTS, lognorm=LOG), {}, "scaled-values", ("layer", "lognorm")),
        (data(SCALED, scaled=SCALED), {}, "scaled-values", ("", None)),
        (data(COUNTS, lognorm=LOG), {}, "raw-counts", ("layer", "lognorm")),
        (data(COUNTS.astype(int), lognorm=LOG), {}, "raw-counts", ("layer", "lognorm")),
        (data(COUNTS, scaled=SCALED), {}, "raw-counts", ("normalize", 10_000)),
        (data(LOG, counts=COUNTS), {}, "counts-elsewhere", ("", None)),
        (data(LOG, raw=COUNTS), {}, "counts-elsewhere", ("", None)),
        (data(LOG, counts=COUNTS), {"layer": "counts"}, "raw-counts", ("", None)),
    ],
)
def test_the_other_matrix_is_offered(
    adata: Any, options: dict[str, Any], code: str, change: tuple[str, Any]
) -> None:
    found = noticed(adata, **options)
    assert found is not None
    assert (found.code, (found.option, found.value)) == (code, change)
    if found.option:
        again = noticed(adata, **{found.option: found.value})
        assert again is None or again.code != code


def test_parts_of_counts_are_not_offered() -> None:
    assert noticed(data(LOG, spliced=COUNTS, unspliced=COUNTS)) is None


def test_nothing_is_said_without_values() -> None:
    assert noticed(data(COUNTS), genes="none") is None
    assert noticed(data(np.zeros((N, 3), np.float32))) is None
    assert noticed(data(np.full((N, 3), np.nan, np.float32))) is None


def test_missing_values_do_not_count() -> None:
    odd = COUNTS.copy()
    odd[::7] = np.nan
    found = noticed(data(odd))
    assert found is not None
    assert found.code == "raw-counts"


def test_only_a_few_rows_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    true = SparseReader.read_rows

    def counted(reader: SparseReader, start: int, stop: int) -> Any:
        read.append((reader.info.name, stop - start))
        return true(reader, start, stop)

    monkeypatch.setattr(SparseReader, "read_rows", counted)
    layers = {f"layer {number}": sparse.csr_matrix(LOG) for number in range(9)}
    noticed(data(sparse.csr_matrix(SCALED), **layers))
    assert [n for name, n in read if name == "X"] == [N_LINES] * 3
    assert [n for name, n in read if name != "X"] == [N_LINES] * 4


def test_blocks_of_a_lazy_array_are_not_computed() -> None:
    computed = []
    lazy = da.from_array(COUNTS, chunks=(100, 20)).map_blocks(
        lambda block: computed.append(1) or block, meta=np.empty((0, 0), np.float32)
    )
    assert noticed(data(lazy)) is None
    assert not computed


def test_large_chunks_are_not_read_for_it(tmp_path: Path) -> None:
    data(COUNTS).write_h5ad(tmp_path / "in.h5ad")
    with h5py.File(tmp_path / "in.h5ad", "r+") as file:
        attributes = dict(file["X"].attrs)
        del file["X"]
        large = file.create_dataset("X", (N, 20_000), "f8", chunks=(N, 20_000), compression="gzip")
        large.attrs.update(attributes)
        large[:, :20] = COUNTS
        del file["var"]["_index"]
        file["var"]["_index"] = np.array([f"g{n}" for n in range(20_000)], h5py.string_dtype())
        file["var/_index"].attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})
    assert noticed(tmp_path / "in.h5ad", genes="top_mean:2") is None


@pytest.mark.parametrize(("n_cells", "n_full", "n_values"), [(500, 500, 60), (60_000, 29, 40_000)])
def test_cells_with_more_values_than_genes_are_not_looked_at(
    n_cells: int, n_full: int, n_values: int, tmp_path: Path
) -> None:
    """Either all cells, or the first ones so many that they take as much room as all should."""
    empty = sparse.csr_matrix((n_cells, 20), dtype=np.float32)
    anndata.AnnData(empty, obsm={"X_umap": RNG.normal(size=(n_cells, 2))}).write_h5ad(tmp_path / "in.h5ad")
    with h5py.File(tmp_path / "in.h5ad", "r+") as file:
        for name in ("data", "indices", "indptr"):
            del file["X"][name]
        lengths = np.where(np.arange(n_cells) < n_full, n_values, 0)
        file["X/indptr"] = np.concatenate([[0], np.cumsum(lengths)])
        file["X/indices"] = np.zeros(lengths.sum(), np.int32)
        file["X/data"] = np.ones(lengths.sum(), np.float32)
    plan = karospace_stream.plan_export(tmp_path / "in.h5ad")
    assert plan.sample is None
    assert not CODES & {each.code for each in plan.findings}


def test_inspect_says_it_too(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from karospace_stream.cli import program

    data(SCALED, counts=COUNTS).write_h5ad(tmp_path / "in.h5ad")
    text = CliRunner().invoke(program, ["inspect", str(tmp_path / "in.h5ad")]).output
    assert "note: X holds scaled values" in text
    assert "(to change: --layer counts)" in text
    made = CliRunner().invoke(program, ["inspect", str(tmp_path / "in.h5ad"), "--json"]).output
    assert '"code": "scaled-values"' in made

"""Columns and embeddings of mixed sections are read once, sorted through scratch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.errors import DamagedError
from karospace_stream.inputs.sectioned import ahead, sorted_values
from karospace_stream.inputs.sectioned.order import SectionOrder, count_sections
from karospace_stream.inputs.sectioned.packed_values import Values
from karospace_stream.inputs.sectioned.sorted_values import CellSorting, ColumnCells, EmbeddingCells
from karospace_stream.pipeline.counting.prepare import StoreFiles
from karospace_stream.source import open_source
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.source.elements.columns import PlainElement
from karospace_stream.source.elements.embeddings import ArrayEntry
from karospace_stream.storage import Store, location_of
from tests.inputs.sectioned.test_order import SMALL, files, same_but_rows, write
from tests.made.tissue import N_CELLS, make_tissue, sorted_rows


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sort the cells of small data too, in small stripes and steps."""
    monkeypatch.setattr(ahead, "is_mixed", lambda order: True)
    monkeypatch.setattr("karospace_stream.inputs.sectioned.apply.is_mixed", lambda order: True)
    monkeypatch.setattr(sorted_values, "STRIPE", 64)
    monkeypatch.setattr(sorted_values, "_MOST_ROWS", 150)
    yield
    ahead.forget()


def order_of(n_cells: int, rng: np.random.Generator) -> tuple[SectionOrder, Any]:
    sections = PlainElement(NumpyArray("section", rng.integers(0, 5, n_cells)))
    order = SectionOrder.of(sections, count_sections(sections))
    return order, np.argsort(sections.values.values, kind="stable")


def scratch(folder: Path) -> StoreFiles:
    folder.mkdir()
    return StoreFiles(Store(location_of(f"file://{folder}")))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "values",
    [
        np.arange(500, dtype=np.float64) / 7,
        np.arange(500, dtype=np.int8),
        np.arange(500) % 3 == 0,
        np.arange(500, dtype=np.float16),
        np.array(["", "é", "x\0", "long text " * 9, "\udc80"] * 100, object),
        np.array([""] * 500, object),
    ],
    ids=["float64", "int8", "bool", "float16", "text", "nothing"],
)
def test_values_of_any_kind_come_back(values: Any, tmp_path: Path) -> None:
    order, rows = order_of(500, np.random.default_rng(0))
    sorting = CellSorting(ColumnCells(PlainElement(NumpyArray("c", values))), order, "c")
    store = scratch(tmp_path / "files")
    steps = sorting.steps(1)
    assert len(steps) == 4
    cells = sorting.finish([sorting.run(step, store) for step in steps], store)
    assert cells is not None
    for start, stop in ((0, 500), (63, 65), (64, 128), (499, 500), (100, 333)):
        found = cells.read(start, stop).values
        assert found.dtype == values.dtype
        np.testing.assert_array_equal(found, values[rows[start:stop]])


@pytest.mark.usefixtures("small")
def test_missing_values_and_arrays_come_back(tmp_path: Path) -> None:
    order, rows = order_of(500, np.random.default_rng(1))
    points = np.random.default_rng(2).random((500, 5)).astype(np.float32)
    missing = np.arange(500) % 11 == 0
    missing[:200] = False

    class Reader(ColumnCells):
        def read(self, start: int, stop: int) -> Values:
            some = missing[start:stop]
            return Values(np.arange(start, stop), some if some.any() else None)

    store = scratch(tmp_path / "files")
    both = [
        CellSorting(EmbeddingCells(ArrayEntry(NumpyArray("p", points)), 3), order, "p"),
        CellSorting(Reader(PlainElement(NumpyArray("c", missing))), order, "c"),
    ]
    arrays, column = [each.finish([each.run(step, store) for step in each.steps(1)], store) for each in both]
    assert arrays is not None
    assert column is not None
    np.testing.assert_array_equal(arrays.read(10, 400).values, points[rows[10:400], :3])
    found = column.read(10, 400)
    assert found.missing is not None
    np.testing.assert_array_equal(found.missing, missing[rows[10:400]])
    np.testing.assert_array_equal(found.values, rows[10:400])


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("layout", ["csr", "csc"])
def test_an_export_is_that_of_the_sorted_data(layout: str, tmp_path: Path) -> None:
    adata = make_tissue("mixed", layout, missing=True)
    adata.obsm["X_pca"] = np.random.default_rng(0).random((N_CELLS, 7)).astype(np.float32)
    given = write(adata, tmp_path / "given.h5ad")
    ordered = write(adata[sorted_rows(adata)].copy(), tmp_path / "sorted.h5ad")
    more = {**SMALL, "anno": "all", "graph": "connectivities"}
    karospace_stream.export(given, tmp_path / "one", **more)
    karospace_stream.export(ordered, tmp_path / "two", **more)
    same_but_rows(tmp_path / "one", tmp_path / "two")
    karospace_stream.export(given, tmp_path / "store", format="anndata", section="section", memory="1GB")
    stored = anndata.read_zarr(tmp_path / "store")
    back = stored[np.argsort(stored.uns["sections"]["rows"])]
    np.testing.assert_array_equal(back.obsm["X_pca"], adata.obsm["X_pca"])
    pd.testing.assert_frame_equal(back.obs[["kind", "score", "place"]], adata.obs[["kind", "score", "place"]])
    graph = back.obsp["connectivities"].tocsr()
    assert (graph != adata.obsp["connectivities"].tocsr()).nnz == 0


@pytest.mark.usefixtures("small")
def test_bytes_are_those_of_the_columns_as_they_lie(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = write(make_tissue("mixed", missing=True), tmp_path / "given.h5ad")
    karospace_stream.export(given, tmp_path / "one", anno="all", **SMALL)
    monkeypatch.undo()
    karospace_stream.export(given, tmp_path / "two", anno="all", **SMALL)
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.usefixtures("small")
def test_each_part_of_a_column_is_read_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = write(make_tissue("mixed"), tmp_path / "given.h5ad")
    plan = karospace_stream.plan_export(given, tmp_path / "out", **SMALL)
    read = Counter[int]()

    def counted(self: ColumnCells, start: int, stop: int) -> Values:
        read.update(range(start, stop))
        column = self.element.read("", start, stop)
        return Values(column.values, column.missing)

    monkeypatch.setattr(ColumnCells, "read", counted)
    preparation = plan.source.preparation
    assert preparation is not None
    store = scratch(tmp_path / "files")
    source = preparation.finish([preparation.run(step, store) for step in preparation.steps(1)], store)
    sorts = len(source.catalog.obs) + 1 + 2  # the names; and a table of obsm
    assert read == dict.fromkeys(range(N_CELLS), sorts)
    for start in range(0, N_CELLS, 50):
        source.obs_names(start, start + 50)
        source.obs_column("place", start, start + 50)
    assert read == dict.fromkeys(range(N_CELLS), sorts)


@pytest.mark.usefixtures("small")
def test_a_column_that_cannot_be_read_matters_only_where_it_is_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = write(make_tissue("mixed"), tmp_path / "given.h5ad")
    kept = PlainElement.read

    def damaged(self: PlainElement, name: str, start: int, stop: int) -> Any:
        if self.values.key == "obs/score" and stop > 600:
            raise DamagedError("obs/score is damaged")
        return kept(self, name, start, stop)

    karospace_stream.export(given, tmp_path / "one", anno=["kind"], **SMALL)
    monkeypatch.setattr(PlainElement, "read", damaged)
    karospace_stream.export(given, tmp_path / "two", anno=["kind"], **SMALL)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    with pytest.raises(DamagedError, match="obs/score"):
        karospace_stream.export(given, tmp_path / "three", anno=["kind", "score"], **SMALL)


def test_coordinates_are_read_ahead_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = write(make_tissue("mixed"), tmp_path / "given.h5ad")
    monkeypatch.setattr(ahead, "is_mixed", lambda order: True)
    monkeypatch.setattr(ahead, "_FEWEST", 1)
    source = karospace_stream.plan_export(given, tmp_path / "out", **SMALL).source
    ahead.forget()
    reads = []
    kept = ArrayEntry.read

    def counted(self: ArrayEntry, start: int, stop: int, n_columns: int) -> Any:
        reads.append((start, stop))
        return kept(self, start, stop, n_columns)

    monkeypatch.setattr(ArrayEntry, "read", counted)
    found = [source.obsm("spatial", start, start + 50, 2) for start in range(0, N_CELLS, 50)]
    assert len(reads) == 1
    rows = sorted_rows(make_tissue("mixed"))
    stored = open_source(given).obsm("spatial", 0, N_CELLS, 2)
    np.testing.assert_array_equal(np.concatenate(found), stored[rows])
    ahead.forget()

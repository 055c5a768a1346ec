"""Loom files are read as an AnnData."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import karospace_stream
from karospace_stream.errors import BadInputError
from karospace_stream.inputs.open import open_input
from karospace_stream.options.general.inputs import InputOptions
from tests.inputs.kinds.loom.conftest import N_CELLS, N_GENES, LoomContent
from tests.source.remote.servers import serving

Write = Callable[..., Path]


def opened(path: Path | str) -> Any:
    return pickle.loads(pickle.dumps(open_input(path, InputOptions())))


@pytest.mark.parametrize("version", [2, 3])
def test_every_value(version: int, content: LoomContent, written: Write) -> None:
    source = opened(written(content, version))
    catalog = source.catalog
    assert (catalog.kind, catalog.unreadable, catalog.findings) == ("loom", (), ())
    assert (catalog.n_cells, catalog.n_genes) == (N_CELLS, N_GENES)
    assert source.obs_names(3, 7).tolist() == content.cells["CellID"][3:7]
    assert source.var_names().tolist() == content.genes["Gene"]
    assert [each.name for each in catalog.obs] == ["Clusters", "Tissue", "_X", "_Y"]
    assert source.obs_column("Tissue", 0, N_CELLS).values.tolist() == content.cells["Tissue"]
    assert source.obs_column("Clusters", 5, 50).values.tolist() == content.cells["Clusters"][5:50].tolist()
    assert source.var_column("Length").values.tolist() == content.genes["Length"].tolist()
    np.testing.assert_array_equal(source.varm("Loadings", 0, N_GENES, 2), content.genes["Loadings"])
    np.testing.assert_array_equal(source.obsm("Embedding", 0, N_CELLS, 3), content.cells["Embedding"])
    both = np.stack([content.cells["_X"], content.cells["_Y"]], 1)
    np.testing.assert_array_equal(source.obsm("X_loom", 0, N_CELLS, 2), both)
    np.testing.assert_array_equal(source.matrix("X").read_rows(0, N_CELLS).data, content.counts.T)
    np.testing.assert_array_equal(source.matrix("X").read_rows(60, 70).data, content.counts.T[60:70])
    spliced = source.matrix("layers/spliced").read_rows(0, N_CELLS).data
    assert spliced.dtype == np.uint16
    np.testing.assert_array_equal(spliced, content.layers["spliced"].T)


@pytest.mark.parametrize(
    ("chunks", "gene_major", "chunk_rows"),
    [((64, 64), False, 64), ((1, N_CELLS), True, N_CELLS), (None, True, 1), ((N_GENES, 1), False, 1)],
)
def test_chunks_decide_how_the_matrix_is_read(
    chunks: Any, gene_major: bool, chunk_rows: int, content: LoomContent, written: Write
) -> None:
    content.chunks = chunks
    source = opened(written(content))
    matrix = source.matrix("X")
    assert (matrix.info.gene_major, matrix.info.chunk_rows) == (gene_major, chunk_rows)
    assert matrix.info.shape == (N_CELLS, N_GENES)
    np.testing.assert_array_equal(matrix.read_rows(11, 90).data, content.counts.T[11:90])
    if gene_major:
        band = matrix.read_genes(60, N_GENES)
        for gene in range(N_GENES - 60):
            piece = slice(band.indptr[gene], band.indptr[gene + 1])
            found = np.zeros(N_CELLS, np.float32)
            found[band.rows[piece]] = band.data[piece]
            np.testing.assert_array_equal(found, content.counts[60 + gene])


@pytest.mark.parametrize("chunks", [(64, 64), (1, N_CELLS)])
def test_an_export_is_verified(chunks: Any, content: LoomContent, written: Write, tmp_path: Path) -> None:
    content.chunks = chunks
    path = written(content, 2)
    karospace_stream.export(path, tmp_path / "out")
    assert karospace_stream.verify(tmp_path / "out")


def test_without_names(content: LoomContent, written: Write) -> None:
    del content.cells["CellID"], content.genes["Gene"]
    source = opened(written(content))
    assert source.obs_names(9, 12).tolist() == ["9", "10", "11"]
    assert source.var_names().tolist() == [str(i) for i in range(N_GENES)]
    cells, genes = source.catalog.findings
    assert cells.code == genes.code == "without-names"
    assert cells.text.startswith("the cells have no names in the file (CellID, obs_names, cell_names)")
    assert genes.text.startswith("the genes have no names in the file (Gene, ")


@pytest.mark.parametrize(("cells", "genes"), [("obs_names", "var_names"), ("cell_names", "gene_names")])
def test_names_of_other_programs(cells: str, genes: str, content: LoomContent, written: Write) -> None:
    content.cells[cells] = content.cells.pop("CellID")
    content.genes[genes] = content.genes.pop("Gene")
    source = opened(written(content))
    assert source.obs_names(0, 2).tolist() == content.cells[cells][:2]
    assert source.var_names().tolist() == content.genes[genes]


def test_tables_of_scope(content: LoomContent, written: Write) -> None:
    """SCope stores an embedding as a table with the fields _X and _Y."""
    table = np.zeros(N_CELLS, [("_X", "f4"), ("_Y", "f4")])
    table["_X"], table["_Y"] = np.arange(N_CELLS), -np.arange(N_CELLS)
    content.cells["Embedding"] = table
    found = opened(written(content)).obsm("Embedding", 10, 20, 2)
    assert found.tolist() == [[i, -i] for i in range(10, 20)]


def test_optional_parts_that_do_not_fit_are_left_out(content: LoomContent, written: Write) -> None:
    content.cells["Short"] = np.arange(N_CELLS - 1)
    content.layers["wide"] = np.ones((N_GENES, N_CELLS + 1), np.float32)
    path = written(content)
    with h5py.File(path, "a") as root:
        root["col_attrs/Grid"] = np.array([["a", "b"]] * N_CELLS, object)
        for part in "abw":
            root[f"col_graphs/KNN/{part}"] = np.arange(3)
    unreadable = dict(opened(path).catalog.unreadable)
    assert set(unreadable) == {"obs/Short", "layers/wide", "obs/Grid", "obsp/KNN"}
    assert "list of edges" in unreadable["obsp/KNN"]
    assert (
        unreadable["layers/wide"]
        == f"its shape is {(N_CELLS + 1, N_GENES)}, but obs and var need {(N_CELLS, N_GENES)}"
    )


def refusal(path: Path | str) -> str:
    with pytest.raises(BadInputError) as caught:
        opened(path)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    return sentence


def test_names_of_other_lengths(content: LoomContent, written: Write) -> None:
    content.cells["CellID"] = content.cells["CellID"][1:]
    assert "col_attrs/CellID must name each of the 130 cells of the matrix, but has 129" in refusal(
        written(content)
    )


def test_no_matrix(content: LoomContent, written: Write) -> None:
    path = written(content)
    with h5py.File(path, "a") as root:
        del root["matrix"]
    assert "is a loom file without its matrix" in refusal(path)


def test_a_matrix_of_text(content: LoomContent, written: Write) -> None:
    path = written(content)
    with h5py.File(path, "a") as root:
        del root["matrix"]
        root["matrix"] = np.array([["a", "b"], ["c", "d"]], object)
    assert "X must hold numbers" in refusal(path)


def test_a_truncated_file(content: LoomContent, written: Write) -> None:
    path = written(content)
    path.write_bytes(path.read_bytes()[:-2000])
    assert "is truncated" in refusal(path)


def test_ranges_of_a_url(content: LoomContent, written: Write) -> None:
    path = written(content)
    with serving() as web:
        source = opened(web.put(path))
        np.testing.assert_array_equal(source.matrix("X").read_rows(60, 70).data, content.counts.T[60:70])
        assert source.obs_column("Tissue", 0, 9).values.tolist() == content.cells["Tissue"][:9]


@pytest.mark.parametrize("axis", ["row_attrs", "col_attrs"])
def test_without_the_names_of_an_axis(axis: str, content: LoomContent, written: Write) -> None:
    path = written(content)
    with h5py.File(path, "a") as file:
        del file[axis]
    assert f"is a loom file without {axis}" in refusal(path)

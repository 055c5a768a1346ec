"""Xenium folders: every value of the matrix, the cells and the analyses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from karospace_stream.inputs.open import open_input
from karospace_stream.options.general.inputs import InputOptions
from tests.inputs.spatial.test_space_ranger import check_matrix, opened
from tests.made.tenx_folders import write_tenx_h5, write_xenium


@pytest.mark.parametrize(
    ("ids", "cells"),
    [
        ("text", "cells.parquet"),
        ("text", "cells.csv.gz"),
        ("bytes", "cells.parquet"),
        ("numbers", "cells.parquet"),
        ("numbers", "cells.csv.gz"),
    ],
)
def test_xenium(tmp_path: Path, ids: str, cells: str) -> None:
    made = write_xenium(tmp_path / "output", ids=ids, cells=cells)
    source, n = opened(made.path), len(made.barcodes)
    catalog = source.catalog
    assert (catalog.kind, catalog.name) == ("Xenium folder", "run one Region_1")
    assert (catalog.microns_per_pixel, catalog.images, catalog.libraries) == (1, (), ())
    assert [each.code for each in catalog.findings] == ["features-left-out"]
    assert not catalog.unreadable
    check_matrix(source, made)
    np.testing.assert_array_equal(source.obsm("spatial", 0, n, 2), made.table[["x_centroid", "y_centroid"]])
    for name in made.table.columns[3:]:
        column = source.obs_column(name, 0, n)
        values = column.values
        if column.categories is not None:
            values = np.array(column.categories, object)[values]
        np.testing.assert_array_equal(values, made.table[name], name)
    assert source.obs_column("graphclust", 0, n).values[0] == -1, "the first cell is in no cluster"
    assert np.isnan(source.obsm("X_umap", 0, 1, 2)).all()
    path = made.path / "analysis" / "umap" / "gene_expression_2_components" / "projection.csv"
    expected = pd.read_csv(path, float_precision="round_trip").iloc[:, 1:]
    np.testing.assert_array_equal(source.obsm("X_umap", 1, n, 2), expected)


def test_ways_to_name_it(tmp_path: Path) -> None:
    made = write_xenium(tmp_path / "ranger" / "outs", analysis=False)
    for given in (made.path, tmp_path / "ranger", made.path / "experiment.xenium"):
        check_matrix(opened(given), made)
    (made.path / "experiment.xenium").unlink()
    assert opened(made.path).catalog.name == "ranger"


def test_csv_is_read_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = write_xenium(tmp_path / "output", analysis=False)
    made.table.to_csv(made.path / "cells.csv.gz", index=False)
    monkeypatch.setattr("karospace_stream.inputs.spatial.cells.find_spec", lambda name: None)
    (made.path / "cells.parquet").write_bytes(b"PAR1 cannot be read")
    source = opened(made.path)
    expected = made.table[["x_centroid", "y_centroid"]]
    np.testing.assert_array_equal(source.obsm("spatial", 0, len(expected), 2), expected)


def test_all_features(tmp_path: Path) -> None:
    made = write_xenium(tmp_path / "output")
    source = open_input(str(made.path), InputOptions(feature_type=("all",)))
    assert source.catalog.n_genes == len(made.genes) + 3


def test_proteins_are_scaled(tmp_path: Path) -> None:
    made = write_xenium(tmp_path / "output")
    types = ["Gene Expression"] * (len(made.genes) - 1) + ["Protein Expression"]
    path = made.path / "cell_feature_matrix.h5"
    write_tenx_h5(path, made.matrix, made.barcodes, made.genes, types=types, protein_scaling_factor=1000.0)
    for wanted, there in (((), False), (("all",), True), (("protein expression",), True)):
        findings = open_input(str(made.path), InputOptions(feature_type=wanted)).catalog.findings
        said = [each.text for each in findings if each.code == "scaled-protein"]
        assert bool(said) == there
        assert all("Protein Expression are 1,000 times" in text for text in said)


def test_cells_in_another_order_and_some_missing(tmp_path: Path) -> None:
    made = write_xenium(tmp_path / "output", analysis=False)
    path = made.path / "cells.parquet"
    table = pd.read_parquet(path)
    more = table.iloc[:1].assign(cell_id="zzzz-1")
    pd.concat([table.iloc[3:].iloc[::-1], more]).to_parquet(path, index=False)
    source, n = opened(made.path), len(made.barcodes)
    found = {each.code: each.text for each in source.catalog.findings}
    assert found["rows-missing"].startswith("3 cells have no row in ")
    assert found["rows-unused"].startswith("1 row of ")
    xy = source.obsm("spatial", 0, n, 2)
    assert np.isnan(xy[:3]).all()
    np.testing.assert_array_equal(xy[3:], made.table[["x_centroid", "y_centroid"]][3:])
    counts = source.obs_column("transcript_counts", 0, n)
    assert counts.kind == "integer"
    assert counts.missing.tolist() == [True] * 3 + [False] * (n - 3)
    np.testing.assert_array_equal(counts.values[3:], made.table["transcript_counts"][3:])

"""Several inputs are one: equal to what ``anndata.concat`` makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from karospace_stream import export
from karospace_stream.errors import BadInputError
from karospace_stream.inputs.open import open_input
from karospace_stream.options.export_options import ExportOptions

GENES = [f"G{number}" for number in range(24)]


def cells(n: int, genes: list[str], seed: int, layout: str = "csr", **columns: Any) -> anndata.AnnData:
    """A small AnnData with everything that joining touches."""
    random = np.random.default_rng(seed)
    values = sparse.random(n, len(genes), 0.3, "csr", np.float32, random_state=seed)
    matrix = {"csr": values, "csc": values.tocsc(), "dense": values.toarray()}[layout]
    types = pd.Categorical(random.choice(list("TBN")[: 1 + seed % 3], n))
    obs = pd.DataFrame({"type": types, "n": random.integers(0, 9, n), **columns})
    obs.index = [f"cell{number}" for number in range(n)]
    var = pd.DataFrame({"symbol": [gene.lower() for gene in genes]}, index=genes)
    made = anndata.AnnData(matrix, obs=obs, var=var)
    made.obsm["X_umap"] = random.normal(size=(n, 2)).astype(np.float32)
    return made


def written(folder: Path, **given: anndata.AnnData) -> dict[str, str]:
    paths = {key: str(folder / f"{key}.h5ad") for key in given}
    for key, each in given.items():
        each.write_h5ad(paths[key])
    return paths


@pytest.mark.parametrize(
    "layouts", [("csr", "csr"), ("csc", "csc"), ("dense", "dense"), ("csr", "dense"), ("csc", "csr")]
)
@pytest.mark.parametrize("join", ["inner", "outer"])
def test_the_export_is_that_of_the_joined_file(tmp_path: Path, layouts: tuple[str, str], join: Any) -> None:
    given = {
        "one": cells(50, GENES[:18], 1, layouts[0]),
        "two": cells(30, GENES[:3:-1], 2, layouts[1]),
    }
    paths = written(tmp_path, **given)
    export(paths, str(tmp_path / "out"), format="anndata", join=join, batch_column="file", index_unique="-")
    ours = anndata.read_zarr(tmp_path / "out")
    theirs = anndata.concat(given, join=join, merge="unique", label="file", index_unique="-", pairwise=True)
    assert ours.obs_names.tolist() == theirs.obs_names.tolist()
    assert ours.var_names.tolist() == theirs.var_names.tolist()
    np.testing.assert_array_equal(dense(ours.X), dense(theirs.X))
    np.testing.assert_array_equal(ours.obsm["X_umap"], theirs.obsm["X_umap"])
    assert ours.obs["file"].tolist() == theirs.obs["file"].tolist()
    assert ours.obs["type"].tolist() == theirs.obs["type"].tolist()
    assert ours.obs["n"].tolist() == theirs.obs["n"].tolist()


def dense(matrix: Any) -> Any:
    return matrix.toarray() if sparse.issparse(matrix) else np.asarray(matrix)


def test_a_column_of_text_and_numbers_is_refused_by_name(tmp_path: Path) -> None:
    given = {
        "one": cells(5, GENES, 1, score=np.arange(5)),
        "two": cells(5, GENES, 2, score=list("abcde")),
    }
    paths = written(tmp_path, **given)
    with pytest.raises(
        BadInputError, match=r"'score' .* numbers in one and text in two.*leave-out obs:score"
    ):
        open_input(paths, ExportOptions())
    source = open_input(paths, ExportOptions(leave_out=("obs:score",)))
    assert "score" not in [each.name for each in source.catalog.obs]


def test_files_without_a_common_gene_are_refused(tmp_path: Path) -> None:
    paths = written(tmp_path, one=cells(5, GENES[:5], 1), two=cells(5, GENES[5:], 2))
    with pytest.raises(BadInputError, match=r"one has 'G0' .* two has 'G5'.*--join outer"):
        open_input(paths, ExportOptions())


def test_a_gene_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    one = cells(5, GENES, 1)
    one.var_names = ["G1", *GENES[1:]]
    paths = written(tmp_path, one=one, two=cells(5, GENES, 2))
    with pytest.raises(BadInputError, match=r"one: .* 'G1' 2 times.*var_names_make_unique"):
        open_input(paths, ExportOptions())

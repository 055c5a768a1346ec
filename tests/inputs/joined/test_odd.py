"""Odd inputs, joined: every value is that of ``anndata.concat``."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest
from scipy import sparse

from karospace_stream.inputs.open import open_input
from karospace_stream.model.matrix import DenseBlock
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.source import open_source
from tests.inputs.joined.odd import odd_inputs

FEW, MANY = range(4), range(4, 300)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", FEW)
def test_a_few_are_equal_to_the_joined_file(tmp_path: Path, seed: int) -> None:
    compare(tmp_path, seed)


@pytest.mark.big
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", MANY)
def test_many_are_equal_to_the_joined_file(tmp_path: Path, seed: int) -> None:
    compare(tmp_path, seed)


def compare(folder: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    given = odd_inputs(seed)
    join, merge = random.choice(["inner", "outer"]), random.choice(["same", "unique", "first", "only"])
    paths = {}
    for number, (key, adata) in enumerate(given.items()):
        if (seed + number) % 3:
            paths[key] = folder / f"{key}.h5ad"
            adata.write_h5ad(paths[key])
        else:
            paths[key] = folder / f"{key}.zarr"
            adata.write_zarr(paths[key])
    readers = {".h5ad": anndata.read_h5ad, ".zarr": anndata.read_zarr}
    stored = {key: readers[path.suffix](path) for key, path in paths.items()}
    whole = anndata.concat(
        stored, join=join, merge=merge, uns_merge=merge, label="file", index_unique="_", pairwise=True
    )
    options = ExportOptions(join=str(join), merge=str(merge), batch_column="file", index_unique="_")  # type: ignore[arg-type]
    joined = open_input({key: str(path) for key, path in paths.items()}, options)
    assert joined.catalog.n_cells == whole.n_obs
    assert joined.var_names().tolist() == whole.var_names.tolist()
    assert joined.obs_names(0, whole.n_obs).tolist() == whole.obs_names.tolist()
    compare_matrices(joined, whole)
    compare_columns(joined, whole, folder)
    for key, values in whole.obsm.items():
        ours = joined.obsm(key, 0, whole.n_obs, values.shape[1])
        np.testing.assert_array_equal(ours, values, err_msg=key)
        assert str(ours.dtype) == str(values.dtype)
    assert {each.key for each in joined.catalog.obsm} == set(whole.obsm)
    assert {each.key for each in joined.catalog.varm} == set(whole.varm)
    for key, values in whole.varm.items():
        np.testing.assert_array_equal(joined.varm(key, 0, whole.n_vars, values.shape[1]), values)


def compare_matrices(joined: Any, whole: anndata.AnnData) -> None:
    theirs = {"X": whole.X, **{f"layers/{key}": each for key, each in whole.layers.items()}}
    theirs |= {f"obsp/{key}": each for key, each in whole.obsp.items()}
    if whole.raw is not None:
        theirs["raw"] = whole.raw.X
    unreadable = dict(joined.catalog.unreadable)
    for name, matrix in theirs.items():
        if joined.preparation is not None and name == "X":
            continue
        if "CSC in some" in unreadable.get(name, ""):
            continue
        reader = joined.matrix(name)
        assert reader.info.dtype == str(matrix.dtype), name
        assert reader.info.shape == matrix.shape, name
        full = matrix.toarray() if sparse.issparse(matrix) else np.asarray(matrix)
        np.testing.assert_array_equal(read(reader), full, err_msg=name)
        lines = np.arange(full.shape[1 if reader.info.layout == "csc" else 0] + 1)
        before = reader.count_before(lines)
        assert before[0] == 0
        assert (np.diff(before) >= 0).all()
    mixed = {name for name, why in unreadable.items() if "CSC in some" in why}
    assert joined.preparation is not None or set(theirs) == {*joined.parts.matrices, *mixed}
    if whole.raw is not None and "raw" not in mixed:
        assert joined.var_names(raw=True).tolist() == whole.raw.var_names.tolist()


def read(reader: Any) -> Any:
    """All values, read in odd pieces."""
    n_rows, n_genes = reader.info.shape
    if reader.info.layout == "csc":
        cuts = [0, n_genes // 3, n_genes // 2, n_genes]
        bands = [reader.read_genes(first, last) for first, last in pairwise(cuts)]
        parts = [sparse.csc_matrix((b.data, b.rows, b.indptr), (n_rows, len(b.indptr) - 1)) for b in bands]
        return np.hstack([part.toarray() for part in parts])
    cuts = [0, n_rows // 3, n_rows // 2, n_rows]
    blocks = [reader.read_rows(first, last) for first, last in pairwise(cuts)]
    return np.vstack(
        [
            b.data
            if isinstance(b, DenseBlock)
            else sparse.csr_matrix((b.data, b.indices, b.indptr), (len(b.indptr) - 1, n_genes)).toarray()
            for b in blocks
        ]
    )


def compare_columns(joined: Any, whole: anndata.AnnData, folder: Path) -> None:
    """Columns as our own reader finds them in the written file."""
    whole.write_h5ad(folder / "whole.h5ad")
    theirs = open_source(folder / "whole.h5ad")
    for kind in ("obs", "var"):
        names = {each.name for each in getattr(theirs.catalog, kind)}
        assert {each.name for each in getattr(joined.catalog, kind)} == names
        frames = getattr(joined.parts, kind), getattr(theirs.parts, kind)
        for name in names:
            one, other = (frame.read(name, 0, frame.n_rows) for frame in frames)
            assert values(one) == values(other), name
            assert one.kind == other.kind or {one.kind, other.kind} == {"category", "string"}, name
            if one.kind == other.kind and one.kind != "category":
                assert one.values.dtype == other.values.dtype, name
    assert dict(joined.catalog.uns) == dict(theirs.catalog.uns)
    assert joined.catalog.texts == theirs.catalog.texts


def values(column: Any) -> list[Any]:
    """Values as text or numbers, None where they are missing."""
    if column.categories is not None:
        return [None if code < 0 else column.categories[code] for code in column.values.tolist()]
    gone = column.missing if column.missing is not None else np.zeros(len(column.values), bool)
    if column.kind == "float":
        gone = np.isnan(column.values)
    return [None if missing else value for value, missing in zip(column.values.tolist(), gone, strict=True)]

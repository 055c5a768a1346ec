"""Real files, each joined with itself under another name."""

from __future__ import annotations

import shutil
from pathlib import Path

import anndata
import numpy as np
import pytest
from scipy import sparse

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.open import open_input
from karospace_stream.options.export_options import ExportOptions
from tests.inputs.joined.test_odd import read

DATA = Path(__file__).parents[3].parent / "shared" / "data"

#: Files that are no whole AnnData; what becomes of them is tested elsewhere.
UNREAD = {"localsc_pbmc3k_processed.h5ad": "it is truncated", "muon_rna_atac.h5ad": "it is a MuData"}


@pytest.mark.big
@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not there")
@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.h5ad")))
def test_a_file_joined_with_itself_is_there_twice(name: str, tmp_path: Path) -> None:
    if name in UNREAD:
        pytest.skip(f"anndata does not read it: {UNREAD[name]}")
    adata = anndata.read_h5ad(DATA / name)
    other = shutil.copy(DATA / name, tmp_path / name)
    given = {"one": str(DATA / name), "two": str(other)}
    options = ExportOptions(batch_column="file", index_unique="-")
    if not adata.var_names.is_unique:
        with pytest.raises(BadInputError, match="var_names_make_unique"):
            open_input(given, options)
        return
    whole = anndata.concat({"one": adata, "two": adata}, merge="unique", index_unique="-", pairwise=True)
    joined = open_input(given, options)
    assert joined.obs_names(0, whole.n_obs).tolist() == whole.obs_names.tolist()
    assert joined.var_names().tolist() == whole.var_names.tolist()
    if adata.X is not None:
        theirs = whole.X.toarray() if sparse.issparse(whole.X) else np.asarray(whole.X)
        np.testing.assert_array_equal(read(joined.matrix("X")), theirs)
    for key in joined.parts.obsm:
        if key in whole.obsm and isinstance(whole.obsm[key], np.ndarray):
            width = whole.obsm[key].shape[1]
            np.testing.assert_array_equal(joined.obsm(key, 0, whole.n_obs, width), whole.obsm[key])
    for key in joined.catalog.obsp:
        theirs = whole.obsp[key]
        theirs = theirs.toarray() if sparse.issparse(theirs) else np.asarray(theirs)
        np.testing.assert_array_equal(read(joined.matrix(f"obsp/{key}")), theirs)
    for info in joined.catalog.obs:
        if info.name != "file" and info.kind in ("category", "string"):
            column = joined.obs_column(info.name, 0, whole.n_obs)
            ours = (
                column.values
                if column.categories is None
                else np.array([*column.categories, "nan"])[column.values]
            )
            assert list(map(str, ours)) == list(map(str, whole.obs[info.name].astype(str))), info.name

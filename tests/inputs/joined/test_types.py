"""The type of a joined dense matrix, where NaN stands for values that an input lacks, is that of anndata."""

from __future__ import annotations

import anndata
import numpy as np
import pytest

from karospace_stream.inputs.open import open_input
from karospace_stream.options.export_options import ExportOptions


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("one", ["float32", "uint16", "int32", "float64"])
@pytest.mark.parametrize("other", ["float32", "uint16", "uint8"])
@pytest.mark.parametrize("n_genes", [(3, 3), (3, 2), (2, 3), (2, 2)], ids=str)
def test_the_type_is_that_of_anndata(one: str, other: str, n_genes: tuple[int, int]) -> None:
    first = anndata.AnnData(np.ones((2, n_genes[0]), one))
    second = anndata.AnnData(np.ones((2, n_genes[1]), other))
    first.var_names, second.var_names = list("abc")[: n_genes[0]], list("acb")[: n_genes[1]]
    given = {"first": first, "second": second}
    joined = open_input(given, ExportOptions(join="outer", index_unique="-")).catalog.matrix
    assert joined is not None
    assert joined.dtype == str(anndata.concat(given, join="outer", index_unique="-").X.dtype)

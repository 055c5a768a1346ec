"""The names of categories that are counted are those of the columns that a format takes."""

from __future__ import annotations

from dataclasses import replace

import anndata
import numpy as np
import pandas as pd
import pytest

from karospace_stream.errors import BudgetError
from karospace_stream.model.catalog import Catalog, EmbeddingInfo
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.checks.name_memory import check_names_fit
from karospace_stream.source import open_source

MANY = 30_000_000
DEFAULT = [f"kind{number}" for number in range(4)]


@pytest.fixture
def catalog() -> Catalog:
    """Five categories, of which the last has very many names."""
    obs = pd.DataFrame({name: pd.Categorical(["a", "b"]) for name in (*DEFAULT, "barcode")}, ["x", "y"])
    found = open_source(anndata.AnnData(np.ones((2, 3), "f4"), obs)).catalog
    *few, last = found.obs
    return replace(found, obs=(*few, replace(last, n_categories=MANY)))


def fits(catalog: Catalog, *formats: str, anno: tuple[str, ...] | None = None) -> bool:
    options = ExportOptions(
        formats=formats, targets=(None,) * len(formats), anno=anno, memory_nbytes=1_000_000_000
    )
    try:
        check_names_fit(catalog, options)
    except BudgetError:
        return False
    return True


def test_columns_that_nobody_named(catalog: Catalog) -> None:
    assert fits(catalog, "karospace")
    assert not fits(catalog, "cellucid")
    assert not fits(catalog, "anndata")
    assert not fits(catalog, "karospace", "anndata")


@pytest.mark.parametrize("format", ["karospace", "cellucid", "anndata"])
def test_columns_that_are_named(catalog: Catalog, format: str) -> None:
    assert fits(catalog, format, anno=("kind0", "not there"))
    assert not fits(catalog, format, anno=("all",))
    assert not fits(catalog, format, anno=("barcode",))


def test_an_anndata_store_keeps_tables_and_columns_of_genes(catalog: Catalog) -> None:
    large = catalog.obs[-1]
    obsm = (EmbeddingInfo("table", 0, "float64", table=(large,)),)
    for other in (
        replace(catalog, obs=catalog.obs[:-1], var=(large,)),
        replace(catalog, obs=catalog.obs[:-1], obsm=obsm),
    ):
        assert not fits(other, "anndata")
        assert fits(other, "cellucid")

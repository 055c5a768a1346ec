"""Options that join several inputs, with a single one: what has no effect is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream


@pytest.mark.parametrize("option", [{"join": "outer"}, {"merge": "first"}, {"index_unique": "-"}])
def test_an_option_without_effect_is_said(tmp_path: Path, option: dict[str, Any]) -> None:
    data = anndata.AnnData(np.ones((4, 3), np.float32))
    data.obsm["spatial"] = np.random.default_rng(0).random((4, 2))
    data.write_h5ad(tmp_path / "one.h5ad")
    plan = karospace_stream.plan_export(tmp_path / "one.h5ad", **option)
    assert [each.option for each in plan.findings if each.code == "one-input"] == list(option)
    data.write_h5ad(tmp_path / "two.h5ad")
    both = karospace_stream.plan_export([tmp_path / "one.h5ad", tmp_path / "two.h5ad"], **option)
    assert "one-input" not in {each.code for each in both.findings}


def test_the_named_column_is_exported(tmp_path: Path) -> None:
    data = anndata.AnnData(np.ones((4, 3), np.float32))
    data.obsm["spatial"] = np.random.default_rng(0).random((4, 2))
    for number in range(12):  # more than a bundle takes by default
        data.obs[f"cell_type_{number}"] = list("abab")
    data.write_h5ad(tmp_path / "one.h5ad")
    data.write_h5ad(tmp_path / "two.h5ad")
    plan = karospace_stream.plan_export([tmp_path / "one.h5ad", tmp_path / "two.h5ad"], batch_column="zzz")
    assert "zzz" in plan.selection.columns

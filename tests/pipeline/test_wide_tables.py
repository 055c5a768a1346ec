"""Tables of cells with very many columns: fewer rows at once, and the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData

import karospace_stream
from karospace_stream.formats.karospace.tables import blocks
from karospace_stream.formats.karospace.tables.blocks import table_blocks


def test_ordinary_tables_are_read_in_long_blocks() -> None:
    made = table_blocks(n_columns=60, n_texts=5, longest=200)
    assert (made.tile_rows, made.slice_rows) == (65_536, 8_192)


@pytest.mark.parametrize(("n_columns", "longest"), [(10_000, 0), (3, 10_000_000), (2_000_000, 0)])
def test_wide_rows_are_few_at_once(n_columns: int, longest: int) -> None:
    made = table_blocks(n_columns, n_texts=0, longest=longest)
    assert min(made.tile_rows, made.slice_rows) >= 1
    assert made.tile_nbytes <= max(128 << 20, 17 * n_columns)
    assert made.slice_nbytes <= max(65 * 8_192 * 400, 401 * n_columns)


def test_the_bytes_do_not_depend_on_the_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    obs = pd.DataFrame({f"n{at}": rng.normal(size=300) for at in range(20)})
    obs["kind"] = pd.Categorical(rng.choice(["B", "T"], 300))
    obs["note"] = [f"note {at}" for at in range(300)]
    obs.index = [f"c{at}" for at in range(300)]
    adata = AnnData(np.ones((300, 2), np.float32), obs=obs, obsm={"X_umap": rng.normal(size=(300, 2))})
    files = []
    for most in (blocks._MOST_READ, 5_000):
        monkeypatch.setattr(blocks, "_MOST_READ", most)
        monkeypatch.setattr(blocks, "_MOST_OBJECTS", 11 * most)
        out = tmp_path / str(most)
        karospace_stream.export(adata, out, anno=["all"], name="x", max_asset_mb=0.03)
        files.append({p.name: p.read_bytes() for p in sorted(out.rglob("obs*")) if p.is_file()})
    assert len(files[0]) > 4
    assert files[0] == files[1]


def test_ten_thousand_columns_fit_into_a_gigabyte() -> None:
    obs = pd.DataFrame(np.zeros((50, 10_000), np.float32), index=[f"c{at}" for at in range(50)])
    obs.columns = obs.columns.astype(str)
    adata = AnnData(np.ones((50, 2), np.float32), obs=obs, obsm={"X_umap": np.ones((50, 2))})
    plan = karospace_stream.plan_export(adata, anno=["all"], memory="1GB")
    assert plan.peak_nbytes < 1e9

"""Sections on top of each other are noticed under any name; one section never is, however it is labelled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.plan.sections import overlapping
from karospace_stream.plan.sections.overlapping import find_overlapping
from karospace_stream.select.sections.spatial import spatial_embedding
from tests.made.sections import make_sections


def find(source: Any) -> overlapping.Overlapping | None:
    opened = karospace_stream.open_source(source).source
    choice = spatial_embedding(opened.catalog, "auto")
    assert choice is not None
    return find_overlapping(opened, choice)


OLD = pytest.mark.filterwarnings("ignore::anndata.OldFormatWarning")


@OLD
@pytest.mark.parametrize("name", ["mti_imc_sn", "soma_visium", "squidpy_visium_test_data"])
def test_a_real_section_is_quiet(shared: Path, name: str) -> None:
    adata = anndata.read_h5ad(shared / "data" / f"{name}.h5ad")
    rng = np.random.default_rng(0)
    for n in (2, 8, 40):  # labels that have nothing to do with places, and stripes that have
        adata.obs[f"random_{n}"] = pd.Categorical(rng.integers(0, n, adata.n_obs).astype(str))
        adata.obs[f"section_{n}"] = pd.Categorical(
            pd.qcut(adata.obsm["spatial"][:, 0], n, labels=False, duplicates="drop").astype(str)
        )
    assert find(adata) is None


@OLD
@pytest.mark.parametrize("n_sections", [2, 12])
@pytest.mark.parametrize("name", ["section", "donor"])
def test_real_sections_on_top_of_each_other(shared: Path, name: str, n_sections: int) -> None:
    """One section, flipped and stretched into several."""
    one = anndata.read_h5ad(shared / "data" / "mti_imc_sn.h5ad")
    points = np.asarray(one.obsm["spatial"], float)
    several = [points * (1 - 2 * (at % 2), 1 - 2 * (at // 2 % 2)) for at in range(n_sections)]
    several = [(each - each.min(axis=0)) * (1 + at / 100) for at, each in enumerate(several)]
    cell_type = one.obs["cell type"].astype(str).to_list()
    made = anndata.AnnData(
        obs=pd.DataFrame(
            {
                "cell type": pd.Categorical(cell_type * n_sections),
                name: pd.Categorical(np.repeat(np.arange(n_sections), len(points)).astype(str)),
            }
        ).rename(index=str),
        obsm={"spatial": np.concatenate(several)},
    )
    found = find(made)
    assert found is not None
    assert (found.column, found.n_groups) == (name, n_sections)
    assert found.share > 0.9


def test_made_sections_under_any_name() -> None:
    adata = make_sections()
    for name in ("section", "mouse"):
        adata.obs = adata.obs.rename(columns={"section": name})
        found = find(adata)
        assert found is not None
        assert (found.column, found.n_groups) == (name, 12)


@pytest.mark.parametrize("kind", ["string", "integer"])
def test_text_and_numbers_under_the_name_of_sections(kind: str) -> None:
    adata = make_sections()
    names = adata.obs["section"].astype(str)
    adata.obs["section"] = names.astype(int) if kind == "integer" else names.astype(object)
    found = find(adata)
    assert found is not None
    assert found.column == "section"


def test_of_a_large_file_some_ranges_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    adata = make_sections()
    monkeypatch.setattr(overlapping, "_MOST_CELLS", 1_000)
    found = find(adata)
    assert found is not None
    assert found.column == "section"
    # Neighbours are missing in ranges, so that only names tell.
    assert find(adata[:, :0].copy()) is not None
    adata.obs = adata.obs.rename(columns={"section": "mouse"})
    assert find(adata) is None


def test_what_is_laid_out_or_no_tissue_is_not_noticed() -> None:
    adata = make_sections()
    codes = {each.code for each in karospace_stream.plan_export(adata, arrange_by="section").findings}
    assert "overlapping-sections" not in codes
    del adata.obsm["spatial"], adata.obsm["velocity_spatial"]
    assert "overlapping-sections" not in {each.code for each in karospace_stream.plan_export(adata).findings}


def test_cells_without_a_place_do_not_count() -> None:
    adata = make_sections()
    adata.obsm["spatial"][: adata.n_obs // 2] = np.nan
    assert find(adata) is not None
    adata.obsm["spatial"][:] = np.nan
    assert find(adata) is None


def labels(*sizes: int) -> pd.Categorical:
    """A label of so many cells each."""
    return pd.Categorical(np.repeat([f"type {at}" for at in range(len(sizes))], sizes))


@pytest.mark.parametrize(
    ("columns", "is_loaded"),
    [
        ({}, False),
        ({"score": np.arange(300.0)}, False),
        ({"cell_type": labels(250, 40, 10)}, False),
        ({"cell_type": labels(150, 150)}, True),
    ],
    ids=["none", "numbers", "a large group", "two large groups"],
)
def test_neighbours_are_loaded_for_columns_that_may_be_sections(
    columns: dict[str, Any], is_loaded: bool, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    obs = pd.DataFrame(columns, index=[f"cell_{at}" for at in range(300)])
    made = anndata.AnnData(rng.random((300, 4), np.float32), obs=obs, obsm={"spatial": rng.random((300, 2))})
    made.write_h5ad(tmp_path / "tissue.h5ad")
    program = (
        "import sys, karospace_stream; karospace_stream.plan_export(sys.argv[1]); "
        "print('scipy.spatial' in sys.modules)"
    )
    run = [sys.executable, "-c", program, str(tmp_path / "tissue.h5ad")]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip() == str(is_loaded)

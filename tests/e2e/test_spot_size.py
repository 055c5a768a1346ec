"""How large spots are and how an image lies under them, wherever the coordinates of a slide are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

from tests.oracle.reader import Bundle

N = 12
FACTORS = {"tissue_hires_scalef": 0.25, "spot_diameter_fullres": 17.5}
IMAGE = np.full((20, 30, 3), 200, np.uint8)
PLACEMENT = {"scale_x": 0.25, "scale_y": 0.25, "offset_x": 0, "offset_y": 0}


def slide(where: str, library: dict[str, Any]) -> anndata.AnnData:
    points = np.random.default_rng(0).uniform(0, 80, (N, 2))
    obs = pd.DataFrame(index=[f"c{i}" for i in range(N)])
    adata = anndata.AnnData(np.ones((N, 1), np.float32), obs=obs, uns={"spatial": {"slide": library}})
    if where == "obs":  # as Space Ranger names them
        obs["pxl_col_in_fullres"], obs["pxl_row_in_fullres"] = points.T
        adata.obs = obs
    else:
        adata.obsm[where] = points
    if where != "X_umap":
        adata.obsm["X_tsne"] = points / 10
    return adata


@pytest.mark.parametrize("where", ["spatial", "X_spatial", "obs", "X_umap"])
@pytest.mark.parametrize("suffix", ["", ".h5ad"])
def test_spots(where: str, suffix: str, export: Callable[..., Bundle], tmp_path: Path) -> None:
    adata = slide(where, {"images": {"hires": IMAGE}, "scalefactors": FACTORS})
    source: Any = adata
    if suffix:
        source = tmp_path / "in.h5ad"
        adata.write_h5ad(source)
    options = {"coords": "obs:pxl_col_in_fullres,pxl_row_in_fullres"} if where == "obs" else {}
    bundle = export(source, genes="none", **options)
    first, *others = bundle.stream.atlas["embeddings"]
    are_pixels = where != "X_umap"
    assert first.get("spot_diameter") == (17.5 if are_pixels else None)
    assert bundle.manifest["image"].get("placement") == (PLACEMENT if are_pixels else None)
    assert all("spot_diameter" not in other for other in others)


@pytest.mark.parametrize(
    ("library", "options", "expected"),
    [
        ({"scalefactors": FACTORS}, {}, 17.5),
        ({"scalefactors": FACTORS}, {"leave_out": "uns"}, None),
        ({"images": {"hires": IMAGE}, "scalefactors": FACTORS}, {"image": False}, 17.5),
        ({"images": {"hires": IMAGE}, "scalefactors": FACTORS}, {"leave_out": "uns"}, None),
        ({"scalefactors": {"spot_diameter_fullres": -1.0}}, {}, None),
        ({"scalefactors": {"spot_diameter_fullres": "large"}}, {}, None),
        ({"scalefactors": 3}, {}, None),
    ],
)
def test_spots_without_an_image(
    library: dict[str, Any], options: dict[str, Any], expected: float | None, export: Callable[..., Bundle]
) -> None:
    bundle = export(slide("spatial", library), genes="none", **options)
    assert bundle.stream.atlas["embeddings"][0].get("spot_diameter") == expected

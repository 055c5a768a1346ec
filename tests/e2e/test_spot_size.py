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


@pytest.mark.parametrize("where", ["spatial", "obs", "X_umap"])
@pytest.mark.parametrize("suffix", ["", ".h5ad", ".zarr"])
@pytest.mark.filterwarnings("ignore")
def test_the_length_of_a_pixel(
    where: str, suffix: str, export: Callable[..., Bundle], tmp_path: Path
) -> None:
    adata = slide(where, {"scalefactors": FACTORS | {"microns_per_pixel": 0.2738}})
    source: Any = adata
    if suffix:
        source = tmp_path / f"in{suffix}"
        adata.write_h5ad(source) if suffix == ".h5ad" else adata.write_zarr(source)
    options = {"coords": "obs:pxl_col_in_fullres,pxl_row_in_fullres"} if where == "obs" else {}
    first, *others = export(source, genes="none", **options).stream.atlas["embeddings"]
    assert first.get("microns_per_unit") == (None if where == "X_umap" else 0.2738)
    assert all("microns_per_unit" not in other for other in others)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ([0.25, None], 0.25),
        ([0.25, 0.252], 0.25),
        ([0.25, 0.5], None),
        ([0.0], None),
        ([-1.0], None),
        ([np.inf], None),
        ([np.nan], None),
        (["0.25 µm"], None),
    ],
)
def test_lengths_of_several_slides(
    stated: list[Any], expected: float | None, export: Callable[..., Bundle]
) -> None:
    adata = slide("spatial", {})
    for at, each in enumerate(stated):
        factors = FACTORS | ({} if each is None else {"microns_per_pixel": each})
        adata.uns["spatial"][f"slide {at}"] = {"scalefactors": factors}
    first = export(adata, genes="none").stream.atlas["embeddings"][0]
    assert first.get("microns_per_unit") == expected
    left = export(adata, genes="none", leave_out="uns:spatial").stream.atlas["embeddings"][0]
    assert "microns_per_unit" not in left

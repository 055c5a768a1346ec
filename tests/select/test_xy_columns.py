"""Coordinates in obs by the names that programs give them."""

from __future__ import annotations

import pytest

from karospace_stream.model.catalog import ColumnKind
from karospace_stream.select.coords import choose_embeddings
from karospace_stream.select.xy_columns import find_xy
from tests.select.catalogs import catalog, column

USUAL = [
    "centroid_x,centroid_y",
    "x_centroid,y_centroid",
    "X_centroid,Y_centroid",
    "X_position,Y_position",
    "center_x,center_y",
    "CENTER_X,CENTER_Y",
    "CenterX_global_px,CenterY_global_px",
    "CenterX_local_px,CenterY_local_px",
    "x_slide_mm,y_slide_mm",
    "imagecol,imagerow",
    "pxl_col_in_fullres,pxl_row_in_fullres",
    "Xcorr,Ycorr",
    "x,y",
    "X,Y",
    "x_location,y_location",
    "Pos_X,Pos_Y",
    "pos_x,pos_y",
    "sdimx,sdimy",
    "xcoord,ycoord",
    "X_coordinate,Y_coordinate",
    "Centroid X µm,Centroid Y µm",
    "Centroid.X.px,Centroid.Y.px",
    "Location_Center_X,Location_Center_Y",
    "AreaShape_Center_X,AreaShape_Center_Y",
    "cell_centroid_x,cell_centroid_y",
    "global_x,global_y",
    "spatial_x,spatial_y",
    "spatial_1,spatial_2",
    "x_um,y_um",
    "longitude,latitude",
    "UMAP_1,UMAP_2",
    "tSNE_1,tSNE_2",
    "array_col,array_row",
]


def found(*names: str, kind: ColumnKind = "float") -> list[str]:
    return [f"{pair.x},{pair.y}" for pair in find_xy([column(name, kind) for name in names])]


@pytest.mark.parametrize("pair", USUAL)
def test_usual_names(pair: str) -> None:
    x, y = pair.split(",")
    assert found("depth", y, "n_genes", x) == [pair]
    assert found(x, y, kind="integer") == [pair]
    assert found(x, y, kind="string") == []
    assert found(x) == found(y) == []


@pytest.mark.parametrize(
    "names",
    [
        ("max_x", "max_y"),
        ("x_centroid", "y_position"),
        ("score_x", "score_y"),
        ("percent_X", "percent_Y"),
        ("index", "indey"),
        ("x", "z"),
        ("umap_x", "tsne_y"),
        ("x_y", "y_x"),
    ],
    ids=str,
)
def test_what_is_no_pair(names: tuple[str, str]) -> None:
    assert found(*names) == []


def test_the_best_comes_first() -> None:
    cosmx = ["CenterX_local_px", "CenterY_local_px", "CenterX_global_px", "CenterY_global_px", "x", "y"]
    assert found(*cosmx) == [
        "CenterX_global_px,CenterY_global_px",
        "x,y",
        "CenterX_local_px,CenterY_local_px",
    ]
    assert found("X", "Y", "x", "y") == ["x,y", "X,Y"]
    assert found("x", "Y") == ["x,Y"]
    visium = ["array_row", "array_col", "pxl_row_in_fullres", "pxl_col_in_fullres"]
    assert found(*visium) == ["pxl_col_in_fullres,pxl_row_in_fullres", "array_col,array_row"]
    assert found("x_centroid", "y_centroid", "centroid_x", "centroid_y")[0] == "centroid_x,centroid_y"


@pytest.mark.parametrize(
    ("coords", "y_down"),
    [
        ("obs:imagecol,imagerow", True),
        ("obs:lon,lat", False),
        ("obs:a,b", True),
        ("obs:umap_1,umap_2", False),
    ],
)
def test_the_way_up(coords: str, y_down: bool) -> None:
    names = coords.removeprefix("obs:").split(",")
    there = catalog(obs=dict.fromkeys(names, "float"))
    assert choose_embeddings(there, coords)[0].y_down is y_down

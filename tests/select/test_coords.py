"""Which coordinates: every spelling, and what is found when nothing is named."""

from __future__ import annotations

import pytest

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.model.catalog import ColumnKind
from karospace_stream.select import choose_embeddings, list_drawable
from karospace_stream.select.embedding_names import field_of
from tests.select.catalogs import catalog

XY: dict[str, ColumnKind] = {"x": "float", "y": "integer"}


def spelled(coords: str = "auto", **there: dict[str, object]) -> list[str]:
    return [choice.spelling for choice in choose_embeddings(catalog(**there), coords)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("obsm", "obs", "first"),
    [
        ({"X_umap": 2, "spatial": 2}, {"centroid_x": "float", "centroid_y": "float"}, "obsm:spatial"),
        ({"X_umap": 2}, {"centroid_x": "float", "centroid_y": "float"}, "obs:centroid_x_y"),
        ({"X_umap": 2}, {"centroid_x": "float", "centroid_y": "category"}, "obsm:X_umap"),
        ({"X_pca": 50, "X_tsne": 2, "X_zoo": 2}, XY, "obsm:X_tsne"),
        ({"X_pca": 50}, XY, "obs:x,y"),
        ({"X_pca": 50}, {"array_row": "integer", "array_col": "integer"}, "obsm:X_pca"),
        ({"X_umap": 2, "X_spatial": 2}, {"centroid_x": "float", "centroid_y": "float"}, "obsm:X_spatial"),
        ({"PCA": 8, "TSNE": 2, "UMAP": 2}, XY, "obsm:UMAP"),
        ({"pca": 8, "t-SNE": 2, "other": 2}, {}, "obsm:t-SNE"),
        ({"protein": 20, "pca": 2}, {}, "obsm:pca"),
        ({"protein": 20, "X_pca": 5}, {}, "obsm:X_pca"),
        ({"velocity_umap": 2, "scvi_umap": 2}, {}, "obsm:scvi_umap"),
        ({"X_umap_harmony": 2, "X_umap_3d": 3, "umap": 2}, {}, "obsm:umap"),
        ({"spatial_umap": 2, "spatial_fov": 2}, {}, "obsm:spatial_fov"),
        ({"other": 2}, XY, "obs:x,y"),
        ({"other": 1, "more": 9}, {"x": "float"}, "obsm:more"),
        ({"spatial": 1}, {"x_centroid": "float", "y_centroid": "float"}, "obs:x_centroid,y_centroid"),
    ],
)
def test_found_by_itself(obsm: dict[str, int], obs: dict[str, ColumnKind], first: str) -> None:
    assert spelled(obsm=obsm, obs=obs)[0] == first


def test_nothing_to_draw() -> None:
    with pytest.raises(BadInputError, match=r"file.h5ad: .*narrow: 1.*--coords obs:X,Y"):
        spelled(obsm={"narrow": 1}, obs={"x": "float", "y": "string"})
    with pytest.raises(BadInputError, match="it is empty"):
        spelled()


def test_damaged_coordinates_are_named() -> None:
    damaged = (("obsm/X_umap", "its codec 'evil' is unknown"), ("obs/batch", "no"))
    with pytest.raises(BadInputError, match=r"\(obsm/X_umap cannot be read: its codec 'evil' is unknown\)"):
        spelled(unreadable=damaged)


def test_further_embeddings_come_along_once() -> None:
    there = {"obsm": {"X_pca": 9, "X_umap": 2, "spatial": 3, "codes": 4, "X_one": 1}, "obs": XY}
    assert spelled("obs:x,y", **there) == ["obs:x,y", "obsm:spatial", "obsm:X_umap", "obsm:X_pca"]
    assert spelled("obsm:codes", **there)[0] == "obsm:codes"
    assert spelled("obsm:X_pca", **there) == ["obsm:X_pca", "obsm:spatial", "obsm:X_umap"]


def test_all_that_is_flat_is_an_embedding_but_for_vector_fields() -> None:
    obsm = {
        "PCA": 8,
        "velocity_UMAP": 2,
        "T_fwd_umap_3d": 3,
        "velocity_pca": 8,
        "protein": 20,
        "cells": 2,
        "X_spatial": 2,
        "TSNE": 2,
        "scvi_umap": 2,
        "X_umap_3d": 3,
        "UMAP": 2,
        "drift_spatial": 2,
        "line": 1,
    }
    expected = ["X_spatial", "UMAP", "X_umap_3d", "scvi_umap", "TSNE", "cells", "PCA"]
    assert spelled(obsm=obsm) == [f"obsm:{key}" for key in expected]
    named = choose_embeddings(catalog(obsm), "auto", ["cells"])
    assert "cells" not in [choice.key for choice in named]
    offered = [choice.spelling for choice in list_drawable(catalog(obsm, XY))]
    assert offered == [
        *(f"obsm:{key}" for key in expected[:-2]),
        "obs:x,y",
        "obsm:cells",
        "obsm:PCA",
        "obsm:protein",
    ]


@pytest.mark.parametrize(
    ("key", "keys", "found"),
    [
        ("velocity_umap", [], ("velocity", "umap")),
        ("velocity_UMAP_2d", ["UMAP"], ("velocity", "umap")),
        ("T_fwd_X_tsne", [], ("T_fwd", "tsne")),
        ("velocity_scvi_umap", ["scvi_umap"], ("velocity", "scvi_umap")),
        ("velocity_space", [], None),
        ("velocity_space", ["X_space"], ("velocity", "space")),
        ("scvi_umap", ["X_umap"], None),
        ("harmony_umap", ["umap"], None),
        ("X_velocity_umap", ["X_umap"], None),
        ("velocity", ["X_umap"], None),
        ("umap", ["X_umap"], None),
    ],
)
def test_fields_of_movement(key: str, keys: list[str], found: tuple[str, str] | None) -> None:
    assert field_of(key, keys) == found


def test_dimensions_and_the_way_up() -> None:
    there = catalog({"X_umap": 3, "X_pca": 50, "spatial": 2, "X_spatial": 2}, XY)
    choices = choose_embeddings(there, "obs:x,y")
    found = {choice.key: (choice.n_dims, choice.y_down) for choice in choices}
    assert found == {
        "x, y": (2, True),
        "X_umap": (3, False),
        "X_pca": (2, False),
        "spatial": (2, True),
        "X_spatial": (2, True),
    }


def test_any_key_and_any_two_columns() -> None:
    obs: dict[str, ColumnKind] = {"a, b": "float", "c": "integer", "a": "string", " d": "float", "x": "float"}
    assert spelled("obsm:my: key", obsm={"my: key": 2}) == ["obsm:my: key"]
    assert choose_embeddings(catalog(obs=obs), "obs:a, b,c")[0].source == ("obs", "a, b", "c")
    assert choose_embeddings(catalog(obs=obs), "obs:c,a, b")[0].source == ("obs", "c", "a, b")
    assert choose_embeddings(catalog(obs=obs), "obs:c , x")[0].source == ("obs", "c", "x")
    assert choose_embeddings(catalog(obs=obs), "obs: d,x")[0].source == ("obs", " d", "x")


@pytest.mark.parametrize(
    ("coords", "words"),
    [
        ("obsm:X_umpa", r"--coords: the file has no obsm entry 'X_umpa'; did you mean 'X_umap'"),
        ("obsm:narrow", r"obsm\['narrow'\] must have two columns, x and y, but has one"),
        ("obs:x", "must name two columns of obs, as in obs:x,y; got 'x'"),
        ("obs:x,z", "'z'"),
        ("obs:x,kind", r"obs\['kind'\] must hold numbers, got category values"),
        ("obs:centroid_x_y", "'centroid_x', 'centroid_y'"),
        ("obsm:", "must be auto, obsm:KEY or obs:X,Y; got 'obsm:'"),
        ("spatial", "must be auto, obsm:KEY or obs:X,Y; got 'spatial'"),
        ("", "got ''"),
    ],
)
def test_what_is_not_there(coords: str, words: str) -> None:
    obs: dict[str, ColumnKind] = {"x": "float", "y": "float", "kind": "category"}
    with pytest.raises(BadOptionError, match=words):
        spelled(coords, obsm={"X_umap": 2, "narrow": 1}, obs=obs)

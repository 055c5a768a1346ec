"""Points of 1, 2 and 3 dimensions, and the latent space."""

from __future__ import annotations

import pytest

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.select.points import choose_latent, choose_points
from tests.select.catalogs import catalog


def found(obsm: dict[str, int], wanted: list[str] | None = None, coords: str = "auto") -> dict[int, str]:
    choices = choose_points(catalog(obsm, {"x": "float", "y": "float"}), wanted, coords)
    assert [choice.n_dims for choice in choices] == sorted({choice.n_dims for choice in choices})
    return {choice.n_dims: choice.key for choice in choices}


@pytest.mark.parametrize(
    ("obsm", "points"),
    [
        ({"X_umap": 2}, {2: "X_umap"}),
        ({"X_umap": 3, "X_umap_2d": 2, "X_pca": 50}, {2: "X_umap_2d", 3: "X_umap"}),
        ({"X_umap": 2, "X_umap_2d": 2}, {2: "X_umap_2d"}),
        ({"X_umap_1d": 1, "X_umap_2d": 2, "X_umap_3d": 3}, {1: "X_umap_1d", 2: "X_umap_2d", 3: "X_umap_3d"}),
        ({"X_umap_2d": 3}, {3: "X_umap_2d"}),
        ({"X_tsne": 2, "X_aaa": 2, "spatial": 2}, {2: "X_tsne"}),
        ({"spatial": 2, "X_diffmap": 3}, {2: "spatial", 3: "X_diffmap"}),
        ({"PCA": 8, "TSNE": 2, "UMAP": 2}, {2: "UMAP"}),
        ({"scvi_umap": 2, "velocity_umap": 2, "X_spatial": 2}, {2: "scvi_umap"}),
        ({"X_umap_1d": 1, "dpt": 1, "other": 3}, {1: "X_umap_1d", 2: "x, y", 3: "other"}),
        ({"X_pca": 50}, {2: "x, y"}),
    ],
)
def test_the_usual_names(obsm: dict[str, int], points: dict[int, str]) -> None:
    assert found(obsm) == points


def test_what_is_named_and_nothing_else() -> None:
    there = {"X_umap": 2, "X_pca": 50, "a=2": 3, "X_tsne": 2}
    assert found(there, ["X_pca=3", "X_tsne"]) == {2: "X_tsne", 3: "X_pca"}
    assert found(there, ["a=2"]) == {3: "a=2"}
    assert found(there, ["a=2=1"]) == {1: "a=2"}
    assert found({"X_umap": 3}, coords="obs:x,y") == {2: "x, y", 3: "X_umap"}


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (["X_umpa"], "--points: the file has no obsm entry 'X_umpa'; did you mean 'X_umap'"),
        (
            ["X_pca"],
            r"obsm\['X_pca'\] must have 1, 2 or 3 columns, got 50; take the first ones with --points X_pca=2",
        ),
        (["X_pca=4"], "must have 1, 2 or 3 columns"),
        (["X_umap=3"], r"obsm\['X_umap'\] must have .* got 2"),
        (["X_umap", "X_tsne"], "got 'X_umap' and 'X_tsne' for 2; leave out one of them"),
    ],
)
def test_what_cannot_be(wanted: list[str], words: str) -> None:
    with pytest.raises(BadOptionError, match=words):
        found({"X_umap": 2, "X_tsne": 2, "X_pca": 50}, wanted)


def test_nothing_narrow() -> None:
    assert choose_points(catalog({"X_pca": 50, "proteins": 9}), None, "auto")[0].spelling == "obsm:X_pca"
    with pytest.raises(BadInputError, match=r"it is empty.*--coords obs:X,Y \(depth\), add a table"):
        choose_points(catalog({}, {"depth": "float"}), None, "auto")


def test_the_latent_space() -> None:
    there = catalog({"X_umap": 2, "X_pca": 50, "X_scVI": 10, "Z": 7})
    points = choose_points(there, None, "auto")
    assert choose_latent(there, None, points).key == "X_pca"
    named = choose_latent(there, "Z", points)
    assert (named.source, named.n_dims) == (("obsm", "Z"), 7)
    only = catalog({"X_umap": 2, "X_umap_3d": 3})
    assert choose_latent(only, None, choose_points(only, None, "auto")).key == "X_umap_3d"
    with pytest.raises(BadOptionError, match="--latent"):
        choose_latent(there, "X", points)

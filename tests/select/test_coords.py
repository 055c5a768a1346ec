"""Which coordinates: every spelling, and what is found when nothing is named."""

from __future__ import annotations

import pytest

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.model.catalog import ColumnKind
from karospace_stream.select import choose_embeddings
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
        ({"X_pca": 50}, XY, "obsm:X_pca"),
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


def test_further_embeddings_come_along_once() -> None:
    there = {"obsm": {"X_pca": 9, "X_umap": 2, "spatial": 3, "codes": 4, "X_one": 1}, "obs": XY}
    assert spelled("obs:x,y", **there) == ["obs:x,y", "obsm:X_umap", "obsm:X_pca", "obsm:spatial"]
    assert spelled("obsm:codes", **there)[0] == "obsm:codes"
    assert spelled("obsm:X_pca", **there) == ["obsm:X_pca", "obsm:X_umap", "obsm:spatial"]


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
        ("obsm:X_umpa", r"--coords: 1 obsm entry is not in the file: 'X_umpa' .*'X_umap'"),
        ("obsm:narrow", r"obsm\['narrow'\] has one column; two were wanted"),
        ("obs:x", "wants two columns, as in obs:x,y; got 'x'"),
        ("obs:x,z", "'z'"),
        ("obs:x,kind", r"obs\['kind'\] holds no numbers but category values"),
        ("obs:centroid_x_y", "'centroid_x', 'centroid_y'"),
        ("obsm:", "wants auto, obsm:KEY or obs:X,Y; got 'obsm:'"),
        ("spatial", "wants auto, obsm:KEY or obs:X,Y; got 'spatial'"),
        ("", "got ''"),
    ],
)
def test_what_is_not_there(coords: str, words: str) -> None:
    obs: dict[str, ColumnKind] = {"x": "float", "y": "float", "kind": "category"}
    with pytest.raises(BadOptionError, match=words):
        spelled(coords, obsm={"X_umap": 2, "narrow": 1}, obs=obs)

"""The neighbour graph and vector fields."""

from __future__ import annotations

from dataclasses import replace

import pytest

from karospace_stream.errors import BadOptionError
from karospace_stream.select.relations import basis_of, choose_graph, choose_vectors
from tests.select.catalogs import catalog


def test_the_graph() -> None:
    there = replace(catalog({}), obsp=("distances", "spatial_connectivities", "connectivities"))
    assert choose_graph(there, "auto") == "connectivities"
    assert choose_graph(there, "distances") == "distances"
    assert choose_graph(there, "none") is None
    assert choose_graph(replace(there, obsp=("distances",)), "auto") is None
    with pytest.raises(BadOptionError, match="--graph: the file has no obsp entry 'graph'"):
        choose_graph(there, "graph")


VECTORS = {"velocity_umap": 2, "T_fwd_umap_3d": 3, "velocity_pca": 50, "X_umap": 2, "umap": 2, "v_tsne": 2}


def test_vectors_by_their_names() -> None:
    def keys(bases: list[str], wanted: list[str] | None = None) -> list[str]:
        return [choice.key for choice in choose_vectors(catalog(VECTORS), wanted, bases)]

    assert keys(["umap"]) == ["velocity_umap", "T_fwd_umap_3d"]
    assert keys(["umap_2d", "tsne"]) == ["velocity_umap", "T_fwd_umap_3d", "v_tsne"]
    assert keys(["umap"], ["umap", "v_tsne"]) == ["umap", "v_tsne"]
    assert keys(["umap"], ["none"]) == []
    with pytest.raises(BadOptionError, match=r"obsm\['velocity_pca'\] must have 1 to 3 columns, got 50"):
        keys(["umap"], ["velocity_pca"])
    with pytest.raises(BadOptionError, match="'speed'"):
        keys(["umap"], ["speed"])


def test_the_longest_basis_wins() -> None:
    assert basis_of("velocity_scvi_umap", ["umap", "scvi_umap"]) == "scvi_umap"
    assert basis_of("velocity_umap_2d", ["umap_3d"]) == "umap_3d"
    assert basis_of("velocity", ["umap"]) is None

"""The manifests as strict JSON: the keys that the format has, and hostile names unharmed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karospace_stream.formats.cellucid.layout.graph import graph_manifest
from karospace_stream.formats.cellucid.layout.identity import (
    ObsField,
    Settings,
    dataset,
    default_dimension,
    identity,
)
from karospace_stream.formats.cellucid.layout.names import Layout
from karospace_stream.formats.cellucid.layout.obs import (
    CategoricalField,
    ContinuousField,
    Label,
    obs_manifest,
)
from karospace_stream.formats.cellucid.layout.stored import CodesDtype, Stored
from karospace_stream.formats.cellucid.layout.var import Gene, var_manifest
from karospace_stream.formats.cellucid.layout.vectors import VectorField
from karospace_stream.model.blob import Blob
from tests.oracle.strict import parse_json

PLAIN, ZIPPED = Layout(gzip=False), Layout(gzip=True)


def content(blob: Blob, key: str) -> Any:
    assert (blob.key, blob.media_type) == (key, "application/json")
    assert blob.data.isascii()
    return parse_json(blob.data)


def test_obs() -> None:
    fields = [
        ContinuousField("n", 0.0, 2.5),
        CategoricalField("kind", ("a", "b"), CodesDtype("uint8"), {2: [Label("b", (0.5, -1), 12)]}, 0.1, 1.0),
        ContinuousField("m", -1.0, 0.0),
    ]
    blob = obs_manifest(ZIPPED, 5, fields, stored=Stored(8), compression=6, centroid_quantile=0.95)
    assert content(blob, "obs_manifest.json") == {
        "_format": "compact_v1",
        "n_points": 5,
        "centroid_outlier_quantile": 0.95,
        "latent_key": "latent_space",
        "compression": 6,
        "_obsSchemas": {
            "continuous": {
                "pathPattern": "obs/{key}.values.u8.gz",
                "ext": "u8",
                "dtype": "uint8",
                "quantized": True,
                "quantizationBits": 8,
            },
            "categorical": {
                "codesPathPattern": "obs/{key}.codes.{ext}.gz",
                "outlierPathPattern": "obs/{key}.outliers.u8.gz",
                "outlierExt": "u8",
                "outlierDtype": "uint8",
                "outlierQuantized": True,
            },
        },
        "_continuousFields": [["n", 0.0, 2.5], ["m", -1.0, 0.0]],
        "_categoricalFields": [
            [
                "kind",
                ["a", "b"],
                "uint8",
                255,
                {"2": [{"category": "b", "position": [0.5, -1], "n_points": 12}]},
                0.1,
                1.0,
            ]
        ],
    }


def test_obs_as_float32() -> None:
    fields = [ContinuousField("n"), CategoricalField("k", (), CodesDtype("uint16"), {1: [], 3: []})]
    blob = obs_manifest(PLAIN, 5, fields, stored=Stored(), compression=None, centroid_quantile=None)
    parsed = content(blob, "obs_manifest.json")
    assert parsed["_obsSchemas"]["continuous"] == {
        "pathPattern": "obs/{key}.values.f32",
        "ext": "f32",
        "dtype": "float32",
        "quantized": False,
    }
    assert parsed["_obsSchemas"]["categorical"]["outlierQuantized"] is False
    assert parsed["_continuousFields"] == [["n"]]
    assert parsed["_categoricalFields"] == [["k", [], "uint16", 65_535, {"1": [], "3": []}]]
    assert (parsed["compression"], parsed["centroid_outlier_quantile"]) == (None, None)


def test_no_columns() -> None:
    blob = obs_manifest(PLAIN, 5, [], stored=Stored(), compression=None, centroid_quantile=0.95)
    assert content(blob, "obs_manifest.json")["_obsSchemas"] == {}


@given(st.lists(st.text(), max_size=6), st.sampled_from([None, 8, 16]))
def test_var(keys: list[str], bits: Any) -> None:
    genes = [Gene(key, 0.0, 1.5) if bits else Gene(key) for key in keys]
    blob = var_manifest(PLAIN, 7, genes, stored=Stored(bits), compression=None, id_column="ïd")
    extension = {None: "f32", 8: "u8", 16: "u16"}[bits]
    schema = {
        "kind": "continuous",
        "pathPattern": f"var/{{key}}.values.{extension}",
        "ext": extension,
        "dtype": {None: "float32", 8: "uint8", 16: "uint16"}[bits],
        "quantized": bits is not None,
    }
    assert content(blob, "var_manifest.json") == {
        "_format": "compact_v1",
        "n_points": 7,
        "var_gene_id_column": "ïd",
        "compression": None,
        "quantization": bits,
        "_varSchema": schema | ({"quantizationBits": bits} if bits else {}),
        "fields": [[key, 0.0, 1.5] if bits else [key] for key in keys],
    }


@pytest.mark.parametrize(
    ("n_cells", "dtype", "width"),
    [(1, "uint16", 2), (65_535, "uint16", 2), (65_536, "uint32", 4), (2**32, "uint64", 8)],
)
def test_graph(n_cells: int, dtype: str, width: int) -> None:
    blob = graph_manifest(ZIPPED, n_cells, n_edges=3, max_neighbours=2, compression=1)
    assert content(blob, "connectivity_manifest.json") == {
        "format": "edge_pairs",
        "n_cells": n_cells,
        "n_edges": 3,
        "max_neighbors": 2,
        "index_bytes": width,
        "index_dtype": dtype,
        "sourcesPath": "connectivity/edges.src.bin.gz",
        "destinationsPath": "connectivity/edges.dst.bin.gz",
        "compression": 1,
    }


def an_identity(**others: Any) -> Any:
    terms: dict[str, Any] = {
        "n_cells": 5,
        "n_genes": 9,
        "n_edges": None,
        "dimensions": [3, 1],
        "obs_fields": [ObsField("</script>", 0), ObsField("n"), ObsField("k", 2)],
        "vectors": [],
        "settings": Settings(6, Stored(8), Stored(), "auto"),
        "created_at": "2026-01-01T00:00:00Z",
        "generator": "karospace-stream 1",
    }
    blob = identity(ZIPPED, others.pop("about", dataset("folder")), **(terms | others))
    assert blob.data.startswith(b'{\n  "version": 2,')
    return content(blob, "dataset_identity.json")


def test_identity() -> None:
    assert an_identity() == {
        "version": 2,
        "id": "folder",
        "name": "folder",
        "description": "",
        "created_at": "2026-01-01T00:00:00Z",
        "cellucid_data_version": "karospace-stream 1",
        "stats": {
            "n_cells": 5,
            "n_genes": 9,
            "n_obs_fields": 3,
            "n_categorical_fields": 2,
            "n_continuous_fields": 1,
            "has_connectivity": False,
            "n_edges": None,
        },
        "embeddings": {
            "available_dimensions": [1, 3],
            "default_dimension": 3,
            "files": {"1d": "points_1d.bin.gz", "3d": "points_3d.bin.gz"},
        },
        "obs_fields": [
            {"key": "</script>", "kind": "category", "n_categories": 0},
            {"key": "n", "kind": "continuous"},
            {"key": "k", "kind": "category", "n_categories": 2},
        ],
        "export_settings": {
            "compression": 6,
            "var_quantization": 8,
            "obs_continuous_quantization": None,
            "obs_categorical_dtype": "auto",
        },
    }


def test_an_identity_with_graph_source_and_vectors() -> None:
    about = dataset("f", name="A b", source_url="u", source_citation="", description="d")
    parsed = an_identity(about=about, n_edges=0, vectors=[VectorField("v_umap", 3, "v_umap")])
    assert (parsed["id"], parsed["name"], parsed["description"]) == ("A_b", "A b", "d")
    assert parsed["source"] == {"url": "u"}
    assert (parsed["stats"]["has_connectivity"], parsed["stats"]["n_edges"]) == (True, 0)
    assert parsed["vector_fields"]["fields"]["v_umap"]["files"] == {"3d": "vectors/v_umap_3d.bin.gz"}


@pytest.mark.parametrize(
    ("given_names", "id", "name"),
    [
        ({}, "my_export", "my export"),
        ({"name": ""}, "my_export", ""),
        ({"name": "N/1"}, "N_1", "N/1"),
        ({"name": "N", "id": "x y"}, "x y", "N"),
        ({"id": ""}, "", "my export"),
    ],
)
def test_what_is_not_given_is_taken_from_the_folder(given_names: Any, id: str, name: str) -> None:
    made = dataset("my export", **given_names)
    assert (made.id, made.name) == (id, name)


def test_default_dimensions() -> None:
    assert [default_dimension(dims) for dims in ([1, 2, 3], [2, 1], [1])] == [3, 2, 1]


def test_what_is_no_number_is_no_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        var_manifest(PLAIN, 1, [Gene("a", float("nan"), 1.0)], stored=Stored(8), compression=None)

"""Manifest and atlas: strict JSON, the documented keys, names that are numbers."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karospace_stream.encode.arrays import ArrayKind
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.atlas import (
    AtlasColumn,
    AtlasEmbedding,
    atlas_blob,
    classic_genes,
    gene_table,
)
from karospace_stream.formats.karospace.layout.cells.relations import AtlasGraph, AtlasVectors
from karospace_stream.formats.karospace.layout.manifest import Asset, Heading, PlacedImage, manifest_blob
from karospace_stream.formats.karospace.layout.parts import asset_nbytes, cuts
from karospace_stream.model.blob import Receipt
from karospace_stream.model.selection import PageNote

HEADING = Heading("naïve </script>", "2026-01-01T00:00:00+00:00", "karospace-stream 0", 5, gzip=True)
IMAGE = PlacedImage("assets/image.png", 6, 4, (0.5, 0.5, 1.0, -1.0))


def strict(data: bytes) -> Any:
    def refuse(name: str) -> None:
        raise ValueError(name)

    return json.loads(data, parse_constant=refuse)


def receipt(key: str, size: int = 3) -> Receipt:
    return Receipt(key, size, 0)


def manifest(**others: Any) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "coordinate_source": "obsm:X_umap",
        "columns": ["kind", "__proto__"],
        "labels": ["../../x", "</script>"],
        "assets": [Asset("obs_csv", receipt("assets/obs_000.csv.gz"))],
        "expression": [[(receipt("a"), 0, 3), (receipt("b"), 3, 5)], [(receipt("c"), 0, 5)]],
        "image": None,
        "preview": False,
    }
    blob = manifest_blob(HEADING, **(terms | others))
    assert (blob.key, blob.media_type) == ("manifest.json", "application/json")
    assert blob.data.startswith(b'{\n  "')
    parsed: dict[str, Any] = strict(blob.data)
    return parsed


def test_manifest() -> None:
    assert manifest() == {
        "dataset_name": "naïve </script>",
        "n_cells": 5,
        "n_genes_exported": 2,
        "coordinate_source": "obsm:X_umap",
        "annotation_columns": ["kind", "__proto__"],
        "gene_list": ["../../x", "</script>"],
        "asset_files": [{"kind": "obs_csv", "path": "assets/obs_000.csv.gz", "size_bytes": 3}],
        "expression": {
            "format": "per_gene_float32_v1",
            "dtype": "float32",
            "n_cells": 5,
            "gzip": True,
            "genes": [
                {
                    "gene": "../../x",
                    "index": 0,
                    "chunks": [
                        {"path": "a", "start": 0, "end": 3, "size_bytes": 3},
                        {"path": "b", "start": 3, "end": 5, "size_bytes": 3},
                    ],
                },
                {
                    "gene": "</script>",
                    "index": 1,
                    "chunks": [{"path": "c", "start": 0, "end": 5, "size_bytes": 3}],
                },
            ],
        },
        "schema_version": "1.0.0",
        "created_at": "2026-01-01T00:00:00+00:00",
        "stream": {"version": 1, "path": "atlas.json"},
    }


def test_the_stream_layer_is_named_first() -> None:
    """The page reads on only until then, and a manifest lists every part of every gene."""
    assert next(iter(manifest())) == "stream"


def test_image_and_preview() -> None:
    made = manifest(image=IMAGE, preview=True)
    assert made["preview_path"] == "preview.png"
    placement = {"scale_x": 0.5, "scale_y": 0.5, "offset_x": 1.0, "offset_y": -1.0}
    assert made["image"] == {"path": "assets/image.png", "width": 6, "height": 4, "placement": placement}
    assert "placement" not in PlacedImage("assets/image.png", 6, 4).entry()


def test_a_label_for_every_gene() -> None:
    with pytest.raises(ValueError, match="zip"):
        manifest(labels=["one"])


def atlas(**others: Any) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "n_genes": 2,
        "cell_ids": [(receipt("ids"), 0, 5)],
        "embeddings": [],
        "columns": [],
        "vectors": [],
        "graph": None,
        "gene_table": receipt("assets/genes.json.gz", 9),
        "expression": classic_genes(HEADING, (0, 3, 5)),
        "images": [],
        "notes": [],
        "preview": False,
    }
    blob = atlas_blob(HEADING, **(terms | others))
    assert blob.key == "atlas.json"
    assert b"\n" not in blob.data
    parsed: dict[str, Any] = strict(blob.data)
    return parsed


def test_atlas() -> None:
    made = atlas()
    assert list(made) == [
        *("format", "version", "dataset_name", "created_at", "generator", "n_cells", "n_genes"),
        *("cell_ids", "embeddings", "columns", "genes"),
    ]
    assert (made["format"], made["version"], made["n_cells"], made["n_genes"]) == (
        "karospace-stream",
        1,
        5,
        2,
    )
    assert made["genes"]["table"] == {"path": "assets/genes.json.gz", "size_bytes": 9}
    assert made["genes"]["expression"]["cuts"] == [0, 3, 5]
    assert atlas(images=[IMAGE], preview=True)["preview_path"] == "preview.png"


def test_an_image_of_some_cells_is_not_that_of_the_base_layer() -> None:
    assert atlas(images=[IMAGE])["image"]["path"] == IMAGE.path
    notes = [PageNote("Said."), PageNote("So.", "slide")]
    made = atlas(images=[replace(IMAGE, library="s1", column="slide", category="s1")], notes=notes)
    assert "image" not in made
    assert made["images"] == [
        {**IMAGE.entry(), "library": "s1", "column": "slide", "category": "s1", "embedding": 0}
    ]
    assert made["notes"] == ["Said.", "So."]
    assert made["overlapping_sections"] == {"column": "slide", "note": 1}


def test_embeddings_without_a_finite_value_have_null_bounds() -> None:
    entry = AtlasEmbedding(
        "X_umap", "obsm:X_umap", 2, False, (0.0, 0.0), (None, 1.0), (None, 2.0), [(receipt("p"), 0, 5)]
    ).entry()
    assert entry["label"] == "umap"
    assert entry["y_axis"] == "up"
    assert (entry["minimum"], entry["maximum"]) == ([None, 1.0], [None, 2.0])


def test_columns_say_only_what_their_kind_has() -> None:
    part = [(receipt("p"), 0, 5)]
    entries = {
        "category": AtlasColumn("a", ArrayKind("category", "uint8", 255), part, ("x",), ("#000000",)),
        "number": AtlasColumn("b", ArrayKind("number", "float32"), part),
        "bool": AtlasColumn("c", ArrayKind("bool", "uint8", 255), part),
        "string": AtlasColumn("d", ArrayKind("string"), part),
    }
    keys = {kind: [*column.entry()][2:-1] for kind, column in entries.items()}
    assert keys == {
        "category": ["dtype", "missing", "categories", "colors"],
        "number": ["dtype", "minimum", "maximum"],
        "bool": ["dtype", "missing"],
        "string": [],
    }


def test_relations() -> None:
    parts = [(receipt("assets/a.bin", 8), 0, 2)]
    made = atlas(
        vectors=[AtlasVectors("T_fwd_umap_2d", "T_fwd_umap", 1, 2, parts)],
        graph=AtlasGraph("connectivities", 2, 3, "uint16", parts, parts),
    )
    part = {"path": "assets/a.bin", "start": 0, "end": 2, "size_bytes": 8}
    assert made["vectors"] == [
        {
            "key": "T_fwd_umap_2d",
            "label": "T fwd (UMAP)",
            "embedding": 1,
            "dims": 2,
            "dtype": "float32",
            "parts": [part],
        }
    ]
    assert made["graph"] == {
        "key": "connectivities",
        "n_edges": 2,
        "max_neighbors": 3,
        "dtype": "uint16",
        "sources": [part],
        "targets": [part],
    }


def test_gene_table() -> None:
    with_ids = strict(gene_table(["é"], ["ENSG1"], [7], [0.0], [math.pi], [0.5], [0.25]))
    assert with_ids.pop("id") == ["ENSG1"]
    table = strict(gene_table(["é"], [], [7], [0.0], [math.pi], [0.5], [0.25]))
    assert table == with_ids
    assert table == {
        "name": ["é"],
        "source_index": [7],
        "minimum": [0.0],
        "maximum": [math.pi],
        "mean": [0.5],
        "share": [0.25],
    }


@pytest.mark.parametrize("gzip", [False, True])
def test_names(gzip: bool) -> None:
    end = ".gz" if gzip else ""
    assert names.expression(7, 12, gzip) == f"assets/expression/gene_00007_part_012.bin{end}"
    assert names.expression(123_456, 1_000, gzip) == f"assets/expression/gene_123456_part_1000.bin{end}"
    pattern = names.expression_pattern(gzip).replace("{gene}", "00007").replace("{part}", "012")
    assert pattern == names.expression(7, 12, gzip)
    assert names.obs_csv(1, gzip) == f"assets/obs_001.csv{end}"
    assert names.obs_json(1, gzip) == f"assets/obs_records_001.json{end}"
    assert names.coords_json(1, gzip) == f"assets/coords_001.json{end}"
    assert names.var_csv(1, gzip) == f"assets/var_001.csv{end}"


@given(st.integers(0, 5_000), st.integers(0, 3_000), st.integers(0, 70))
def test_parts_are_contiguous_and_small(n_items: int, limit: int, item: int) -> None:
    made = cuts(n_items, limit, item)
    assert made[0] == 0
    assert made[-1] == n_items
    steps = [after - before for before, after in itertools.pairwise(made)]
    assert steps
    if n_items:
        assert min(steps) >= 1
        assert all(step == 1 or step * item <= limit for step in steps)
        assert len(set(steps[:-1])) <= 1


def test_the_limit_is_in_mebibytes() -> None:
    assert asset_nbytes(16) == 16 * 2**20
    assert asset_nbytes(0.001) == 1_048

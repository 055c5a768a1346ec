"""Results of tasks as JSON: everything that real exports note survives, and nothing else is ever made."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

import karospace_stream
from karospace_stream.model.blob import Receipt
from karospace_stream.pipeline.resume import ledger
from karospace_stream.pipeline.resume.codec import decode, encode, known_classes
from karospace_stream.pipeline.resume.result_types import result_types
from tests.made.cell_shapes import names, polygons, table, write_long
from tests.made.tissue import make_tissue

Synth = Callable[..., Path]


@dataclass(frozen=True)
class Nothing:
    pass


@dataclass(frozen=True)
class Pair:
    left: Any
    right: Any


TWO = known_classes(Nothing, Pair)


def same(one: Any, other: Any) -> bool:
    """Equal, of the same types all through, with NaN equal to NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, float):
        return repr(one) == repr(other)
    if is_dataclass(one):
        return all(same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


odd_texts = st.text(st.characters(exclude_categories=["Cs"]))
plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | odd_texts
    | arrays.arrays(
        st.sampled_from(["<u4", ">i8", "<f4", "|b1", "<U3"]), arrays.array_shapes(min_dims=0, min_side=0)
    )
)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.integers(0, 9) | odd_texts, inner, max_size=3)
        | st.builds(Pair, inner, inner)
        | st.builds(Nothing)
    ),
    max_leaves=20,
)


@settings(max_examples=200)
@given(values)
def test_odd_values_survive(value: Any) -> None:
    assert same(decode(encode(value), TWO), value)


@pytest.mark.parametrize("value", [np.float32(1), b"bytes", {1, 2}, object(), Pair(1, 2 + 3j), Pair])
def test_what_has_no_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot be recorded"):
        encode(value)
    with pytest.raises(TypeError, match="cannot be recorded"):
        encode([Pair(1, value)])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (encode(Pair(1, 2)), "unknown (kind|class)"),
        (encode((Nothing(), 1)), "unknown (kind|class)"),
        (pickle.dumps(1), ""),
        (b"", ""),
        (encode((1, 2.5, "x"))[:-7], ""),
        (b"[]", ""),
        (
            b'{"kind": "class:system:os", "fields": {"command": {"kind": "plain", "values": ["ls"]}}}',
            "unknown (kind|class)",
        ),
        (b'{"kind": "mixed", "which": [0, 0, 1], "columns": [{"kind": "plain", "values": [1]}]}', ""),
        (b'{"kind": "array", "values": [["|O", [1], "AAAAAAAAAAA="]]}', "objects"),
        (b'{"kind": "array", "values": [["<f8", [1], "AAAA"]]}', ""),
        (b'{"kind": "function", "values": [1]}', "unknown (kind|class)"),
    ],
)
def test_what_is_no_result_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why or None):
        decode(data, result_types())


def test_a_field_that_a_class_has_not_is_refused() -> None:
    content = json.loads(encode(Receipt("a", 1, 2)))
    del content["fields"]["crc32"]
    with pytest.raises(ValueError, match="crc32"):
        decode(json.dumps(content).encode(), result_types())


def test_everything_that_exports_note(
    synth: Synth, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[Any] = []  # of a graph that spills, too: see conftest.py

    def note(self: ledger.Ledger, name: str, result: Any) -> None:
        noted.append(result)
        assert same(decode(encode(result), result_types()), result), name

    monkeypatch.setattr(ledger.Ledger, "note", note)
    both = {"format": ["karospace", "cellucid"], "genes": "all", "anno": ["all"], "strategy": "spill"}
    source = synth(2_000, 30, chunk_values=8_000, n_neighbors=6, vectors=True)
    karospace_stream.export(source, tmp_path / "a", max_asset_mb=0.004, **both)
    karospace_stream.export(
        source, tmp_path / "b", obs_quantization=8, var_quantization=16, centroid_min_points=1, **both
    )
    pictured = shared / "data" / "squidpy_visium_test_data.h5ad"
    wide = tmp_path / "wide.png"  # wider than a window, so that a part of it is passed on
    Image.new("RGB", (4100, 20)).save(wide)
    karospace_stream.export(pictured, tmp_path / "c", genes="hvgs:5", strategy="memory", image={None: wide})
    karospace_stream.export(pictured, tmp_path / "g", genes="none")  # with its own image
    groups = {"group_by": "cell_type", "markers": "wilcoxon", "neighbourhoods": "connectivities"}
    stores = {"format": ["karospace", "anndata"], "strategy": "spill", "latent": "X_umap"}
    karospace_stream.export(source, tmp_path / "d", **stores, **groups)
    loadings = shared / "data" / "cellrank_adata_50.h5ad"  # has varm
    karospace_stream.export(loadings, tmp_path / "e", gene_sets={"some": ["Arpc2"]}, strategy="spill")
    marked = shared / "data" / "anndata_v050_pbmc68k.h5ad"  # has rank_genes_groups
    karospace_stream.export(marked, tmp_path / "f", strategy="spill")
    places = pd.DataFrame({"x": [0.0, 1.0], "y": [1.0, 2.0], "gene": ["Gad1", "Gad1"]})
    places.to_csv(tmp_path / "transcripts.csv", index=False)
    karospace_stream.export(
        pictured, tmp_path / "i", genes="hvgs:5", strategy="memory", transcripts=tmp_path / "transcripts.csv"
    )
    write_long(tmp_path / "shapes.parquet", polygons(20), names(20))
    table(20).write_h5ad(tmp_path / "cells.h5ad")
    outlined = {"shapes": tmp_path / "shapes.parquet", "strategy": "spill"}
    karospace_stream.export(tmp_path / "cells.h5ad", tmp_path / "j", **outlined)
    karospace_stream.export(source, tmp_path / "k", layout="packed", strategy="spill")
    make_tissue("mixed").write_h5ad(tmp_path / "sections.h5ad")
    karospace_stream.export(tmp_path / "sections.h5ad", tmp_path / "h", strategy="spill")
    seen = {type(each) for result in noted for each in ledger.objects_of(result)}
    unseen = {name.partition(":")[0] for name, made in result_types().items() if made not in seen}
    assert unseen <= {
        "Label",
        "TissueWritten",
    }  # in dictionaries, which are not looked into; made of other results

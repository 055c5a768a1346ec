"""Is everything in a bundle what it must be? Every value of every file is compared."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from tests.oracle.groups import assert_statistics
from tests.oracle.preview import preview_pixels, read_png
from tests.oracle.reader import Bundle
from tests.oracle.truth import Truth

FLOAT32_STEP = 2.0**-23


def assert_true(bundle: Bundle, truth: Truth) -> None:
    """Compare all of a bundle; afterwards every file in it has been read."""
    assert bundle.n_cells == bundle.stream.n_cells == len(truth.obs)
    assert bundle.manifest["annotation_columns"] == list(truth.obs)
    assert_genes(bundle, truth)
    assert_expression(bundle, truth)
    assert_tables(bundle, truth)
    assert_columns(bundle, truth)
    assert_coordinates(bundle, truth)
    assert_vectors(bundle, truth)
    assert_graph(bundle, truth)
    assert_statistics(bundle, truth)
    if "image" in bundle.manifest:
        assert bundle.stream.atlas["image"] == bundle.manifest["image"]
        bundle.folder.stored(bundle.manifest["image"]["path"])
    else:
        assert "image" not in bundle.stream.atlas
    assert bundle.folder.read == bundle.folder.files(), "a file that nothing points to"


def assert_genes(bundle: Bundle, truth: Truth) -> None:
    assert bundle.labels == truth.labels
    assert bundle.var() == list(zip(truth.labels, truth.genes.tolist(), strict=True))
    genes = bundle.stream.genes
    assert genes["name"] == truth.labels
    assert genes["source_index"] == truth.genes.tolist()
    if truth.expression.size:
        np.testing.assert_array_equal(genes["minimum"], truth.expression.min(axis=0))
        np.testing.assert_array_equal(genes["maximum"], truth.expression.max(axis=0))
        mean = truth.expression.mean(axis=0, dtype=np.float64)
        np.testing.assert_allclose(genes["mean"], mean, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(genes["share"], (truth.expression != 0).mean(axis=0), rtol=1e-6)


def assert_expression(bundle: Bundle, truth: Truth) -> None:
    cuts = {tuple(bundle.cuts(gene)) for gene in range(len(truth.genes))}
    assert len(cuts) <= 1, "genes are cut at different cells"
    for gene in range(len(truth.genes)):
        values = bundle.expression(gene)
        np.testing.assert_array_equal(values, truth.expression[:, gene], err_msg=f"gene {gene}")
        np.testing.assert_array_equal(values, bundle.stream.expression(gene))


def assert_tables(bundle: Bundle, truth: Truth) -> None:
    names = [str(name) for name in truth.obs.index]
    text, records = bundle.obs_csv(), bundle.obs_json()
    assert [row[0] for row in text] == names
    assert [row["cell_id"] for row in records] == names
    for column, name in enumerate(bundle.table_header[1:], 1):
        expected = plain_values(truth.obs[name])
        same_text([row[column] for row in text], expected, truth.obs[name])
        same_json([row[name] for row in records], expected, truth.obs[name])


def plain_values(column: pd.Series) -> list[Any]:
    """str, int, float, bool, or None where there is no value."""
    missing = column.isna().to_numpy()
    if isinstance(column.dtype, pd.CategoricalDtype):
        labels = [*map(str, column.cat.categories), None]
        return [labels[code] for code in column.cat.codes]
    kind = "b" if pd.api.types.is_bool_dtype(column) else getattr(column.dtype, "kind", "O")
    convert = {"b": bool, "i": int, "u": int, "f": float}.get(kind, str)
    return [None if gone else convert(value) for value, gone in zip(column.array, missing, strict=True)]


def single(column: pd.Series) -> bool:
    """Whether a column's own type has the precision of float32 or less."""
    return isinstance(column.dtype, np.dtype) and column.dtype.kind == "f" and column.dtype.itemsize <= 4


def same_text(got: list[str], expected: list[Any], column: pd.Series) -> None:
    parse = {bool: {"True": True, "False": False}.__getitem__, int: int, float: float, str: str}
    rounded = np.float32 if single(column) else float
    for text, value in zip(got, expected, strict=True):
        if value is None:
            assert text == "", f"{column.name}: {text!r} where there is no value"
            continue
        read = parse[type(value)](text)
        if isinstance(value, float):
            read, value = rounded(read), rounded(value)
        assert read == value, f"{column.name}: {text!r} instead of {value!r} (CSV)"


def same_json(got: list[Any], expected: list[Any], column: pd.Series) -> None:
    rounded = np.float32 if single(column) else float
    for read, value in zip(got, expected, strict=True):
        if value is None or (isinstance(value, float) and np.isinf(value)):
            assert read is None, f"{column.name}: {read!r} where null was wanted"
        elif isinstance(value, float):
            assert isinstance(read, float | int), f"{column.name}: {read!r} is no number"
            assert not isinstance(read, bool), f"{column.name}: {read!r} is no number"
            assert rounded(read) == rounded(value), f"{column.name}: {read!r} instead of {value!r} (JSON)"
        else:
            assert type(read) is type(value)
            assert read == value, f"{column.name}: {read!r} instead of {value!r} (JSON)"


def assert_columns(bundle: Bundle, truth: Truth) -> None:
    stream = bundle.stream
    assert stream.cell_ids() == [str(name) for name in truth.obs.index]
    assert [entry["name"] for entry in stream.atlas["columns"]] == list(truth.obs)
    for number, name in enumerate(truth.obs):
        entry, values, column = stream.atlas["columns"][number], stream.column(number), truth.obs[name]
        expected = plain_values(column)
        if entry["kind"] != "number":
            assert list(values) == expected, name
        else:
            assert entry["dtype"] == number_type(column.dtype), name
            numbers = np.array([np.nan if v is None else v for v in expected], dtype=entry["dtype"])
            np.testing.assert_array_equal(values, numbers, err_msg=name)
        assert entry["kind"] == stream_kind(column), name
        if isinstance(column.dtype, pd.CategoricalDtype):
            assert entry["categories"] == [str(label) for label in column.cat.categories]
            assert entry.get("colors") == fitting_colors(truth.colors.get(name), column)


def stream_kind(column: pd.Series) -> str:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return "category"
    if pd.api.types.is_bool_dtype(column.dtype):
        return "bool"
    if pd.api.types.is_numeric_dtype(column.dtype):
        return "number"
    return "category" if column.nunique() <= 4_096 else "string"


def number_type(dtype: Any) -> str:
    if isinstance(dtype, np.dtype) and dtype.itemsize <= (4 if dtype.kind in "iu" else 8):
        return "float32" if dtype == np.float16 else dtype.newbyteorder("=").name
    return "float64"


def fitting_colors(colors: list[str] | None, column: pd.Series) -> list[str] | None:
    if colors is None or len(colors) != len(column.cat.categories):
        return None
    if not all(re.fullmatch(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?", color) for color in colors):
        return None
    return [color[:7].lower() for color in colors]


def assert_coordinates(bundle: Bundle, truth: Truth) -> None:
    source = bundle.manifest["coordinate_source"]
    assert source == next(iter(truth.embeddings))
    base = truth.embeddings[source][:, :2].astype(np.float32)
    names, points = bundle.coords()
    assert names == [str(name) for name in truth.obs.index]
    finite = np.where(np.isfinite(base), base, np.nan)
    np.testing.assert_array_equal(points.astype(np.float32), finite)
    entries = bundle.stream.atlas["embeddings"]
    assert {entry["source"] for entry in entries} == set(truth.embeddings)
    assert entries[0]["source"] == source
    for number, entry in enumerate(entries):
        assert_embedding(entry, bundle.stream.embedding(number), truth.embeddings[entry["source"]])
    assert ("preview_path" in bundle.manifest) == ("preview_path" in bundle.stream.atlas)
    if "preview_path" in bundle.manifest:
        assert bundle.manifest["preview_path"] == bundle.stream.atlas["preview_path"] == "preview.png"
        drawn = read_png(bundle.folder.stored("preview.png"))
        np.testing.assert_array_equal(drawn, preview_pixels(base))


def assert_vectors(bundle: Bundle, truth: Truth) -> None:
    entries = bundle.stream.atlas.get("vectors", [])
    assert [entry["key"] for entry in entries] == list(truth.vectors)
    for number, key in enumerate(truth.vectors):
        np.testing.assert_array_equal(bundle.stream.vectors(number), truth.vectors[key])


def assert_graph(bundle: Bundle, truth: Truth) -> None:
    assert ("graph" in bundle.stream.atlas) == (truth.graph is not None)
    if truth.graph is None:
        return
    upper = sparse.triu(truth.graph, k=1).tocoo()
    expected = sorted(zip(upper.row.tolist(), upper.col.tolist(), strict=True))
    assert bundle.stream.edges().tolist() == [list(pair) for pair in expected]
    assert bundle.stream.atlas["graph"]["max_neighbors"] == np.diff(truth.graph.indptr).max(initial=0)


def assert_embedding(entry: dict[str, Any], got: np.ndarray, expected: np.ndarray) -> None:
    kind, _, key = entry["source"].partition(":")
    if kind == "obs" or key == "spatial":
        assert entry["y_axis"] == "down"
    elif key.startswith("X_") and "spatial" not in key:
        assert entry["y_axis"] == "up"
    assert entry["dims"] == expected.shape[1]
    there = np.isfinite(expected)
    np.testing.assert_array_equal(np.isfinite(got).all(axis=1), there.all(axis=1))
    for axis in range(expected.shape[1]):
        values = expected[there[:, axis], axis]
        if len(values):
            assert entry["minimum"][axis] == values.min()
            assert entry["maximum"][axis] == values.max()
            assert entry["origin"][axis] == (values.min() + values.max()) / 2
    drawn = there.all(axis=1)
    extent = np.abs(expected[drawn] - np.array(entry["origin"]))
    error = np.abs(got[drawn] - expected[drawn])
    assert (error <= FLOAT32_STEP * extent + 1e-15 * np.abs(expected[drawn])).all()

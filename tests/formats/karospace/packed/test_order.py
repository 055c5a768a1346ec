"""Cells of a packed bundle are in a fair order, and everything says which row of the source each is."""

from __future__ import annotations

import gzip
import signal
from itertools import pairwise
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.testing.synth import write_synthetic
from tests.e2e.support import contents, run
from tests.formats.karospace.packed.reader import Packed

N_CELLS = 70_000  # a few levels
BLOCK = 1_024


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def cells(n_cells: int = N_CELLS) -> anndata.AnnData:
    """Columns of all kinds, coordinates that are missing, vectors, a graph, and a few genes."""
    rng = np.random.default_rng(0)
    x = sparse.random(n_cells, 6, 0.2, format="csr", dtype=np.float32, random_state=1)
    rows = np.arange(n_cells)
    kinds = np.array(["B", "T", None])[rng.choice(3, n_cells, p=[0.7, 0.27, 0.03])]
    obs = pd.DataFrame(
        {
            "kind": pd.Categorical(kinds, ["B", "T"]),
            "score": np.where(rows % 10 == 0, np.nan, rows / 7),
            "flag": rows % 3 == 0,
            "name": [f"text {row}" for row in rows],
        },
        index=[f"cell-{row}" for row in rows],
    )
    umap, three = rng.normal(size=(n_cells, 2)), rng.random((n_cells, 3))
    umap[rng.random(n_cells) < 0.01] = np.nan
    obsm = {"X_umap": umap, "X_three": three, "velocity_umap": rng.random((n_cells, 2))}
    near = sparse.diags_array(np.ones(n_cells - 1), offsets=1, shape=(n_cells, n_cells)).tocsr()
    return anndata.AnnData(x, obs, obsm=obsm, obsp={"connectivities": near + near.T})


@pytest.fixture(scope="module")
def data() -> anndata.AnnData:
    return cells()


def export(source: Any, target: Path, **options: Any) -> Packed:
    karospace_stream.export(source, target, **{"layout": "packed", "name": "order", **options})
    return Packed(target)


def array(bundle: Packed, parts: list[dict[str, Any]], dtype: str) -> np.ndarray:
    read = [gzip.decompress((bundle.bundle / part["path"]).read_bytes()) for part in parts]
    lengths = [len(each) // np.dtype(dtype).itemsize for each in read]
    n_cells = [part["end"] - part["start"] for part in parts]
    assert all(length % n == 0 for length, n in zip(lengths, n_cells, strict=True))
    return np.frombuffer(b"".join(read), dtype)


def rows_of(bundle: Packed) -> np.ndarray:
    return array(bundle, bundle.atlas["order"]["rows"]["parts"], "<u4")


def test_every_array_follows_the_order(data: anndata.AnnData, tmp_path: Path) -> None:
    fair, plain = export(data, tmp_path / "fair"), export(data, tmp_path / "plain", order="source")
    rows = rows_of(fair)
    assert np.array_equal(np.sort(rows), np.arange(N_CELLS))
    assert fair.atlas["order"]["column"] == "kind"
    assert "order" not in plain.atlas
    for gene in range(6):
        np.testing.assert_array_equal(fair.gene(gene), plain.gene(gene)[rows])
    for mine, theirs in zip(fair.atlas["columns"], plain.atlas["columns"], strict=True):
        if mine["kind"] == "string":
            assert mine.pop("order") == "source"
            assert mine == theirs
            continue
        values = array(plain, theirs["parts"], theirs["dtype"])
        np.testing.assert_array_equal(array(fair, mine["parts"], mine["dtype"]), values[rows])
        assert (mine.get("minimum"), mine.get("maximum")) == (theirs.get("minimum"), theirs.get("maximum"))
    both = zip(
        [*fair.atlas["embeddings"], *fair.atlas["vectors"]],
        [*plain.atlas["embeddings"], *plain.atlas["vectors"]],
        strict=True,
    )
    for mine, theirs in both:
        points = array(plain, theirs["parts"], "<f4").reshape(N_CELLS, -1)
        np.testing.assert_array_equal(array(fair, mine["parts"], "<f4").reshape(N_CELLS, -1), points[rows])
    assert fair.atlas["cell_ids"].pop("order") == "source"
    same = ["cell_ids", "graph", "statistics", "genes"]
    fair.atlas["genes"].pop("expression"), plain.atlas["genes"].pop("expression")
    assert [fair.atlas[key] for key in same] == [plain.atlas[key] for key in same]


def test_coarse_coordinates_and_boxes(data: anndata.AnnData, tmp_path: Path) -> None:
    bundle = export(data, tmp_path / "fair", genes=["0"])
    (first, *others), order = bundle.atlas["embeddings"], bundle.atlas["order"]
    assert not any("coarse" in each for each in others)
    points = array(bundle, first["parts"], "<f4").reshape(-1, 2).astype(float) + first["origin"]
    steps = np.concatenate(
        [
            array(bundle, [part], "<u2").reshape(2, part["end"] - part["start"]).T
            for part in first["coarse"]["parts"]
        ]
    )
    nowhere = np.isnan(points).any(axis=1)
    assert nowhere.any()
    assert (steps[nowhere] == 65_535).all()
    low, high = np.array(first["minimum"]), np.array(first["maximum"])
    coarse = low + steps[~nowhere] / 65_534 * (high - low)
    np.testing.assert_allclose(coarse, points[~nowhere], atol=(high - low).max() / 65_534)
    blocks = [
        (start, min(start + BLOCK, stop))
        for level, stop in pairwise(order["levels"])
        for start in range(level, stop, BLOCK)
    ]
    assert order["blocks"]["size"] == BLOCK
    stored = gzip.decompress((bundle.bundle / order["blocks"]["path"]).read_bytes())
    boxes = np.frombuffer(stored, "<f4").reshape(len(blocks), 4)
    relative = array(bundle, first["parts"], "<f4").reshape(-1, 2)
    for (start, stop), box in zip(blocks, boxes, strict=True):
        own = relative[start:stop]
        np.testing.assert_array_equal(box, [*np.fmin.reduce(own), *np.fmax.reduce(own)])


def test_shares_in_every_prefix(data: anndata.AnnData, tmp_path: Path) -> None:
    bundle = export(data, tmp_path / "fair", genes=["0"], order_by="kind")
    codes = data.obs["kind"].cat.codes.to_numpy()[rows_of(bundle)] + 1
    truth = np.bincount(codes) / N_CELLS
    for n_first in np.geomspace(700, N_CELLS, 40).astype(int):
        shares = np.bincount(codes[:n_first], minlength=3) / n_first
        assert np.abs(shares / truth - 1).max() < 0.1, n_first


def test_the_same_bytes_however_they_are_made(tmp_path: Path) -> None:
    write_synthetic(tmp_path / "in.h5ad", n_cells=N_CELLS, n_genes=60, density=0.02)
    ways: list[dict[str, Any]] = [
        {"scheduler": "sync"},
        {"scheduler": "processes", "workers": 2, "strategy": "spill"},
        {"strategy": "spill", "workers": 3},
    ]
    made = []
    for number, way in enumerate(ways):
        export(tmp_path / "in.h5ad", tmp_path / str(number), **way)
        made.append(contents(tmp_path / str(number)))
    assert made[0].keys() == made[1].keys() == made[2].keys()
    assert [key for key in made[0] if not made[0][key] == made[1][key] == made[2][key]] == []


@pytest.mark.parametrize("stage", ["order", pytest.param("gather", marks=pytest.mark.big)])
def test_killed_and_resumed(stage: str, tmp_path: Path) -> None:
    write_synthetic(tmp_path / "in.h5ad", n_cells=4_000, n_genes=60, density=0.02)
    options = ["--layout", "packed", "--name", "order", "--resume"]
    small = "from tests.e2e.resume.pieces import cut_small; cut_small()"
    kill = f"from tests.e2e.resume.killing import kill_in; kill_in({stage!r}, 1)"
    codes = [
        run("export", tmp_path / "in.h5ad", tmp_path / target, *options, before=before).returncode
        for target, before in (("whole", small), ("out", kill), ("out", small))
    ]
    assert codes == [0, -signal.SIGKILL, 0]
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_verify_compares_rows_with_the_source(tmp_path: Path) -> None:
    source = cells(3_000)
    export(source, tmp_path / "fair", order_by="flag")
    assert karospace_stream.verify(tmp_path / "fair", source=source)
    assert karospace_stream.verify(tmp_path / "fair", source=source, sample=3)
    row = int(source.X[:, 2].nonzero()[0][5])
    source.X[row, 2] = 77
    for sample in (None, 5):
        found = karospace_stream.verify(tmp_path / "fair", source=source, sample=sample)
        genes = [fault.what for fault in found.faults if fault.key == "assets/genes/00000.bin"]
        assert genes == ["the gene 2 differs from the source"]


def test_chosen_cells_are_counted_among_themselves(tmp_path: Path) -> None:
    source = cells(3_000)
    bundle = export(source, tmp_path / "fair", where="kind == 'T'")
    rows = rows_of(bundle)
    chosen = np.flatnonzero(source.obs["kind"] == "T")
    assert np.array_equal(np.sort(rows), np.arange(len(chosen)))
    np.testing.assert_array_equal(bundle.gene(1), source.X[:, [1]].toarray()[chosen, 0][rows])


def test_few_or_no_cells_have_coordinates(tmp_path: Path) -> None:
    source = cells(50)
    source.obsm["X_umap"][3:] = np.nan
    rows = rows_of(export(source, tmp_path / "fair"))
    assert np.array_equal(np.sort(rows), np.arange(50))


def test_sections_keep_their_order_and_that_is_said(tmp_path: Path) -> None:
    source = cells(300)
    source.obs["section"] = pd.Categorical(np.repeat(["s1", "s2", "s3"], 100))
    source.obsm["spatial"] = np.random.default_rng(2).random((300, 2))
    report = karospace_stream.export(source, tmp_path / "b", layout="packed", section="section")
    assert "order" not in Packed(tmp_path / "b").atlas
    assert [each.text for each in report.findings if each.code == "order-of-source"] == [
        "cells are stored in the order of the source, since sections of a tissue are stored so"
    ]


@pytest.mark.parametrize(
    ("column", "error", "said"),
    [
        ("missing", BadOptionError, "order_by: the file has no obs column 'missing'; it has 'kind'"),
        ("score", BadInputError, "score"),
    ],
)
def test_a_column_that_groups_no_cells(
    column: str, error: type[Exception], said: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=said):
        export(cells(50), tmp_path / "b", order_by=column)
    assert not (tmp_path / "b").exists()


def test_few_cells_are_classic_and_that_is_said_where_a_column_was_named(tmp_path: Path) -> None:
    report = karospace_stream.export(cells(50), tmp_path / "b", layout="auto", order_by="kind")
    assert [each.text for each in report.findings if each.code == "order-of-source"] == [
        "cells are stored in the order of the source, since the layout is classic for so few cells"
    ]

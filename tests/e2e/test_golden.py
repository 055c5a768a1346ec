"""What the exporter that defined schema 1.0.0 wrote, and what we write of the same."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.oracle.preview import read_png
from tests.oracle.reader import Bundle

CASES = ["imc_small_parts", "imc_top_mean", "visium_hvgs_downsample", "visium_image", "visium_list"]
ADDED = {"atlas", "obs_array", "coords_array", "cell_ids", "gene_table"}
NUMBERS_ONLY = {"visium_image", "visium_list"}  # of the obs tables, only theirs are right in golden


class Golden:
    """A bundle of the other exporter. Its JSON may hold bare NaN, so that it is read leniently."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.case = json.loads((folder / "case.json").read_text())
        self.manifest = json.loads((folder / "manifest.json").read_text())
        self.genes = [gene["gene"] for gene in self.manifest["expression"]["genes"]]

    def content(self, path: str) -> bytes:
        data = (self.folder / path).read_bytes()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data

    def paths(self, kind: str) -> list[str]:
        return [asset["path"] for asset in self.manifest["asset_files"] if asset["kind"] == kind]

    def csv(self, kind: str) -> list[list[list[str]]]:
        """Rows of every part, with their header."""
        texts = [self.content(path).decode() for path in self.paths(kind)]
        return [list(csv.reader(io.StringIO(text, newline=""))) for text in texts]

    def json(self, kind: str) -> list[list[dict[str, Any]]]:
        return [json.loads(self.content(path)) for path in self.paths(kind)]

    def expression(self, gene: int) -> np.ndarray:
        chunks = self.manifest["expression"]["genes"][gene]["chunks"]
        return np.concatenate([np.frombuffer(self.content(chunk["path"]), "<f4") for chunk in chunks])


@pytest.fixture(params=CASES)
def pair(request, shared: Path, tmp_path: Path, export: Callable[..., Bundle]) -> tuple[Golden, Bundle]:
    golden = Golden(shared / "golden" / "karospace" / request.param)
    options = dict(golden.case["options"])
    genes = options.pop("genes_mode")
    if genes.startswith("list:"):
        path = tmp_path / "genes.txt"
        path.write_text("\n".join(row[0] for row in golden.csv("var_csv")[0][1:]) + "\n")
        genes = f"list:{path}"
    # By itself, the older program takes columns that we leave out, such as those with a single value.
    anno = options.pop("annotation_columns", None) or golden.manifest["annotation_columns"]
    return golden, export(shared / "data" / golden.case["input"], genes=genes, anno=anno, **options)


def test_manifest(pair: tuple[Golden, Bundle]) -> None:
    golden, bundle = pair
    ours = dict(bundle.manifest)
    assert ours.pop("stream")
    if "image" in ours:
        ours["image"] = {k: v for k, v in ours["image"].items() if k != "placement"}
    differing = {"asset_files", "expression", "gene_list", "created_at"}
    assert {k: v for k, v in ours.items() if k not in differing} == {
        k: v for k, v in golden.manifest.items() if k not in differing
    }
    for key in ("format", "dtype", "n_cells", "gzip"):
        assert ours["expression"][key] == golden.manifest["expression"][key]


def test_assets(pair: tuple[Golden, Bundle]) -> None:
    golden, bundle = pair
    # Where golden's obs tables are empty for want of the true values, theirs are cut elsewhere.
    cut_elsewhere = set() if golden.folder.name in NUMBERS_ONLY else {"obs_csv", "obs_json"}
    kinds = {asset["kind"] for asset in golden.manifest["asset_files"]}
    graph = {"graph_array"} if "graph" in bundle.stream.atlas else set()
    compared = {"statistics"} & set(bundle.assets)  # where a column can be compared
    assert set(bundle.assets) == kinds | ADDED | graph | compared
    for kind in kinds - cut_elsewhere:
        assert bundle.assets[kind] == golden.paths(kind), kind


def test_genes_up_to_ties(pair: tuple[Golden, Bundle]) -> None:
    golden, bundle = pair
    if not golden.case["options"]["genes_mode"].startswith("top_mean"):
        assert bundle.labels == golden.genes
        assert bundle.var() == [(name, int(index)) for name, index in golden.csv("var_csv")[0][1:]]
        return
    means = [bundle.expression(g).mean(dtype=np.float64) for g in range(len(bundle.labels))]
    theirs = [golden.expression(g).mean(dtype=np.float64) for g in range(len(golden.genes))]
    np.testing.assert_allclose(means, theirs, rtol=1e-6)
    by_label = dict(zip(bundle.labels, means, strict=True))
    ties = [name for name in golden.genes if name not in by_label]
    assert all(np.isclose(theirs[golden.genes.index(name)], theirs[-1], rtol=1e-6) for name in ties)
    index = dict(bundle.var())
    for part in golden.csv("var_csv"):
        assert part[0] == ["gene", "source_index"]
        assert all(index[name] == int(position) for name, position in part[1:] if name in index)


def test_expression(pair: tuple[Golden, Bundle]) -> None:
    golden, bundle = pair
    compared = 0
    for g, name in enumerate(golden.genes):
        if name not in bundle.labels:
            continue
        ours = bundle.labels.index(name)
        np.testing.assert_array_equal(bundle.expression(ours), golden.expression(g), err_msg=name)
        chunks = golden.manifest["expression"]["genes"][g]["chunks"]
        assert bundle.cuts(ours) == [(chunk["start"], chunk["end"]) for chunk in chunks]
        compared += 1
    assert compared >= len(golden.genes) - 2


def test_coordinates(pair: tuple[Golden, Bundle]) -> None:
    golden, bundle = pair
    parts = golden.json("coords_json")
    rows = [row for part in parts for row in part]
    names, points = bundle.coords()
    assert names == [row["cell_id"] for row in rows]
    np.testing.assert_array_equal(
        points.astype(np.float32), np.array([[row["x"], row["y"]] for row in rows], np.float32)
    )
    ours = [len(json.loads(bundle.folder.inflated(path))) for path in bundle.assets["coords_json"]]
    assert ours == [len(part) for part in parts]


def test_obs_tables(pair: tuple[Golden, Bundle]) -> None:
    golden, bundle = pair
    text, records = golden.csv("obs_csv"), golden.json("obs_json")
    header = text[0][0]
    assert header == ["cell_id", *bundle.manifest["annotation_columns"]]
    rows = [row for part in text for row in part[1:]]
    theirs = [row for part in records for row in part]
    assert len(bundle.obs_csv()) == len(rows)
    assert [list(row) for row in bundle.obs_json()] == [list(row) for row in theirs]
    assert [row[0] for row in bundle.obs_csv()] == [row[0] for row in rows]
    right = range(len(header)) if golden.folder.name in NUMBERS_ONLY else range(1)
    for column in right:
        assert [row[column] for row in bundle.obs_csv()] == [row[column] for row in rows]
        assert [row[header[column]] for row in bundle.obs_json()] == [row[header[column]] for row in theirs]
    if golden.folder.name in NUMBERS_ONLY:
        ours = [len(json.loads(bundle.folder.inflated(path))) for path in bundle.assets["obs_json"]]
        assert ours == [len(part) for part in records]


def test_pictures(pair: tuple[Golden, Bundle]) -> None:
    golden, bundle = pair
    for path in [*golden.paths("preview"), *golden.paths("image")]:
        ours, theirs = (read_png(data) for data in (bundle.folder.stored(path), golden.content(path)))
        np.testing.assert_array_equal(ours, theirs, err_msg=path)


def test_placement(shared: Path, export: Callable[..., Bundle]) -> None:
    import anndata

    path = shared / "data" / "soma_visium.h5ad"
    (library,) = anndata.read_h5ad(path).uns["spatial"].values()
    scale = float(library["scalefactors"]["tissue_lowres_scalef"])
    placement = export(path, genes="top_mean:2").manifest["image"]["placement"]
    assert placement == {"scale_x": scale, "scale_y": scale, "offset_x": 0, "offset_y": 0}

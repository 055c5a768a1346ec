"""``verify --source --sample`` computes neighbourhoods anew: each number that is damaged is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import karospace_stream
from karospace_stream.formats.karospace.layout.neighbourhoods import GENE_COLUMNS
from karospace_stream.verification import values
from tests.e2e.test_neighbourhoods import NEAR, drawn
from tests.e2e.test_verify import relist

N_GENES, SAMPLE = 40, 6
#: The genes that a sample takes, and one that it does not take.
CHOSEN = np.sort(np.random.default_rng(0).choice(N_GENES, SAMPLE, replace=False)).tolist()
OTHER = next(gene for gene in range(N_GENES) if gene not in CHOSEN)
FOLDER = Path("assets", "neighbourhoods")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cells") / "cells.h5ad"
    drawn(400).write_h5ad(path)
    return path


@pytest.fixture
def bundle(source: Path, tmp_path: Path) -> Path:
    karospace_stream.export(source, tmp_path / "bundle", gzip=False, progress=False, **NEAR)
    return tmp_path / "bundle"


def verified(source: Path, bundle: Path) -> karospace_stream.Verified:
    return karospace_stream.verify(bundle, source=source, sample=SAMPLE, progress=False)


def faults(source: Path, bundle: Path, changed: str) -> list[tuple[str, str]]:
    relist(bundle, changed)
    return [(each.key, each.what) for each in verified(source, bundle).faults if each.kind == "value"]


def entry(bundle: Path) -> Any:
    return json.loads((bundle / "atlas.json").read_bytes())["neighbourhoods"]


@pytest.mark.parametrize(
    "options",
    [NEAR, NEAR | {"max_asset_mb": 0.001}, {"neighbourhoods": "auto", "group_by": "none"}],
    ids=["packed", "in parts", "genes alone"],
)
def test_nothing_is_wrong(options: dict[str, Any], source: Path, tmp_path: Path) -> None:
    karospace_stream.export(source, tmp_path / "bundle", progress=False, **options)
    assert len(entry(tmp_path / "bundle")["genes"]["parts"]) == 1 + ("max_asset_mb" in options)
    found = verified(source, tmp_path / "bundle")
    assert (found.faults, found.notes) == ((), ())


@pytest.mark.parametrize("at", range(len(GENE_COLUMNS)), ids=[name for name, _ in GENE_COLUMNS])
def test_a_number_of_a_gene(at: int, source: Path, bundle: Path) -> None:
    path = entry(bundle)["genes"]["parts"][0]["path"]
    data = bytearray((bundle / path).read_bytes())
    before = sum(np.dtype(dtype).itemsize for _, dtype in GENE_COLUMNS[:at])
    name, dtype = GENE_COLUMNS[at]
    column = np.frombuffer(data, dtype, N_GENES, before * N_GENES)
    rows = np.frombuffer(bytes(data), "<u4", N_GENES)
    assert np.isfinite(column).sum() >= N_GENES - 2
    known = [gene for gene in CHOSEN if gene not in (7, 9)]  # whose values are all equal
    row = int(np.flatnonzero(rows == known[1])[0])
    column[row] = OTHER if name == "gene" else column[row] * 1.001 + 1e-5
    (bundle / path).write_bytes(data)
    found = faults(source, bundle, path)
    assert {key for key, _ in found} == {path}
    words = name.replace("_", " ").replace("moran", "Moran").replace("geary", "Geary")
    wanted = f"{words} of '{known[1]}'"
    if name == "gene":
        wanted = "does not rank each gene once"
    elif "adjusted" in name:
        wanted = f"has a column {name} that does not follow from its"
    assert any(wanted in what for _, what in found), found


def test_a_number_that_a_gene_should_have(source: Path, bundle: Path) -> None:
    """A gene whose values are all equal has none; nor may one that has some lose them."""
    (gene,) = [gene for gene in CHOSEN if gene in (7, 9)] or [CHOSEN[0]]
    path = entry(bundle)["genes"]["parts"][0]["path"]
    data = bytearray((bundle / path).read_bytes())
    row = int(np.flatnonzero(np.frombuffer(data, "<u4", N_GENES) == gene)[0])
    geary = np.frombuffer(data, "<f4", N_GENES, 8 * N_GENES)
    geary[row] = 1 if np.isnan(geary[row]) else np.nan
    (bundle / path).write_bytes(data)
    assert (path, f"differs from the source: Geary c of '{gene}'") in faults(source, bundle, path)


def test_the_order_of_genes(source: Path, bundle: Path) -> None:
    """Of two genes that are no part of the sample."""
    path = entry(bundle)["genes"]["parts"][0]["path"]
    data = bytearray((bundle / path).read_bytes())
    genes = np.frombuffer(bytes(data), "<u4", N_GENES)
    first, last = np.flatnonzero(~np.isin(genes, [*CHOSEN, 7, 9]))[[0, -1]]
    at = 0
    for _, dtype in GENE_COLUMNS:
        column = np.frombuffer(data, dtype, N_GENES, at)
        column[[first, last]] = column[[last, first]]
        at += column.nbytes
    (bundle / path).write_bytes(data)
    assert faults(source, bundle, path) == [(path, "does not rank genes by falling Moran's I")]


@pytest.mark.parametrize("what", ["z-scores", "counts", "co-occurrence"])
def test_a_number_of_groups(what: str, source: Path, bundle: Path) -> None:
    grouping = entry(bundle)["groupings"][0]
    if what == "co-occurrence":
        path, dtype, shape = grouping["co_occurrence"]["path"], "<f4", (4, 4, 49)
    else:
        path, dtype, shape = grouping["enrichment"]["path"], "<f8", (2, 4, 4)
    numbers = np.fromfile(bundle / path, dtype).reshape(shape)
    at = {"z-scores": (0, 1, 2), "counts": (1, 1, 2), "co-occurrence": (1, 2, 48)}[what]
    numbers[at] += 1
    numbers.tofile(bundle / path)
    assert faults(source, bundle, path) == [(path, f"differs from the source: {what} of 'b' and 'c'")]


def test_of_many_cells_groups_are_counted(
    source: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes long is left out, and a note says so."""
    monkeypatch.setattr(values, "_MOST_SECONDS", 0.0)
    found = verified(source, bundle)
    assert found.faults == ()
    (note,) = found.notes
    assert note.startswith("z-scores and co-occurrence of neighbouring groups were not compared")
    path = entry(bundle)["groupings"][1]["enrichment"]["path"]
    numbers = np.fromfile(bundle / path)
    numbers[0] += 1
    numbers.tofile(bundle / path)
    assert faults(source, bundle, path) == []
    numbers[-1] += 1
    numbers.tofile(bundle / path)
    assert faults(source, bundle, path) == [(path, "differs from the source: counts of 'right' and 'right'")]
    # Of all genes, everything is compared.
    (whole,) = [each.key for each in karospace_stream.verify(bundle, source=source).faults]
    assert whole == path


CHANGES: dict[str, Any] = {
    "graph": "has neighbourhoods on another graph than 'spatial_connectivities'",
    "variances": "has other variances of Moran's I and Geary's C than the source",
    "categories": "has other neighbouring groups than those of 'kind' in the source",
    "groupings": "has statistics that cannot be read",
    "neighbourhoods": "has statistics that cannot be read",
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_the_manifest_says(name: str, source: Path, bundle: Path) -> None:
    atlas = json.loads((bundle / "atlas.json").read_bytes())
    told = atlas["neighbourhoods"]
    if name == "graph":
        told["graph"] = "connectivities"
    elif name == "variances":
        told["genes"]["variances"]["geary_c"] *= 1.01
    elif name == "categories":
        told["groupings"][0]["categories"].reverse()
    elif name == "groupings":
        told["groupings"].pop()
    else:
        del atlas["neighbourhoods"]
    (bundle / "atlas.json").write_text(json.dumps(atlas))
    found = faults(source, bundle, "atlas.json")
    assert any(key == "atlas.json" and what.startswith(CHANGES[name]) for key, what in found), found

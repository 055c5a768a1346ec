"""Same input and options, same bytes: whatever the scheduler, workers, budget, strategy or layout."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from tests.e2e.support import contents

SHAPE = (4_000, 150)
SMALL, LARGE = "350MB", "4GB"


def exported(source: Path, target: Path, **options: Any) -> dict[str, bytes]:
    karospace_stream.export(source, target, anno=["all"], max_asset_mb=0.012, name="same", **options)
    return contents(target)


def differing(first: dict[str, bytes], second: dict[str, bytes]) -> list[tuple[str, str]]:
    """Paths that differ, and how."""
    found = []
    for path in sorted(first.keys() | second.keys()):
        one, other = first.get(path), second.get(path)
        if one is None or other is None:
            found.append((path, "is only in one"))
        elif one != other:
            packed = path.endswith(".gz")
            same = packed and gzip.decompress(one) == gzip.decompress(other)
            found.append((path, "compressed otherwise" if same else "another content"))
    return found


@pytest.fixture(scope="module")
def reference(
    synth: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, bytes]]:
    """Bundles by gene mode, exported in the plainest way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        folder = tmp_path_factory.mktemp("reference")
        source = synth(*SHAPE, chunk_values=10_000)
        return {
            genes: exported(source, folder / str(k), genes=genes, scheduler="sync", strategy="memory")
            for k, genes in enumerate(["all", "hvgs:60"])
        }


WAYS = [
    {"scheduler": "threads", "workers": 1},
    {"scheduler": "threads", "workers": 2},
    {"scheduler": "processes", "workers": 2},
    {"scheduler": "sync", "strategy": "spill"},
    {"scheduler": "threads", "workers": 2, "strategy": "spill", "memory": SMALL},
    {"scheduler": "processes", "workers": 2, "strategy": "spill", "memory": LARGE},
    {"scheduler": "processes", "workers": 1},
    {"memory": SMALL},
    {"memory": LARGE},
    {"memory": None},
]


# Processes take seconds to start, and do not care which genes they are given.
CASES = [("all", way) for way in WAYS]
CASES += [("hvgs:60", way) for way in WAYS if way.get("scheduler") != "processes"]


@pytest.mark.parametrize(
    ("genes", "way"),
    CASES,
    ids=lambda part: part if isinstance(part, str) else "-".join(map(str, part.values())),
)
@pytest.mark.few(4)
def test_every_way(
    way: dict[str, Any], genes: str, reference, synth: Callable[..., Path], tmp_path: Path
) -> None:
    got = exported(synth(*SHAPE, chunk_values=10_000), tmp_path / "bundle", genes=genes, **way)
    assert differing(got, reference[genes]) == []


@pytest.mark.parametrize(
    ("suffix", "memory"), [(".h5ad", SMALL), (".h5ad", LARGE), (".zarr", LARGE)], ids=str
)
@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
@pytest.mark.few(4)
def test_every_layout(
    suffix: str, layout: str, memory: str, reference, synth: Callable[..., Path], tmp_path: Path
) -> None:
    source = synth(*SHAPE, suffix, layout=layout)
    got = exported(source, tmp_path / "bundle", genes="all", memory=memory)
    assert differing(got, reference["all"]) == []


@pytest.mark.parametrize("layout", ["csc", "dense"])
def test_gene_major_sources_pass_through(
    layout: str, reference, synth: Callable[..., Path], tmp_path: Path
) -> None:
    source = synth(*SHAPE, layout=layout)
    plan = karospace_stream.plan_export(source, genes="all", anno=["all"])
    if layout == "csc":
        assert plan.transpose.strategy == "pass"
    got = exported(source, tmp_path / "bundle", genes="all", scheduler="threads", workers=2)
    assert differing(got, reference["all"]) == []


@pytest.mark.parametrize("scheduler", ["threads", "sync"])
def test_lazy_graph_that_anyone_computes(
    scheduler: str, reference, synth: Callable[..., Path], tmp_path: Path
) -> None:
    source, scratch = synth(*SHAPE, chunk_values=10_000), tmp_path / "scratch"
    plan = karospace_stream.plan_export(
        source, genes="all", anno=["all"], max_asset_mb=0.012, name="same", strategy="spill", scratch=scratch
    )
    plan.to_dask(tmp_path / "bundle").compute(scheduler=scheduler)
    assert differing(contents(tmp_path / "bundle"), reference["all"]) == []
    assert list(scratch.iterdir()) == []


def test_means_do_not_depend_on_the_way(synth: Callable[..., Path], tmp_path: Path) -> None:
    bundles = [
        exported(
            synth(*SHAPE, layout=layout), tmp_path / layout, genes="top_mean:40", downsample=1_234, **way
        )
        for layout, way in {
            "csr": {"scheduler": "sync"},
            "csc": {"scheduler": "threads"},
            "dense": {"scheduler": "processes", "workers": 2},
        }.items()
    ]
    assert differing(bundles[0], bundles[1]) == []
    assert differing(bundles[0], bundles[2]) == []


@pytest.mark.parametrize("ways", [{"memory": LARGE}, {"memory": SMALL, "scheduler": "sync"}], ids=str)
@pytest.mark.few(1)
def test_graph_and_vectors_of_both_formats(
    ways: dict[str, Any], synth: Callable[..., Path], tmp_path: Path
) -> None:
    """The edges come in pieces as long as the budget allows; what is written must not tell."""
    source = synth(150_000, 8, n_neighbors=15, latent=10, vectors=True)
    whole = {"format": ["karospace", "cellucid"], "name": "same", "anno": ["cell_type", "n_counts"]}
    karospace_stream.export(source, tmp_path / "first", **whole, memory="1GB", workers=2)
    karospace_stream.export(source, tmp_path / "second", **whole, **ways)
    for name in ("karospace", "cellucid"):
        first, second = contents(tmp_path / "first" / name), contents(tmp_path / "second" / name)
        assert any("edges" in path or "graph_" in path for path in first)
        assert differing(first, second) == []

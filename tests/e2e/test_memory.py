"""Measured in fresh processes: the peak of the whole tree is below the budget and the projection."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from karospace_stream.errors import BudgetError
from karospace_stream.units import parse_nbytes
from tests.e2e.support import NPY, Measured, run, run_measured
from tests.oracle.reader import Bundle
from tests.stores.servers import Server

Synth = Callable[..., Path]


def plan_of(source: Path, *words: str) -> dict[str, object]:
    done = run("plan", source, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def measured(source: Path, target: Path, *words: str) -> Measured:
    done = run_measured("export", source, target, *words)
    assert done.exit_code == 0, done.stderr
    assert done.peak_nbytes > 80e6, "Python with its libraries alone is larger: nothing was measured"
    return done


@pytest.mark.parametrize(
    ("scheduler", "layout"),
    [("sync", "csr"), ("threads", "csr"), ("processes", "csr"), ("threads", "csc"), ("threads", "dense")],
)
@pytest.mark.few(2)
def test_peak_is_below_budget_and_projection(
    scheduler: str, layout: str, synth: Synth, tmp_path: Path
) -> None:
    source, memory = synth(20_000, 2_000, layout=layout), "600MB" if scheduler == "processes" else "350MB"
    words = ("--genes", "all", "--memory", memory, "--scheduler", scheduler, "--scratch", str(tmp_path))
    plan = plan_of(source, *words)
    done = measured(source, tmp_path / "bundle", *words)
    assert done.peak_nbytes < plan["peak_nbytes"] <= parse_nbytes(memory)


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
@pytest.mark.few(1)
def test_a_store_as_target(scheduler: str, moto_store: Server, synth: Synth) -> None:
    source, target = synth(200_000, 40), f"{moto_store.url}/{secrets.token_hex(4)}"
    words = ["--genes", "all", "--no-gzip", "--workers", "2", "--scheduler", scheduler]
    words += [f"--storage-option={name}={value}" for name, value in moto_store.options.items()]
    memory = ("--memory", "2GB" if scheduler == "processes" else "600MB")
    local, plan = plan_of(source, *words, *memory), plan_of(source, target, *words, *memory)
    assert plan["workers"] == local["workers"] == 2
    assert plan["peak_nbytes"] > local["peak_nbytes"] + 80e6
    done = run_measured("export", source, target, *words, *memory)
    assert done.exit_code == 0, done.stderr
    assert 80e6 < done.peak_nbytes < plan["peak_nbytes"] <= parse_nbytes(memory[1])


@pytest.mark.parametrize("formats", [("cellucid",), ("karospace", "cellucid")])
@pytest.mark.few(1)
def test_graph_vectors_and_latent_space(formats: tuple[str, ...], synth: Synth, tmp_path: Path) -> None:
    source = synth(300_000, 60, n_neighbors=15, latent=30, vectors=True)
    words = [word for name in formats for word in ("--format", name)]
    words += ["--obs-quantization", "8", "--memory", "450MB", "--scratch", str(tmp_path / "scratch")]
    plan = plan_of(source, *words)
    assert {"points", "vectors", "columns", "graph"} <= set(plan["stages"])
    assert plan["graph"] == "connectivities"
    done = measured(source, tmp_path / "out", *words)
    assert done.peak_nbytes < plan["peak_nbytes"] <= 450e6


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
@pytest.mark.few(1)
def test_columns_coordinates_and_neighbours_beside_genes(
    scheduler: str, synth: Synth, tmp_path: Path
) -> None:
    """Each process that writes genes holds them, and reads them once."""
    source = synth(300_000, 60, n_neighbors=15, latent=30, vectors=True)
    memory = "1GB" if scheduler == "processes" else "450MB"
    words = ["--format", "npy", "--beside", "--genes", "all", "--workers", "2", "--scheduler", scheduler]
    words += ["--memory", memory, "--scratch", str(tmp_path / "scratch")]
    planned = run("plan", source, *words, "--json", before=NPY)
    assert planned.returncode == 0, planned.stderr
    plan = json.loads(planned.stdout)
    assert plan["side_inputs_nbytes"] > 45e6
    assert plan["workers"] == 2
    done = run_measured("export", source, tmp_path / "out", *words, before=NPY)
    assert done.exit_code == 0, done.stderr
    assert 80e6 < done.peak_nbytes < plan["peak_nbytes"] <= parse_nbytes(memory)


def test_the_smallest_budget_holds(synth: Synth, tmp_path: Path) -> None:
    source = synth(20_000, 2_000)
    refused = run("plan", source, "--genes", "all", "--memory", "10MB", "--json")
    assert refused.returncode == BudgetError.exit_code
    smallest = refused.stderr.split("give --memory ")[1].split("MB")[0]
    done = measured(source, tmp_path / "bundle", "--genes", "all", "--memory", f"{smallest}MB")
    assert done.peak_nbytes < int(smallest) * 1e6


@pytest.mark.big
def test_one_hundred_thousand_cells(synth: Synth, tmp_path: Path) -> None:
    """100,000 x 20,000 within 1 GB: all genes, and 500 of them without scratch."""
    source = synth(100_000, 20_000)
    scratch = tmp_path / "scratch"
    words = ("--memory", "1GB", "--scratch", str(scratch))
    few = plan_of(source, "--genes", "hvgs:500", *words)
    assert few["scratch_nbytes"] == 0
    done = measured(source, tmp_path / "few", "--genes", "hvgs:500", *words)
    assert done.peak_nbytes < few["peak_nbytes"] <= 1e9
    assert not scratch.exists()
    plan = plan_of(source, "--genes", "all", *words)
    done = measured(source, tmp_path / "all", "--genes", "all", *words)
    assert done.peak_nbytes < plan["peak_nbytes"] <= 1e9
    assert list(scratch.iterdir()) == []
    few_bundle, bundle = Bundle(tmp_path / "few"), Bundle(tmp_path / "all")
    index = few_bundle.stream.genes["source_index"]
    for gene in (0, 250, 499):
        assert (few_bundle.expression(gene) == bundle.expression(index[gene])).all()

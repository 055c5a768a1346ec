"""The largest number of workers that fits is found at once, however many are requested."""

from __future__ import annotations

from pathlib import Path

import pytest

import karospace_stream
from karospace_stream.plan.resources.most_workers import most_that_fit
from karospace_stream.testing.synth import write_synthetic


@pytest.mark.parametrize("most", [1, 2, 3, 7, 64, 1_000_000])
@pytest.mark.parametrize("limit", [0, 1, 2, 5, 63, 64, 999_999, 1_000_000])
def test_as_counting_down_would(most: int, limit: int) -> None:
    tried = []

    def attempt(number: int) -> str | None:
        tried.append(number)
        return str(number) if number <= limit else None

    wanted = min(most, limit)
    assert most_that_fit(most, attempt) == (str(wanted) if wanted else None)
    assert len(tried) <= 22
    if not wanted:
        assert tried[-1] == 1


def test_a_million_workers_are_planned_as_many_as_fit(tmp_path: Path) -> None:
    source = tmp_path / "data.h5ad"
    write_synthetic(source, n_cells=300, n_genes=40)
    for genes in ("all", "none"):
        options = {"genes": genes, "memory": "1GB", "format": "anndata"}
        plan = karospace_stream.plan_export(source, workers=10**12, **options)
        assert 1 < plan.workers < 10_000
        assert plan.peak_nbytes <= 1_000_000_000
        same = karospace_stream.plan_export(source, workers=plan.workers, **options)
        assert same.workers == plan.workers
        more = karospace_stream.plan_export(source, workers=plan.workers + 1, **options)
        assert more.workers == plan.workers

"""No task that turns or writes X of a gene-major store takes more than its stage is priced at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import karospace_stream
from karospace_stream.formats.genes.job import MatrixJob
from karospace_stream.pipeline.gather import gather, gather_source
from karospace_stream.pipeline.gene_lengths import count_source, fragment_spans, source_spans
from karospace_stream.pipeline.scatter import scatter
from karospace_stream.pipeline.scratch import make_scratch
from karospace_stream.pipeline.stages import begin, matrix_job
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.row_blocks import read_stored
from karospace_stream.runtime.clock import timestamp
from karospace_stream.targets import begin_local
from karospace_stream.transpose import plan as planning
from tests.pipeline.memory.test_memory import FILES, GENE_MAJOR, N_CELLS, SLACK, peak_of, write

__all__ = ["write"]  # a fixture

SHARDS = {"zarr_format": 3, "shard": True}


def planned(path: Path, tmp_path: Path, **options: Any) -> tuple[ExportPlan, MatrixJob]:
    terms = {"scheduler": "sync", "memory": "2GB", "format": "anndata", "graph": "none"} | options
    plan = karospace_stream.plan_export(path, scratch=tmp_path, **terms)
    target = begin_local(tmp_path / "out.zarr", sealed_by=plan.formats[0].layout.sealed_by, overwrite=False)
    return plan, matrix_job(plan, begin(plan, [target], timestamp()), make_scratch(plan))


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("options", [{}, {"downsample": 9_500}, SHARDS], ids=str)
@pytest.mark.few(5)
def test_scatter_and_gather(
    file: str,
    options: dict[str, Any],
    write: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(planning, "_FEWEST_VALUES", 1 << 24)  # one block
    plan, job = planned(write(*FILES[file]), tmp_path, strategy="spill", **options)
    turning, receipts = plan.transpose, []
    assert turning.row_cuts == (0, N_CELLS)

    def scatter_all() -> None:
        receipts.append(scatter(read_stored(job.matrix, 0, N_CELLS), 0, job))

    assert peak_of(scatter_all) <= turning.scatter_nbytes - SLACK
    spans = fragment_spans(job, receipts)
    n_bands = len(turning.gene_cuts) - 1
    assert peak_of(lambda: gather(job, receipts, spans, 0, n_bands)) <= turning.gather_nbytes
    job.scratch.remove()


@pytest.mark.parametrize("file", GENE_MAJOR)
@pytest.mark.parametrize("options", [{}, {"downsample": 9_500}, SHARDS], ids=str)
@pytest.mark.few(3)
def test_pass_through(file: str, options: dict[str, Any], write: Callable[..., Path], tmp_path: Path) -> None:
    plan, job = planned(write(*GENE_MAJOR[file]), tmp_path, **options)
    turning, counted = plan.transpose, []
    assert turning.strategy == "pass"
    n_bands = len(turning.gene_cuts) - 1
    assert peak_of(lambda: counted.append(count_source(job, 0, n_bands))) <= turning.gather_nbytes - SLACK
    spans = source_spans(counted)
    assert peak_of(lambda: gather_source(job, spans, 0, n_bands)) <= turning.gather_nbytes - SLACK

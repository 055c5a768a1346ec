"""No task of a Cellucid export takes more than its stage is priced at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import karospace_stream
from karospace_stream.formats.cellucid import columns, points
from karospace_stream.formats.cellucid.job import CellucidJob
from karospace_stream.formats.cellucid.stages import CellucidRun
from karospace_stream.pipeline.gather import gather
from karospace_stream.pipeline.scatter import scatter
from karospace_stream.pipeline.scratch import make_scratch
from karospace_stream.pipeline.stages import RunningFormat, matrix_job
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.row_blocks import read_stored
from karospace_stream.runtime.clock import timestamp
from karospace_stream.targets import begin_local
from karospace_stream.testing.synth import write_synthetic
from tests.pipeline.memory.test_memory import peak_of

N_CELLS = 300_000


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cellucid") / "cells.h5ad"
    write_synthetic(path, n_cells=N_CELLS, n_genes=12, latent=20, vectors=True)
    return path


def planned(source: Path, folder: Path, **options: Any) -> tuple[ExportPlan, CellucidJob]:
    plan = karospace_stream.plan_export(
        source, format="cellucid", scheduler="sync", memory="2GB", strategy="spill", **options
    )
    target = begin_local(folder / "out", sealed_by="dataset_identity.json", overwrite=False)
    return plan, CellucidJob.of(plan.formats[0], target, timestamp())


@pytest.mark.parametrize("bits", [None, 8])
@pytest.mark.few(1)
def test_columns_points_and_vectors(source: Path, bits: int | None, tmp_path: Path) -> None:
    plan, job = planned(source, tmp_path, obs_quantization=bits)
    allowed = {cost.name: cost.task_nbytes for cost in plan.costs}
    normals = [points.find_normalisation(job, number) for number in range(len(job.plan.points))]
    stages: list[tuple[str, Callable[[], Any]]] = [
        ("points", lambda: points.find_normalisation(job, 0)),
        ("points", lambda: points.write_points(job, 0, normals[0])),
        ("vectors", lambda: points.write_vectors(job, 0, normals[0])),
    ]
    for number, field in enumerate(job.plan.fields):
        if field.categories is None:
            stages.append(("columns", lambda number=number: columns.write_continuous(job, number)))
        else:
            stages.append(
                ("columns", lambda number=number: columns.write_categorical(job, number, normals, 0))
            )
    for name, stage in stages:
        assert peak_of(stage) <= allowed[name], name


@pytest.mark.parametrize("bits", [None, 8, 16])
def test_genes(source: Path, bits: int | None, tmp_path: Path) -> None:
    plan, job = planned(source, tmp_path, var_quantization=bits)
    scratch = make_scratch(plan)
    turning = matrix_job(plan, [RunningFormat(CellucidRun(), job)], scratch)
    cuts = plan.transpose.row_cuts
    receipts = [
        scatter(read_stored(turning.matrix, *cuts[block : block + 2]), block, turning)
        for block in range(len(cuts) - 1)
    ]
    assert np.all(np.diff(cuts) > 0)
    assert peak_of(lambda: gather(turning, receipts, None, 0, 1)) <= plan.transpose.gather_nbytes
    scratch.remove()

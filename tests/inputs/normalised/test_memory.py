"""No task that normalises takes more than its stage is priced at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from karospace_stream.pipeline.counting.prepare import StoreFiles, prepare_input
from karospace_stream.pipeline.gather import gather_source
from karospace_stream.pipeline.scatter import scatter
from karospace_stream.pipeline.scratch import make_scratch
from karospace_stream.pipeline.stages import begin, matrix_job
from karospace_stream.plan.row_blocks import read_stored
from karospace_stream.runtime.clock import timestamp
from karospace_stream.runtime.events import ignore
from karospace_stream.storage import Store, location_of
from karospace_stream.targets import begin_local
from karospace_stream.transpose import plan as planning
from tests.pipeline.memory.test_memory import FILES, GENE_MAJOR, N_CELLS, SLACK, peak_of, planned, write

__all__ = ["write"]  # a fixture

DONE: dict[str, Any] = {"normalize": 1e4, "log1p": True, "graph": "none"}
#: Besides the values: NumPy's own, lists of a few numbers.
ROOM = 1 << 20


@pytest.mark.parametrize("file", [*FILES, "csr int64, long indices"])
@pytest.mark.parametrize("options", [{}, {"downsample": 9_500}], ids=str)
@pytest.mark.few(5)
def test_blocks_of_rows(
    file: str,
    options: dict[str, Any],
    write: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(planning, "_FEWEST_VALUES", 1 << 24)  # one block
    source = write(*FILES.get(file, ("csr", "int64", "int64")))
    plan, job = planned(source, tmp_path, strategy="spill", **DONE, **options)
    turning = plan.transpose
    assert turning.row_cuts == (0, N_CELLS)
    peak = peak_of(lambda: scatter(read_stored(job.matrix, 0, N_CELLS), 0, job))
    assert peak <= turning.scatter_nbytes - SLACK + ROOM
    job.scratch.remove()


@pytest.mark.parametrize("file", GENE_MAJOR)
@pytest.mark.parametrize("target", [1e4, "median"])
@pytest.mark.few(4)
def test_genes(file: str, target: Any, write: Callable[..., Path], tmp_path: Path) -> None:
    options = {**DONE, "normalize": target}
    pending, _ = planned(write(*GENE_MAJOR[file]), tmp_path, **options)
    preparation = pending.source.preparation
    assert preparation is not None
    (tmp_path / "files").mkdir()
    files = StoreFiles(Store(location_of(f"file://{tmp_path}/files")))
    most = max(pending.transpose.gather_nbytes, pending.transpose.scatter_nbytes)
    for step in preparation.steps(most):
        assert peak_of(lambda each=step: preparation.run(each, files)) <= most
    plan, scratch = prepare_input(pending, ignore)
    target_of = begin_local(tmp_path / "done", sealed_by="manifest.json", overwrite=False)
    job = matrix_job(plan, begin(plan, [target_of], timestamp()), make_scratch(plan))
    n_bands = len(plan.transpose.gene_cuts) - 1
    assert (
        peak_of(lambda: gather_source(job, None, 0, n_bands)) <= plan.transpose.gather_nbytes - SLACK + ROOM
    )
    assert scratch is not None
    scratch.remove()

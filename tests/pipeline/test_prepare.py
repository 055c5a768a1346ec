"""An input that must be prepared: the work runs before the export, and nothing of it stays."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.model.source import ScratchFiles, Source
from karospace_stream.pipeline.scratch import StoreScratch
from karospace_stream.plan.lazy_source import OpenedSource
from karospace_stream.source import open_source
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.storage import Store, location_of
from karospace_stream.targets.local.folder_lock import release
from tests.e2e.resume.cutting import SMALL, cut_off


@dataclass(frozen=True)
class Numbering:
    """Numbers the cells in scratch, and gives them as a column; the first time it is there twice."""

    path: Path
    times: int = 1

    scratch_nbytes = 1000

    def steps(self, task_nbytes: int) -> Sequence[int]:
        assert task_nbytes > 0
        return [0, 1]

    def run(self, step: int, files: ScratchFiles) -> int:
        files.put(f"half_{self.times}_{step}", np.arange(25 * step, 25 * step + 25).tobytes())
        return step

    def finish(self, results: Sequence[int], files: ScratchFiles) -> Source:
        assert list(results) == [0, 1]
        halves = files.read_ranges([(f"half_{self.times}_{step}", 0, 200) for step in results])
        numbers = np.frombuffer(b"".join(halves), np.int64)
        source = open_source(self.path).with_columns({"number": NumpyArray("obs/number", numbers)})
        return replace(source, preparation=Numbering(self.path, 0)) if self.times else source


def pending(path: Path) -> OpenedSource:
    source = open_source(path).with_columns({"number": NumpyArray("obs/number", np.zeros(50, np.int64))})
    return OpenedSource(replace(source, preparation=Numbering(path)))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    values = np.random.default_rng(0).poisson(1, (50, 8)).astype(np.float32)
    adata = anndata.AnnData(sparse.csr_matrix(values))
    adata.obsm["X_umap"] = values[:, :2]
    adata.write_h5ad(tmp_path / "cells.h5ad")
    return tmp_path / "cells.h5ad"


@pytest.mark.parametrize("scheduler", ["sync", "processes"])
def test_the_export_reads_what_was_prepared(source: Path, tmp_path: Path, scheduler: str) -> None:
    scratch = tmp_path / "scratch"
    karospace_stream.export(
        pending(source), tmp_path / "out", anno="number", scheduler=scheduler, scratch=scratch, progress=False
    )
    table = pd.read_csv(tmp_path / "out" / "assets" / "obs_000.csv.gz")
    assert table["number"].tolist() == list(range(50))
    verified = karospace_stream.verify(tmp_path / "out", source=pending(source), progress=False)
    assert verified, verified.faults
    assert not list(scratch.iterdir())


def test_a_lazy_export_prepares_its_input(source: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    plan = karospace_stream.plan_export(pending(source), anno="number", scratch=scratch)
    plan.to_dask(tmp_path / "lazy").compute(scheduler="sync")
    assert karospace_stream.verify(tmp_path / "lazy", source=pending(source), progress=False)
    assert not list(scratch.iterdir())


def test_statistics_prepare_their_input(source: Path) -> None:
    found = karospace_stream.statistics(pending(source), group_by="number", progress=False)
    assert len(found.groups["number"].index.unique()) > 0


@pytest.mark.parametrize("storage", ["folder", "store"])
@pytest.mark.parametrize("again", [True, False])
def test_what_a_killed_export_had_prepared_is_deleted(
    again: bool, storage: str, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the run that resumes it, before it prepares the input itself, and by ``clean``."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    scratch = str(tmp_path / "scratch") if storage == "folder" else f"memory://{secrets.token_hex(4)}"
    options: dict[str, Any] = SMALL | {"scratch": scratch, "scheduler": "sync", "progress": False}

    def left() -> list[str]:
        if storage == "store":
            return sorted({key.split("/")[0] for key in Store(location_of(scratch)).find()})
        return sorted(path.name for path in Path(scratch).iterdir())

    removed = StoreScratch.remove
    with monkeypatch.context() as patch:
        patch.setattr(StoreScratch, "remove", lambda scratch: release(Path(scratch.folder or "none")))
        cut_off(pending(source), tmp_path / "out", 1, killed=True, resume=True, **options)
    (killed,) = left()
    if again:
        seen = []

        def look(self: StoreScratch) -> None:
            seen.append(left())
            removed(self)

        monkeypatch.setattr(StoreScratch, "remove", look)
        karospace_stream.export(pending(source), tmp_path / "out", resume=True, **options)
        assert len(seen) == 1
        assert killed not in seen[0]
    else:
        found = karospace_stream.clean(tmp_path / "out").leftovers
        assert [each.what for each in found] == ["scratch", "unfinished export"]
    assert left() == []

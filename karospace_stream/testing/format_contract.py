"""Contract tests that every format must pass."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from karospace_stream.errors import BudgetError
from karospace_stream.pipeline.api import export, plan_export
from karospace_stream.plan.cards.plan_card import plan_card
from karospace_stream.preview.export_list import exports_in
from karospace_stream.runtime.clock import EPOCH
from karospace_stream.runtime.events import Event, TaskDone, ignore
from karospace_stream.testing.synth import write_synthetic
from karospace_stream.verification.api import verify

#: Options that cut or run the work in different ways.
WAYS: tuple[Mapping[str, Any], ...] = (
    {"scheduler": "sync"},
    {"scheduler": "threads", "workers": 3},
    {"scheduler": "processes", "workers": 2},
    {"scheduler": "sync", "strategy": "spill"},
    {"scheduler": "sync", "strategy": "memory", "memory": "2GB"},
)
#: Names that are not valid paths, or that lead out of the export.
HOSTILE = ("../../up", "a/b", "CON", "x" * 300, "ü\u202e", "same", "SAME", " ", "'\"<b>", "%2e%2e")
#: Every process with all libraries takes more.
_LEAST_NBYTES = 80_000_000


class _InterruptedError(Exception):
    """Stands for anything that interrupts an export."""


class FormatContract:
    """Contract tests of a format. Inherit this class and set ``format``; pytest runs the tests.

    Attributes
    ----------
    format
        Name of the format, as for ``--format``.
    options
        Keywords for every export.
    steady
        More keywords, for an export that is the same with the least memory: nothing is left out of it to fit.
    """

    format: str
    options: Mapping[str, Any] = {}
    steady: Mapping[str, Any] = {}

    def test_the_bytes_do_not_depend_on_how_the_work_is_done(self, tmp_path: Path, monkeypatch: Any) -> None:
        """The bytes are the same with any scheduler, workers, budget and strategy."""
        monkeypatch.setenv(EPOCH, "1700000000")
        source = _source(tmp_path)
        first = self._export(source, tmp_path / "first", **WAYS[0])
        assert first
        for number, way in enumerate(WAYS[1:]):
            assert self._export(source, tmp_path / str(number), **way) == first, way

    def test_an_interrupted_export_is_resumed(self, tmp_path: Path, monkeypatch: Any) -> None:
        """A resumed export has the same bytes; an interrupted one is not visible."""
        monkeypatch.setenv(EPOCH, "1700000000")
        source, target = _source(tmp_path), tmp_path / "resumed"
        done = 0

        def interrupt(event: Event) -> None:
            nonlocal done
            done += isinstance(event, TaskDone)
            if done > 3:
                raise _InterruptedError

        try:
            self._export(source, target, scheduler="sync", resume=True, listener=interrupt)
        except _InterruptedError:
            pass
        else:
            raise AssertionError("the export has fewer than four tasks")
        assert not target.exists()
        resumed = self._export(source, target, scheduler="sync", resume=True)
        assert resumed == self._export(source, tmp_path / "whole", scheduler="sync")

    def test_verify_finds_what_was_changed(self, tmp_path: Path) -> None:
        """``verify`` accepts the export, also with its source, and names a changed object."""
        source, target = _source(tmp_path), tmp_path / "export"
        files = self._export(source, target, scheduler="sync")
        assert verify(target, source=source)
        # A document that was changed may not be readable at all.
        largest = max((key for key in files if ".json" not in key), key=lambda key: len(files[key]))
        (target / largest).write_bytes(files[largest][:-1] + bytes([files[largest][-1] ^ 1]))
        assert [fault.key for fault in verify(target).faults] == [largest]

    def test_a_budget_that_is_too_small_is_refused(self, tmp_path: Path, monkeypatch: Any) -> None:
        """The error names a budget that is enough, and that gives the same bytes as a large one."""
        monkeypatch.setenv(EPOCH, "1700000000")
        source = _source(tmp_path)
        try:
            plan_export(source, format=self.format, memory="1MB", **self.options, **self.steady)
        except BudgetError as error:
            needed = error.needed_nbytes
        else:
            raise AssertionError("a budget of 1 MB is enough")
        small = self._export(source, tmp_path / "small", memory=needed, **self.steady)
        assert small == self._export(source, tmp_path / "plenty", memory="4GB", **self.steady)

    def test_a_plan_is_shown_everywhere(self, tmp_path: Path) -> None:
        """Terminals, notebooks and programs can show the plan of this format, alone and beside another."""
        source = _source(tmp_path)
        other = "cellucid" if self.format == "karospace" else "karospace"
        for formats in (self.format, [self.format, other]):
            plan = plan_export(source, format=formats, **self.options)
            assert self.format in plan_card(plan).text()
            assert self.format in str(plan)
            facts = json.loads(json.dumps(plan.to_json()))
            assert all(isinstance(facts[name], list) for name in ("columns", "embeddings", "vectors"))
            assert isinstance(facts["coordinates"], str)

    def test_an_export_is_listed(self, tmp_path: Path) -> None:
        """A list of exports has this one, with its numbers of cells and genes."""
        self._export(_source(tmp_path), tmp_path / "exports" / "one", scheduler="sync")
        (listed,) = exports_in(tmp_path / "exports", ignore)
        assert (listed.format, listed.n_cells, listed.n_genes) == (self.format, 300, 40)

    def test_what_goes_along_with_genes_is_priced(self, tmp_path: Path) -> None:
        """The plan counts side inputs in each process that holds them; without needs, nothing is held."""
        way = {"format": self.format, "memory": "4GB", "workers": 2, **self.options}
        source = _source(tmp_path)
        for scheduler, n_processes in (("threads", 1), ("processes", 2)):
            plan = plan_export(source, scheduler=scheduler, **way)
            side = plan.side
            needs = [each.demand.side for each in plan.formats]
            assert (side is not None) is any((*needs, plan.statistics))
            held = 0 if side is None else side.held_nbytes
            assert plan.peak_nbytes > n_processes * (_LEAST_NBYTES + held)
            assert plan.to_json()["side_inputs_nbytes"] == held

    def test_hostile_names_stay_inside(self, tmp_path: Path) -> None:
        """With hostile names of genes and columns, nothing is written outside the target."""
        source = tmp_path / "hostile.h5ad"
        _write_hostile(source)
        (tmp_path / "in").mkdir()
        files = self._export(source, tmp_path / "in" / "export", scheduler="sync")
        assert [path.name for path in (tmp_path / "in").iterdir()] == ["export"]
        assert {path.name for path in tmp_path.iterdir()} == {"hostile.h5ad", "in"}
        assert len({key.lower() for key in files}) == len(files)
        assert verify(tmp_path / "in" / "export", source=source)

    def _export(self, source: Path, target: Path, **options: Any) -> dict[str, bytes]:
        """Export, and return the content of every file by its key, except ``report.json``."""
        export(source, target, format=self.format, **{**self.options, **options})
        files = {each.relative_to(target).as_posix(): each for each in target.rglob("*") if each.is_file()}
        return {key: path.read_bytes() for key, path in files.items() if key != "report.json"}


def _source(folder: Path) -> Path:
    path = folder / "source.h5ad"
    write_synthetic(path, n_cells=300, n_genes=40, density=0.2, n_neighbors=4)
    return path


def _write_hostile(path: Path) -> None:
    import anndata
    import numpy as np
    import pandas as pd

    n = len(HOSTILE)
    names = [name for name in HOSTILE if "/" not in name]  # HDF5 takes a slash for a group
    columns = {name: pd.Categorical([name] * n) for name in names}
    anndata.AnnData(
        np.arange(n * n, dtype="float32").reshape(n, n),
        obs=pd.DataFrame(columns, index=list(HOSTILE)),
        var=pd.DataFrame(index=list(HOSTILE)),
        obsm={"X_umap": np.arange(2.0 * n).reshape(n, 2)},
    ).write_h5ad(path)

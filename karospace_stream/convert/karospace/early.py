"""Columns and embeddings before all else, so that a page can open while the genes follow."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from karospace_stream.convert.karospace import arrays
from karospace_stream.convert.karospace.job import KarospaceJob
from karospace_stream.convert.karospace.seal import Written, write_atlas
from karospace_stream.formats.karospace import names
from karospace_stream.formats.karospace.atlas import gene_table
from karospace_stream.runtime.events import Listener
from karospace_stream.runtime.graph import Tasks, run


def write_early(job: KarospaceJob, *, scheduler: str, workers: int, listener: Listener) -> None:
    """Write names of cells and genes, columns, embeddings, and an ``atlas.json`` with these only.

    The stages of the export write all of it once more, the same bytes under the same names, but for
    the gene table and the atlas, which by then say more.
    """
    written: Written = run(_early(job), scheduler=scheduler, workers=workers, listener=listener)
    unknown = [None] * len(job.selection.genes)
    labels, places = job.selection.labels, job.selection.genes.tolist()
    table = gene_table(labels, places, unknown, unknown, unknown, unknown)
    receipt = job.put_packed(names.gene_table(job.level is not None), [table])
    write_atlas(replace(job, vectors=()), written, receipt, running=True)


def _early(job: KarospaceJob) -> Any:
    tasks = Tasks()
    shared = tasks.constant(job)
    bounds = [
        tasks.call("arrays", arrays.embedding_bounds, shared, number)
        for number, _ in enumerate(job.selection.embeddings)
    ]
    cell_ids = [
        tasks.call("arrays", arrays.write_cell_ids, shared, part) for part in _parts(job.parts.cell_ids)
    ]
    columns = [
        [tasks.call("arrays", arrays.write_column, shared, number, part) for part in _parts(cuts)]
        for number, cuts in enumerate(job.parts.columns)
    ]
    embeddings = [
        [
            tasks.call("arrays", arrays.write_embedding, shared, number, part, bounds[number])
            for part in _parts(cuts)
        ]
        for number, cuts in enumerate(job.parts.embeddings)
    ]
    return tasks.call("arrays", _written, cell_ids, columns, bounds, embeddings)


def _written(cell_ids: Any, columns: Any, bounds: Any, embeddings: Any) -> Written:
    return Written(
        obs_csv=(),
        obs_json=(),
        coords=(),
        var=(),
        cell_ids=cell_ids,
        columns=columns,
        bounds=bounds,
        embeddings=embeddings,
        vectors=(),
        image=None,
        preview=None,
        graph=None,
    )


def _parts(cuts: tuple[int, ...]) -> range:
    return range(sum(1 for _ in pairwise(cuts)))

"""Everything of a KaroSpace bundle that is not genes, as lazy tasks."""

from __future__ import annotations

from typing import Any

from karospace_stream.convert.karospace import arrays, tables
from karospace_stream.convert.karospace.graph import COLUMNS, describe, write_column
from karospace_stream.convert.karospace.images import write_image
from karospace_stream.convert.karospace.job import KarospaceJob
from karospace_stream.convert.karospace.seal import Written
from karospace_stream.convert.karospace.vectors import write_vectors
from karospace_stream.runtime.tasks import Task, Tasks


def build(tasks: Tasks, job: KarospaceJob, shared: Task, graph: Task | None) -> Task:
    """A lazy `Written`: tables, arrays, image and preview."""
    cell_ids, columns, bounds, embeddings = build_first(tasks, job, shared)
    return tasks.call(
        "seal",
        Written,
        *(
            [tasks.kept("tables", write, shared, part) for part in _parts(cuts)]
            for write, cuts in (
                (tables.write_obs_csv, job.parts.obs_csv),
                (tables.write_obs_json, job.parts.obs_json),
                (tables.write_coords_json, job.parts.coords),
                (tables.write_var_csv, job.parts.var),
            )
        ),
        cell_ids,
        columns,
        bounds,
        embeddings,
        [
            [tasks.kept("arrays", write_vectors, shared, number, part) for part in _parts(cuts)]
            for number, cuts in enumerate(job.parts.vectors)
        ],
        tasks.kept("image", write_image, shared),
        tasks.kept("image", arrays.write_preview, shared, bounds[0]) if job.preview else None,
        None
        if graph is None
        else tasks.call(
            "graph",
            describe,
            graph,
            [tasks.kept("graph", write_column, shared, graph, end) for end in COLUMNS],
        ),
    )


def build_first(tasks: Tasks, job: KarospaceJob, shared: Task) -> tuple[list[Any], ...]:
    """What a page needs to open: the lazy ``cell_ids, columns, bounds, embeddings`` of `Written`."""
    n_embeddings = len(job.selection.embeddings)
    bounds = [tasks.call("arrays", arrays.embedding_bounds, shared, each) for each in range(n_embeddings)]
    cell_ids = [
        tasks.kept("tables", arrays.write_cell_ids, shared, part) for part in _parts(job.parts.cell_ids)
    ]
    columns = [
        [tasks.kept("arrays", arrays.write_column, shared, number, part) for part in _parts(cuts)]
        for number, cuts in enumerate(job.parts.columns)
    ]
    embeddings = [
        [
            tasks.kept("arrays", arrays.write_embedding, shared, number, part, bounds[number])
            for part in _parts(cuts)
        ]
        for number, cuts in enumerate(job.parts.embeddings)
    ]
    return cell_ids, columns, bounds, embeddings


def _parts(cuts: tuple[int, ...]) -> range:
    return range(len(cuts) - 1)

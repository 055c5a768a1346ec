"""All parts of a KaroSpace bundle except genes, as lazy tasks."""

from __future__ import annotations

from typing import Any

from karospace_stream.formats.karospace import arrays
from karospace_stream.formats.karospace.graph import COLUMNS, describe, write_column
from karospace_stream.formats.karospace.images import write_image
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.seal import Written
from karospace_stream.formats.karospace.tables import writers
from karospace_stream.formats.karospace.vectors import write_vectors
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks


def build(tasks: Tasks, job: KarospaceJob, shared: Task, graph: Task | None) -> Task:
    """A lazy `Written`: tables, arrays, image and preview."""
    cell_ids, columns, bounds, embeddings = build_first(tasks, job, shared)
    return tasks.call(
        "seal",
        Written,
        *(
            [tasks.checkpointed("tables", write, shared, part) for part in _parts(cuts)]
            for write, cuts in (
                (writers.write_obs_csv, job.parts.obs_csv),
                (writers.write_obs_json, job.parts.obs_json),
                (writers.write_coords_json, job.parts.coords),
                (writers.write_var_csv, job.parts.var),
            )
        ),
        cell_ids,
        columns,
        bounds,
        embeddings,
        [
            [tasks.checkpointed("arrays", write_vectors, shared, number, part) for part in _parts(cuts)]
            for number, cuts in enumerate(job.parts.vectors)
        ],
        tasks.checkpointed("image", write_image, shared),
        tasks.checkpointed("image", arrays.write_preview, shared, bounds[0]) if job.preview else None,
        None
        if graph is None
        else tasks.call(
            "graph",
            describe,
            graph,
            [tasks.checkpointed("graph", write_column, shared, graph, end) for end in COLUMNS],
        ),
    )


def build_first(tasks: Tasks, job: KarospaceJob, shared: Task) -> tuple[list[Any], ...]:
    """All that a page needs to open: the lazy ``cell_ids, columns, bounds, embeddings`` of `Written`."""
    n_embeddings = len(job.selection.embeddings)
    bounds = [tasks.call("arrays", arrays.embedding_bounds, shared, each) for each in range(n_embeddings)]
    cell_ids = [
        tasks.checkpointed("tables", arrays.write_cell_ids, shared, part)
        for part in _parts(job.parts.cell_ids)
    ]
    columns = [
        [tasks.checkpointed("arrays", arrays.write_column, shared, number, part) for part in _parts(cuts)]
        for number, cuts in enumerate(job.parts.columns)
    ]
    embeddings = [
        [
            tasks.checkpointed("arrays", arrays.write_embedding, shared, number, part, bounds[number])
            for part in _parts(cuts)
        ]
        for number, cuts in enumerate(job.parts.embeddings)
    ]
    return cell_ids, columns, bounds, embeddings


def _parts(cuts: tuple[int, ...]) -> range:
    return range(len(cuts) - 1)

"""Everything of a KaroSpace bundle that is not genes, as lazy tasks."""

from __future__ import annotations

from typing import Any

from karospace_stream.convert.karospace import arrays, tables
from karospace_stream.convert.karospace.graph import COLUMNS, describe, write_column
from karospace_stream.convert.karospace.images import write_image
from karospace_stream.convert.karospace.job import KarospaceJob
from karospace_stream.convert.karospace.seal import Written
from karospace_stream.convert.karospace.vectors import write_vectors
from karospace_stream.runtime.graph import Tasks


def build(tasks: Tasks, job: KarospaceJob, shared: Any, graph: Any | None) -> Any:
    """A lazy `Written`: tables, arrays, image and preview."""
    n_embeddings = len(job.selection.embeddings)
    bounds = [tasks.call("arrays", arrays.embedding_bounds, shared, each) for each in range(n_embeddings)]
    return tasks.call(
        "seal",
        Written,
        *(
            [tasks.call("tables", write, shared, part) for part in range(len(cuts) - 1)]
            for write, cuts in (
                (tables.write_obs_csv, job.parts.obs_csv),
                (tables.write_obs_json, job.parts.obs_json),
                (tables.write_coords_json, job.parts.coords),
                (tables.write_var_csv, job.parts.var),
                (arrays.write_cell_ids, job.parts.cell_ids),
            )
        ),
        [
            [tasks.call("arrays", arrays.write_column, shared, number, part) for part in range(len(cuts) - 1)]
            for number, cuts in enumerate(job.parts.columns)
        ],
        bounds,
        [
            [
                tasks.call("arrays", arrays.write_embedding, shared, number, part, bounds[number])
                for part in range(len(cuts) - 1)
            ]
            for number, cuts in enumerate(job.parts.embeddings)
        ],
        [
            [tasks.call("arrays", write_vectors, shared, number, part) for part in range(len(cuts) - 1)]
            for number, cuts in enumerate(job.parts.vectors)
        ],
        tasks.call("image", write_image, shared),
        tasks.call("image", arrays.write_preview, shared, bounds[0]) if job.preview else None,
        None
        if graph is None
        else tasks.call(
            "graph",
            describe,
            graph,
            [tasks.call("graph", write_column, shared, graph, end) for end in COLUMNS],
        ),
    )

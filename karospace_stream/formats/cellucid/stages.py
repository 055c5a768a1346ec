"""All parts of a Cellucid export except genes, as lazy tasks."""

from __future__ import annotations

from karospace_stream.formats.cellucid import columns, points
from karospace_stream.formats.cellucid.graph import ENDS, GraphWritten, facts, write_end
from karospace_stream.formats.cellucid.job import CellucidJob
from karospace_stream.formats.cellucid.seal import Written
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks


def build(tasks: Tasks, job: CellucidJob, shared: Task, graph: Task | None) -> Task:
    """A lazy `Written`: points, vector fields, columns, graph, and the normalisation of the points."""
    numbers = range(len(job.points))
    normals = [tasks.call("points", points.find_normalisation, shared, each) for each in numbers]
    n_placeless = tasks.call("points", points.count_placeless, shared)
    of_dim = {choice.n_dims: normal for choice, normal in zip(job.points, normals, strict=True)}
    return tasks.call(
        "seal",
        Written,
        [tasks.checkpointed("points", points.write_points, shared, each, normals[each]) for each in numbers],
        [
            tasks.checkpointed("vectors", points.write_vectors, shared, each, of_dim[field.n_dims])
            for each, field in enumerate(job.vectors)
        ],
        [
            tasks.checkpointed("columns", columns.write_continuous, shared, each)
            if field.categories is None
            else tasks.checkpointed("columns", columns.write_categorical, shared, each, normals, n_placeless)
            for each, field in enumerate(job.fields)
        ],
        None
        if graph is None
        else tasks.call(
            "graph",
            GraphWritten,
            [tasks.checkpointed("graph", write_end, shared, graph, end) for end in ENDS],
            tasks.call("graph", facts, graph),
        ),
        normals,
    )

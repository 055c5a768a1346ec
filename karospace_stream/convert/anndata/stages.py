"""Everything of an AnnData store that is not X, as lazy tasks."""

from __future__ import annotations

from karospace_stream.convert.anndata.embeddings import write_entry
from karospace_stream.convert.anndata.frames import write_obs_column, write_obs_names, write_var
from karospace_stream.convert.anndata.graph import write_graph
from karospace_stream.convert.anndata.job import AnnDataJob
from karospace_stream.convert.anndata.outliers import has_outliers, write_outliers
from karospace_stream.convert.anndata.seal import Rest
from karospace_stream.convert.anndata.sparse_rows import write_sparse_entry
from karospace_stream.convert.anndata.tables import write_table
from karospace_stream.runtime.tasks import Task, Tasks


def build(tasks: Tasks, job: AnnDataJob, shared: Task) -> Task:
    """A lazy `Rest`."""
    return tasks.call(
        "seal",
        Rest,
        tasks.kept("columns", write_var, shared),
        tasks.kept("columns", write_obs_names, shared),
        [tasks.kept("columns", write_obs_column, shared, each) for each in range(len(job.columns))],
        [
            *(tasks.kept("points", write_entry, shared, each) for each in range(len(job.entries))),
            *(tasks.kept("columns", write_table, shared, each) for each in range(len(job.tables))),
            *(tasks.kept("points", write_sparse_entry, shared, each) for each in range(len(job.sparse))),
        ],
        None if job.graph is None else tasks.kept("graph", write_graph, shared),
        [
            tasks.kept("outliers", write_outliers, shared, each)
            for each, info in enumerate(job.columns)
            if job.latent is not None and has_outliers(info)
        ],
    )

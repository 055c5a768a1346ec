"""All parts of an AnnData store except X, as lazy tasks."""

from __future__ import annotations

from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.matrix.graph import write_graph
from karospace_stream.formats.anndata.matrix.sparse_rows import write_sparse_entry
from karospace_stream.formats.anndata.seal import Rest
from karospace_stream.formats.anndata.tables.embeddings import write_entry
from karospace_stream.formats.anndata.tables.frames import write_obs_column, write_obs_names, write_var
from karospace_stream.formats.anndata.tables.obsm_frames import write_table
from karospace_stream.formats.anndata.tables.outliers import has_outliers, write_outliers
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks


def build(tasks: Tasks, job: AnnDataJob, shared: Task) -> Task:
    """A lazy `Rest`."""
    return tasks.call(
        "seal",
        Rest,
        tasks.checkpointed("columns", write_var, shared),
        tasks.checkpointed("columns", write_obs_names, shared),
        [tasks.checkpointed("columns", write_obs_column, shared, each) for each in range(len(job.columns))],
        [
            *(tasks.checkpointed("points", write_entry, shared, each) for each in range(len(job.entries))),
            *(tasks.checkpointed("columns", write_table, shared, each) for each in range(len(job.tables))),
            *(
                tasks.checkpointed("points", write_sparse_entry, shared, each)
                for each in range(len(job.sparse))
            ),
        ],
        None if job.graph is None else tasks.checkpointed("graph", write_graph, shared),
        [
            tasks.checkpointed("outliers", write_outliers, shared, each)
            for each, info in enumerate(job.columns)
            if job.latent is not None and has_outliers(info)
        ],
    )

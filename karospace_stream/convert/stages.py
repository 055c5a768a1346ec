"""Chain the stages of a plan into one lazy graph."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import Any

from karospace_stream import __version__
from karospace_stream.convert import arrays, tables
from karospace_stream.convert.blocks import read_stored
from karospace_stream.convert.genes import gather, gather_source, scatter
from karospace_stream.convert.images import write_image
from karospace_stream.convert.job import Job
from karospace_stream.convert.plan import ExportPlan
from karospace_stream.convert.seal import Sealed, Written, finish
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.karospace.manifest import Heading
from karospace_stream.runtime.graph import Tasks, rechunk_rows, row_blocks
from karospace_stream.target import Target
from karospace_stream.transpose.scratch import Scratch


def build(plan: ExportPlan, target: Target, scratch: Scratch, *, seal: bool = False) -> Any:
    """All stages as one lazy graph that ends with the manifests.

    Parameters
    ----------
    seal
        Whether the last task also shows the bundle and removes the scratch; otherwise that is
        left to the caller.
    """
    job = make_job(plan, target, scratch)
    tasks = Tasks()
    shared = tasks.constant(job)
    genes = _gene_tasks(tasks, job, shared)
    n_embeddings = len(job.selection.embeddings)
    bounds = [tasks.call("arrays", arrays.embedding_bounds, shared, each) for each in range(n_embeddings)]
    written = tasks.call(
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
        genes,
        tasks.call("image", write_image, shared),
        tasks.call("image", arrays.write_preview, shared, bounds[0]) if job.preview else None,
    )
    return tasks.call("seal", _seal if seal else finish, shared, written)


def _gene_tasks(tasks: Tasks, job: Job, shared: Any) -> list[Any]:
    plan = job.transpose
    n_bands = len(plan.gene_cuts) - 1
    bounds = list(pairwise([*range(0, n_bands, plan.bands_per_task), n_bands]))
    if plan.strategy == "pass":
        return [tasks.call("gather", gather_source, shared, *pair) for pair in bounds]
    info = job.matrix.info
    lazy = job.matrix.lazy()
    if lazy is not None:
        blocks = rechunk_rows(lazy, plan.row_cuts)
    else:
        read = partial(read_stored, job.matrix)
        blocks = row_blocks(read, plan.row_cuts, info.shape[1], info.dtype, dense=info.layout == "dense")
    fragments = tasks.over_blocks("scatter", scatter, blocks, job)
    index = tasks.call("gather", list, fragments)
    return [tasks.call("gather", gather, shared, index, *pair) for pair in bounds]


def make_job(plan: ExportPlan, target: Target, scratch: Scratch) -> Job:
    """What the tasks of a plan are given."""
    options, catalog = plan.options, plan.catalog
    heading = Heading(
        dataset_name=options.name or catalog.name,
        created_at=timestamp(),
        generator=f"karospace-stream {__version__}",
        n_cells=plan.selection.n_cells,
        gzip=options.gzip,
    )
    return Job(
        source=plan.source,
        matrix=plan.matrix,
        selection=plan.selection,
        columns=plan.columns,
        parts=plan.parts,
        transpose=plan.transpose,
        heading=heading,
        level=options.compression if options.gzip else None,
        preview=options.preview,
        image=options.image,
        image_placement=options.image_placement,
        target=target,
        scratch=scratch,
    )


def timestamp() -> str:
    """Now, or ``SOURCE_DATE_EPOCH`` where that is set: ISO 8601, UTC."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        moment = datetime.now(UTC) if not epoch else datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadOptionError(f"SOURCE_DATE_EPOCH should be seconds since 1970, got {epoch!r}") from error
    return moment.isoformat()


def _seal(job: Job, written: Written) -> Sealed:
    sealed = finish(job, written)
    job.target.seal()
    job.scratch.remove()
    return sealed

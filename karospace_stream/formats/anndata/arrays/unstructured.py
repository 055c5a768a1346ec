"""Write an array of uns."""

from __future__ import annotations

from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import ArraySpec
from karospace_stream.formats.anndata.layout.groups import ARRAY, TEXT


def write_array(job: AnnDataJob, key: str) -> Written:
    """Write one array, in one chunk."""
    values = job.source.uns_array(key)
    text = values.dtype.kind == "O"
    spec = ArraySpec(
        job.plan.keys.path("uns", key),
        values.shape,
        tuple(max(1, n) for n in values.shape),
        "str" if text else values.dtype.name,
        attributes=TEXT if text else ARRAY,
    )
    at = (0,) * len(values.shape)
    return Written((spec,), tuple(job.chunks.put(spec, at, values) if values.size else ()))

"""Markers that the input has already, as scanpy stores them today."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import ArraySpec
from karospace_stream.formats.anndata.layout.groups import TEXT, Node, dict_group, encoding
from karospace_stream.formats.anndata.tables.frames import joined
from karospace_stream.formats.anndata.tables.records import takes_frames, write_frame, write_records
from karospace_stream.formats.genes.file_markers import FileMarkers, read_markers
from karospace_stream.model.blob import Receipt
from karospace_stream.model.catalog import Parameter
from karospace_stream.model.finding import Finding

_SCALAR = encoding("numeric-scalar", "0.2.0")


def write_file_markers(job: AnnDataJob, number: int) -> Written:
    """Write one entry of uns: every name and value as found, whether or not the gene is exported."""
    info = job.plan.rankings[number]
    markers = read_markers(job.source, job.selection, info)
    if isinstance(markers, Finding):
        return Written((), (), (markers.text,))
    return joined([*_parts(job, markers)])


def _parts(job: AnnDataJob, markers: FileMarkers) -> Iterator[Written]:
    info, found = markers.info, markers.found
    path = job.plan.keys.path("uns", info.key)
    yield write_parameters(job, path, dict(info.parameters))
    # anndata stores a missing name as this text.
    names = np.array([*found.names, "nan"]).astype(np.str_)
    groups = info.groups
    yield write_records(job, f"{path}/names", groups, found.codes, names.dtype, lambda rows: names[rows])
    for column, values in found.values.items():
        yield write_records(job, f"{path}/{column}", groups, values, values.dtype, lambda rows: rows)
    for name, frame in markers.shares.items():
        if takes_frames(frame.groups):
            yield write_frame(job, f"{path}/{name}", frame.names, frame.groups, frame.values, shuffle=False)
        else:
            note = f"uns[{info.key!r}][{name!r}] is left out: names of its groups cannot be keys of a file"
            yield Written((), (), (note,))


def write_parameters(job: AnnDataJob, path: str, told: dict[str, Parameter]) -> Written:
    """Write ``params``. The column of the groups is named by its key in the store."""
    column = told.get("groupby")
    if isinstance(column, str) and column in job.selection.columns:
        told = {**told, "groupby": job.plan.keys.key("obs", column)}
    nodes: list[Node] = [dict_group(path), dict_group(f"{path}/params")]
    receipts: list[Receipt] = []
    for name, value in told.items():
        if not takes_frames([name]):
            continue
        values, attributes = _parameter(value)
        dtype = "str" if values.dtype == object else values.dtype.name
        spec = ArraySpec(f"{path}/params/{name}", values.shape, values.shape, dtype, attributes=attributes)
        nodes.append(spec)
        receipts += job.chunks.put(spec, (0,) * values.ndim, values) if values.size else ()
    return Written(tuple(nodes), tuple(receipts))


def _parameter(value: Parameter) -> tuple[npt.NDArray[np.generic], dict[str, str]]:
    """A parameter as an array, and how anndata marks it."""
    if value is None:
        return np.array(False), encoding("null", "0.1.0")
    if isinstance(value, tuple):
        return np.array(value, object), TEXT
    if isinstance(value, str):
        return np.array(value, object), encoding("string", "0.2.0")
    kind = np.bool_ if isinstance(value, bool) else np.int64 if isinstance(value, int) else np.float64
    return np.array(value, kind), _SCALAR

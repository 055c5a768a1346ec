"""Stages of the base layer's tables: one task per part."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from karospace_stream.encode.column_tables import csv_of_columns, json_of_columns
from karospace_stream.encode.tables import csv_pieces
from karospace_stream.formats.cells.tiles import read_coords, read_names
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import headers, names
from karospace_stream.formats.karospace.layout.manifest import Part
from karospace_stream.formats.karospace.tables.obs_rows import cell_ids, obs_rows
from karospace_stream.model.column import Column


def write_obs_csv(job: KarospaceJob, part: int) -> Part:
    """Write one part of the obs table as CSV."""
    start, stop = job.plan.parts.obs_csv[part : part + 2]
    key = names.obs_csv(part, job.level is not None)
    header = headers.obs_header(job.selection.columns)
    return job.put_packed(key, csv_of_columns(header, _obs_rows(job, start, stop))), start, stop


def write_obs_json(job: KarospaceJob, part: int) -> Part:
    """Write one part of the obs table as JSON records."""
    start, stop = job.plan.parts.obs_json[part : part + 2]
    key = names.obs_json(part, job.level is not None)
    header = headers.obs_header(job.selection.columns)
    return job.put_packed(key, json_of_columns(header, _obs_rows(job, start, stop))), start, stop


def write_coords_json(job: KarospaceJob, part: int) -> Part:
    """Write one part of the coordinates as JSON records."""
    start, stop = job.plan.parts.coords[part : part + 2]
    key = names.coords_json(part, job.level is not None)
    return job.put_packed(key, json_of_columns(headers.COORDS, coords_rows(job, start, stop))), start, stop


def write_var_csv(job: KarospaceJob, part: int) -> Part:
    """Write one part of the gene table as CSV."""
    start, stop = job.plan.parts.var[part : part + 2]
    key = names.var_csv(part, job.level is not None)
    chosen = job.selection
    rows = [chosen.labels[start:stop], chosen.genes[start:stop].tolist()]
    return job.put_packed(key, csv_pieces(headers.VAR, [rows])), start, stop


def _obs_rows(job: KarospaceJob, start: int, stop: int) -> Iterator[list[Column]]:
    return obs_rows(job.source, job.selection, job.plan.parts.blocks, start, stop)


def coords_rows(job: KarospaceJob, start: int, stop: int) -> Iterator[list[Column]]:
    """Names and coordinates: float32, which are written as exact doubles."""
    source, selection = job.source, job.selection
    coords = read_coords(source, selection, selection.embeddings[0], start, stop)
    _, *axes = headers.COORDS
    for cells, tile in zip(read_names(source, selection, start, stop), coords, strict=True):
        with np.errstate(over="ignore"):
            rounded = tile[:, :2].astype(np.float32)
        yield [cell_ids(cells), *(Column(axis, "float", rounded[:, at]) for at, axis in enumerate(axes))]

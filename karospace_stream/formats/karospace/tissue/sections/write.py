"""Stage of the sections of a tissue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.derive.order.coarse import NOWHERE, coarse_steps
from karospace_stream.encode.arrays import little_endian
from karospace_stream.formats.cells.source_rows import row_tiles
from karospace_stream.formats.cells.tiles import read_column, read_coords
from karospace_stream.formats.karospace.cells.arrays import stored_values
from karospace_stream.formats.karospace.choices.first_column import first_column
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.manifest import Part, part_entry
from karospace_stream.formats.karospace.tissue.part import TissueWritten, part_of
from karospace_stream.formats.karospace.tissue.sections.facts import read_facts
from karospace_stream.formats.karospace.tissue.sections.plan import SectionsPlan
from karospace_stream.model.blob import Receipt
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class SectionWritten:
    """The points of one section; bounds are None without a cell that has coordinates."""

    receipt: Receipt
    n_placed: int
    minimum: Pair | None
    maximum: Pair | None


def build_sections(tasks: Tasks, job: KarospaceJob, shared: Task[KarospaceJob]) -> Task[TissueWritten]:
    """The tasks of all sections."""
    plan = part_of(job.plan.tissue, SectionsPlan)
    several = [
        tasks.checkpointed("sections", write_points, shared, part) for part in range(len(plan.task_cuts) - 1)
    ]
    rows = [
        tasks.checkpointed("sections", write_rows, shared, part)
        for part in range(max(0, len(plan.row_cuts) - 1))
    ]
    facts = tasks.checkpointed("sections", write_facts, shared)
    return tasks.checkpointed("sections", describe_sections, shared, several, rows, facts)


def write_points(job: KarospaceJob, part: int) -> list[SectionWritten]:
    """Write the points of some sections, a file each."""
    plan = part_of(job.plan.tissue, SectionsPlan)
    return [_write_section(job, plan, each) for each in range(*plan.task_cuts[part : part + 2])]


def write_rows(job: KarospaceJob, part: int) -> Part:
    """Write the row of each cell in the source: a part of it."""
    plan = part_of(job.plan.tissue, SectionsPlan)
    start, stop = plan.row_cuts[part : part + 2]
    pieces = map(little_endian, row_tiles(plan.sections, job.selection.cells, start, stop))
    key = names.section_rows(part, job.level is not None)
    return job.put_packed(key, pieces), start, stop


def write_facts(job: KarospaceJob) -> list[Any]:
    """Columns with one value in each section, as pairs of a name and the values; writes no file."""
    plan, chosen = part_of(job.plan.tissue, SectionsPlan), job.selection
    scores = set(chosen.gene_sets.columns)
    wanted = [name for name in chosen.columns if name != plan.sections.column and name not in scores]
    return read_facts(job.source, chosen, wanted, [(start, stop) for _, start, stop in plan.items])


def describe_sections(
    job: KarospaceJob,
    several: Sequence[Sequence[SectionWritten]],
    rows: Sequence[Part],
    facts: Sequence[Any],
) -> TissueWritten:
    """The entry of ``atlas.json``."""
    plan = part_of(job.plan.tissue, SectionsPlan)
    written = [each for some in several for each in some]
    entry: dict[str, Any] = {"column": plan.sections.column, "embedding": plan.embedding}
    if rows:
        entry["rows"] = {"dtype": "uint32", "parts": [part_entry(*part) for part in rows]}
    entry |= {
        "first_column": first_column(job.plan.columns),
        "metadata": [{"name": name, "values": values} for name, values in facts],
        "items": [
            {
                "name": name,
                "start": start,
                "end": stop,
                "n_placed": each.n_placed,
                "minimum": None if each.minimum is None else list(each.minimum),
                "maximum": None if each.maximum is None else list(each.maximum),
                "points": {"path": each.receipt.key, "size_bytes": each.receipt.size},
            }
            for (name, start, stop), each in zip(plan.items, written, strict=True)
        ],
    }
    receipts = (*(each.receipt for each in written), *(part[0] for part in rows))
    return TissueWritten("sections", entry, "sections", receipts)


def _write_section(job: KarospaceJob, plan: SectionsPlan, section: int) -> SectionWritten:
    _, start, stop = plan.items[section]
    low, high, n_placed = np.full(2, np.inf), np.full(2, -np.inf), 0
    for points, placed in _points(job, plan, start, stop):
        if placed.any():
            low = np.minimum(low, points[placed].min(axis=0))
            high = np.maximum(high, points[placed].max(axis=0))
            n_placed += int(placed.sum())
    x, y = np.full((2, stop - start), NOWHERE, np.uint16)
    if n_placed:
        at = 0
        for points, placed in _points(job, plan, start, stop):
            here = slice(at, at + len(points))
            for axis, into in enumerate((x, y)):
                into[here][placed] = coarse_steps(points[placed, axis], low[axis], high[axis])
            at += len(points)
    pieces = [little_endian(x), little_endian(y), *_codes(job, start, stop)]
    receipt = job.put_packed(names.section_points(section, job.level is not None), pieces)
    if not n_placed:
        return SectionWritten(receipt, 0, None, None)
    return SectionWritten(receipt, n_placed, _pair(low), _pair(high))


def _points(
    job: KarospaceJob, plan: SectionsPlan, start: int, stop: int
) -> Iterator[tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]]:
    """Coordinates in two dimensions, tile by tile, and which cells have some."""
    for tile in read_coords(job.source, job.selection, plan.choice, start, stop):
        with np.errstate(over="ignore"):
            placed = np.asarray(np.isfinite(tile.astype(np.float32)).all(axis=1))
        flat = tile[:, :2].astype(np.float64)
        if flat.shape[1] < 2:  # sections of one axis
            flat = np.pad(flat, ((0, 0), (0, 1)))
        yield flat, placed


def _codes(job: KarospaceJob, start: int, stop: int) -> Iterator[memoryview]:
    number = first_column(job.plan.columns)
    if number is None:
        return
    column = job.plan.columns[number]
    for tile in read_column(job.source, job.selection, column.name, start, stop):
        yield little_endian(stored_values(tile, column))


def _pair(values: npt.NDArray[np.float64]) -> Pair:
    x, y = values.tolist()
    return x, y

"""The lazy tasks that write shapes: all are looked through, then each pack reads the pieces with its shapes.

Nothing is sorted through scratch: packs are few, since each has some million vertices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from karospace_stream.derive.bounds import Bounds
from karospace_stream.encode.gzip import gzip_bytes
from karospace_stream.encode.tables import dump_json
from karospace_stream.formats.karospace.cells.arrays import embedding_bounds
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.tissue.part import TissueWritten, part_of
from karospace_stream.formats.karospace.tissue.shapes.cells import CellFinder
from karospace_stream.formats.karospace.tissue.shapes.pack import ShapePack, ShapeTile, tiles_of
from karospace_stream.formats.karospace.tissue.shapes.plan import KEY, STAGE, ShapeSet, ShapesPlan
from karospace_stream.formats.karospace.tissue.shapes.rings import Rings, join, read_rings
from karospace_stream.formats.karospace.tissue.shapes.survey import (
    Counting,
    Grid,
    ShapesSurvey,
    tiling,
)
from karospace_stream.model.blob import Receipt
from karospace_stream.model.finding import Finding
from karospace_stream.runtime.task import Task
from karospace_stream.runtime.tasks import Tasks
from karospace_stream.units import counted

_LEVEL = 6


@dataclass(frozen=True, slots=True)
class ShapesIndex:
    """The index of one set."""

    receipt: Receipt


def build_shapes(tasks: Tasks, job: KarospaceJob, shared: Task[KarospaceJob]) -> Task[TissueWritten]:
    """The lazy result of all sets."""
    plan = part_of(job.plan.tissue, ShapesPlan)
    sets = []
    for which, each in enumerate(plan.sets):
        bounds = tasks.call(STAGE, embedding_bounds, shared, each.embedding)
        surveys = [
            tasks.checkpointed(STAGE, look_through, shared, which, bounds, task)
            for task in range(len(each.piece_cuts) - 1)
        ]
        packs = [
            tasks.checkpointed(STAGE, write_pack, shared, which, bounds, surveys, pack)
            for pack in range(each.n_packs)
        ]
        index = tasks.checkpointed(STAGE, write_index, shared, which, packs)
        sets.append((surveys, packs, index))
    return tasks.call(STAGE, describe, shared, sets)


def look_through(job: KarospaceJob, which: int, bounds: Bounds, task: int) -> ShapesSurvey:
    """Count the shapes of some pieces."""
    shapes = part_of(job.plan.tissue, ShapesPlan).sets[which]
    counting = Counting(Grid.over(bounds))
    finder = _finder(job, shapes)
    for piece in range(*shapes.piece_cuts[task : task + 2]):
        for rings in read_rings(shapes.info.reader, piece, finder):
            counting.add(rings)
    return counting.finish()


def write_pack(
    job: KarospaceJob,
    which: int,
    bounds: Bounds,
    surveys: Sequence[ShapesSurvey],
    pack: int,
) -> ShapePack:
    """Write the tiles of one pack; as several files if they are more than one may hold."""
    plan = part_of(job.plan.tissue, ShapesPlan)
    shapes, grid = plan.sets[which], Grid.over(bounds)
    cut = tiling(surveys, shapes.n_packs)
    first, stop = cut.pack_cuts[pack : pack + 2]
    mine = (cut.tiles >= first) & (cut.tiles < stop)
    finder = _finder(job, shapes)
    found, tiles = list[Rings](), [np.empty(0, np.int64)]
    for task, survey in enumerate(surveys):
        if first == stop or not survey.grids()[0][mine].any():
            continue
        for piece in range(*shapes.piece_cuts[task : task + 2]):
            for rings in read_rings(shapes.info.reader, piece, finder):
                numbers = cut.tiles[grid.squares(rings)]
                is_mine = (numbers >= first) & (numbers < stop)
                found.append(rings.only(is_mine))
                tiles.append(numbers[is_mine])
    rings = join(found)
    found.clear()
    return _written(job, which, pack, rings, np.concatenate(tiles))


def _written(job: KarospaceJob, which: int, pack: int, rings: Rings, numbers: np.ndarray) -> ShapePack:
    receipts, tiles = list[Receipt](), list[ShapeTile]()
    waiting = bytearray()

    def put() -> None:
        key = names.shape_pack(which, pack, len(receipts))
        receipts.append(job.put(key, bytes(waiting)))
        waiting.clear()

    for data, some, box in tiles_of(rings, numbers, job.level):
        if waiting and len(waiting) + len(data) > job.plan.part_nbytes:
            put()
        tiles.append(
            ShapeTile(len(receipts), len(waiting), len(data), len(some.cells), len(some.vertices), box)
        )
        waiting += data
    if waiting:
        put()
    return ShapePack(tuple(receipts), tuple(tiles))


def write_index(job: KarospaceJob, which: int, packs: Sequence[ShapePack]) -> ShapesIndex:
    """Write where each tile lies."""
    tiles, before = [], 0
    for pack in packs:
        tiles += [
            [before + tile.pack, tile.offset, tile.nbytes, tile.n_shapes, *tile.box] for tile in pack.tiles
        ]
        before += len(pack.receipts)
    data = gzip_bytes(dump_json({"tiles": tiles}), job.level or _LEVEL)
    return ShapesIndex(job.put(names.shape_index(which), data, names.GZIP))


def describe(
    job: KarospaceJob,
    sets: Sequence[tuple[Sequence[ShapesSurvey], Sequence[ShapePack], ShapesIndex]],
) -> TissueWritten:
    """Describe all sets for the atlas."""
    entries, receipts, findings = [], list[Receipt](), list[Finding]()
    for shapes, (surveys, packs, index) in zip(part_of(job.plan.tissue, ShapesPlan).sets, sets, strict=True):
        written = [receipt for pack in packs for receipt in pack.receipts]
        receipts += [index.receipt, *written]
        findings += _findings(shapes, surveys)
        tiles = [tile for pack in packs for tile in pack.tiles]
        entries.append(
            {
                "name": shapes.info.name,
                "embedding": shapes.embedding,
                "n_shapes": sum(tile.n_shapes for tile in tiles),
                "n_vertices": sum(tile.n_vertices for tile in tiles),
                "are_cells": shapes.info.are_cells,
                "index": _entry(index.receipt),
                "packs": [_entry(each) for each in written],
            }
        )
    return TissueWritten(KEY, entries, KEY, tuple(receipts), tuple(findings))


def _entry(receipt: Receipt) -> dict[str, object]:
    return {"path": receipt.key, "size_bytes": receipt.size}


def _finder(job: KarospaceJob, shapes: ShapeSet) -> CellFinder:
    choice = job.selection.embeddings[shapes.embedding]
    return CellFinder.of(job.source, job.selection, shapes.info, choice)


def _findings(shapes: ShapeSet, surveys: Sequence[ShapesSurvey]) -> Iterator[Finding]:
    name = shapes.info.name
    unknown, broken = sum(each.n_unknown for each in surveys), sum(each.n_broken for each in surveys)
    holes = sum(each.n_holes for each in surveys)
    if not any(each.n_shapes for each in surveys):
        yield Finding("no-shapes", f"{name!r} has no boundary of an exported cell, so none is drawn")
    if unknown:
        were = "is of no exported cell and was" if unknown == 1 else "are of no exported cell and were"
        yield Finding("shapes-of-no-cell", f"{counted(unknown, 'shape')} of {name!r} {were} left out")
    if broken:
        has = "has" if broken == 1 else "have"
        text = f"{counted(broken, 'shape')} of {name!r} {has} fewer than three vertices or no coordinates"
        yield Finding("broken-shapes", text)
    if holes:
        were = "was" if holes == 1 else "were"
        yield Finding("holes-dropped", f"{counted(holes, 'hole')} in shapes of {name!r} {were} left out")

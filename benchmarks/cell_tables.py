"""``python -m benchmarks.cell_tables``: processor time of the tables of cells, by columns and by rows.

Reads a synthetic file of many cells with ten columns, and encodes and compresses each table as an export
does, in both ways by turns in one thread. The way of 0.1.0 is kept here: HDF5 reads every name, each row is a
`dict` or a `tuple`, each string is encoded by itself. The bytes must be the same.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from unittest.mock import patch

import numpy as np

import karospace_stream
from benchmarks.data import DataSet, build
from karospace_stream.encode.arrays import string_pieces
from karospace_stream.encode.column_tables import csv_of_columns, json_of_columns
from karospace_stream.encode.gzip import gzip_pieces
from karospace_stream.encode.tables import Values, csv_pieces, json_pieces, python_values
from karospace_stream.formats.cells.tiles import read_coords, read_names
from karospace_stream.formats.karospace.layout import headers
from karospace_stream.formats.karospace.plan import KarospacePlan
from karospace_stream.formats.karospace.tables.obs_rows import cell_ids, obs_rows
from karospace_stream.model.column import Column
from karospace_stream.source.hdf5.array import H5Array

Slices = Iterator[list[Column]]
Write = Callable[[KarospacePlan], Iterable[bytes]]
#: The requirement: so many times less processor time for the tables of obs.
REQUIRED = 5


def _obs(plan: KarospacePlan) -> tuple[list[str], Slices]:
    rows = obs_rows(plan.source, plan.selection, plan.parts.blocks, 0, plan.selection.n_cells)
    return headers.obs_header(plan.selection.columns), rows


def _coords(plan: KarospacePlan) -> tuple[list[str], Slices]:
    source, selection = plan.source, plan.selection
    coords = read_coords(source, selection, selection.embeddings[0], 0, selection.n_cells)
    names = read_names(source, selection, 0, selection.n_cells)
    pairs = zip(names, (tile[:, :2].astype(np.float32) for tile in coords), strict=True)
    slices = ([cell_ids(cells), *(Column("", "float", xy[:, at]) for at in range(2))] for cells, xy in pairs)
    return list(headers.COORDS), slices


def _by_rows(slices: Slices) -> Iterator[list[Values]]:
    for columns in slices:
        for at in range(0, len(columns[0].values), 8_192):
            yield [python_values(column.rows(slice(at, at + 8_192))) for column in columns]


def _ids_by_one(plan: KarospacePlan) -> Iterator[bytes]:
    ends, texts, end = [np.zeros(1, "<u4").tobytes()], [], 0
    for tile in read_names(plan.source, plan.selection, 0, plan.selection.n_cells):
        encoded = [str(value).encode("utf-8", "replace") for value in tile]
        stops = end + np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)))
        end = int(stops[-1])
        ends.append(stops.astype("<u4").tobytes())
        texts.append(b"".join(encoded))
    yield from ends + texts


def _ids(plan: KarospacePlan) -> Iterable[bytes]:
    names = read_names(plan.source, plan.selection, 0, plan.selection.n_cells)
    return string_pieces((tile, None) for tile in names)


def _rows_of(encode: Callable[..., Iterable[bytes]], read: Callable[..., tuple[list[str], Slices]]) -> Write:
    def write(plan: KarospacePlan) -> Iterable[bytes]:
        header, slices = read(plan)
        return encode(header, _by_rows(slices))

    return write


def _columns_of(
    encode: Callable[..., Iterable[bytes]], read: Callable[..., tuple[list[str], Slices]]
) -> Write:
    return lambda plan: encode(*read(plan))


#: Of each table: a row at a time, a column at a time, and whether the requirement is about it.
TABLES: dict[str, tuple[Write, Write, bool]] = {
    "obs, CSV": (_rows_of(csv_pieces, _obs), _columns_of(csv_of_columns, _obs), True),
    "obs, JSON": (_rows_of(json_pieces, _obs), _columns_of(json_of_columns, _obs), True),
    "coordinates, JSON": (_rows_of(json_pieces, _coords), _columns_of(json_of_columns, _coords), False),
    "names of cells": (_ids_by_one, _ids, False),
}


def _through_hdf5() -> AbstractContextManager[object]:
    return patch.object(H5Array, "_read_heap", lambda *_: None)


def _timed(
    plan: KarospacePlan, write: Write, around: AbstractContextManager[object]
) -> tuple[float, list[bytes]]:
    with around:
        started = time.thread_time()
        packed = list(gzip_pieces(write(plan), 1))
        return (time.thread_time() - started) / plan.selection.n_cells, packed


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the tables of cells with those of version 0.1.0.")
    parser.add_argument("--folder", type=Path, required=True, help="Where the input is, or is made.")
    parser.add_argument("--cells", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    path = build(DataSet(asked.cells, 50, n_columns=10), asked.folder)
    (plan,) = karospace_stream.plan_export(path, anno="all", group_by="none").formats
    assert isinstance(plan, KarospacePlan)
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in TABLES}
    for _ in range(asked.rounds):
        for name, (rows, columns, _about) in TABLES.items():
            before, wanted = _timed(plan, rows, _through_hdf5())
            after, packed = _timed(plan, columns, nullcontext())
            if b"".join(wanted) != b"".join(packed):
                raise SystemExit(f"{name}: the bytes are not the same")
            spent[name].append((before, after))
    obs = [name for name, (*_, about) in TABLES.items() if about]
    rounds = zip(*(spent[name] for name in obs), strict=True)
    spent["obs, both"] = [(sum(one[0] for one in each), sum(one[1] for one in each)) for each in rounds]
    print("| table | a row at a time | a column at a time | times less |\n| --- | --- | --- | --- |")
    for name, pairs in spent.items():
        times = [statistics.median(one) * 1e6 for one in zip(*pairs, strict=True)]
        ratio = statistics.median(before / after for before, after in pairs)
        print(f"| {name} | {times[0]:.2f} µs | {times[1]:.2f} µs | {ratio:.1f} |")
    print(f"\nRequired for obs: {REQUIRED} times less.")


if __name__ == "__main__":
    main()

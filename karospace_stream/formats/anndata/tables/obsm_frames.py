"""Stage of the data frames in obsm: every column, indexed by cell name."""

from __future__ import annotations

from functools import partial

from karospace_stream.formats.anndata.arrays.index import write_names
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.entries import Table
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.groups import frame_group
from karospace_stream.formats.anndata.layout.keys import StoredKeys
from karospace_stream.formats.anndata.tables.columns import Reading, write_column
from karospace_stream.formats.anndata.tables.frames import joined
from karospace_stream.formats.cells.tiles import read_names, read_table
from karospace_stream.model.catalog import ColumnInfo


def write_table(job: AnnDataJob, number: int) -> Written:
    """Write one data frame, column after column."""
    table, n_cells = job.plan.tables[number], job.selection.n_cells
    path = job.plan.keys.path("obsm", table.key)
    keys = StoredKeys.of({table.key: [info.name for info in table.columns]}, {})
    columns = [keys.key(table.key, info.name) for info in table.columns]
    read = partial(read_names, job.source, job.selection, 0, n_cells)
    names = write_names(job.chunks, f"{path}/_index", n_cells, read, "cell")
    parts = [
        Written((frame_group(path, columns, keys.attributes(table.key)),), ()),
        Written(names.nodes, names.receipts),  # obs already gives the notes about them
        *(
            write_column(job, _reading(job, table, info, f"{path}/{key}"))
            for info, key in zip(table.columns, columns, strict=True)
        ),
    ]
    return joined(parts)


def _reading(job: AnnDataJob, table: Table, info: ColumnInfo, path: str) -> Reading:
    n_cells = job.selection.n_cells
    return Reading(
        path=path,
        what=f"the column {info.name!r} of obsm[{table.key!r}]",
        info=info,
        n_rows=n_cells,
        tiles=partial(read_table, job.source, job.selection, table.key, info.name, 0, n_cells),
        categories=partial(job.source.obsm_categories, table.key, info.name),
    )

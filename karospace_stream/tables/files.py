"""Tables as one file: an AnnData of groups x genes, or a long table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from karospace_stream.errors import BadOptionError
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.tables.out_file import CSV, H5AD, PARQUET, OutFile
from karospace_stream.tables.result import GeneStatistics

if TYPE_CHECKING:
    import pandas as pd

#: Names of columns of markers beside those of the layers.
_RENAMED = {"logfoldchanges": "log_fold_changes", "pct_nz_reference": "share_reference"}


def write_tables(made: GeneStatistics, out: OutFile) -> None:
    """Write the file; an older one stays until the new one is complete.

    Raises
    ------
    TargetError
        If it cannot be written.
    """
    out.write(lambda path: _WRITERS[out.ending](made, path))


def long_tables(made: GeneStatistics) -> Iterator[pd.DataFrame]:
    """A row for each gene, group and column of obs, group after group."""
    for column, table in made.groups.items():
        markers = made.markers.get(column)
        for group, rows in table.groupby("group", observed=False, sort=False):
            whole = rows.astype({"gene": object, "group": object}).set_index("gene", drop=False)
            whole.insert(0, "column", column)
            if markers is not None:
                found = markers[markers["group"] == group].drop(columns=["group", "pct_nz_group"])
                by_gene = found.astype({"names": object}).set_index("names").rename(columns=_RENAMED)
                whole = whole.join(by_gene)  # NaN for a group that was not compared
            yield whole


def check_one_table(out: OutFile, options: ExportOptions) -> None:
    """Check that a file of one table is not asked for two.

    Raises
    ------
    BadOptionError
        If it is: numbers of genes over all cells do not fit into a table of genes and groups, nor scores of
        cells.
    """
    if out.ending == H5AD:
        return
    grouped, near = options.group_by not in (None, ("none",)), options.neighbourhoods != "none"
    if options.gene_sets and (grouped or near):
        raise BadOptionError(
            f"{out.name} holds one table, of genes or of scores of cells: leave out --gene-sets, or "
            "--group-by and --neighbourhoods, or name a .h5ad, which holds all"
        )
    if grouped and near:
        raise BadOptionError(
            f"{out.name} holds one table, of groups or of spatially variable genes: leave out --group-by or "
            "--neighbourhoods, or name a .h5ad, which holds both"
        )


def _write_csv(made: GeneStatistics, path: Path) -> None:
    if not made.groups:
        (made.genes if made.scores is None else made.scores).to_csv(path)
        return
    for number, table in enumerate(long_tables(made)):
        table.to_csv(path, mode="a" if number else "w", header=not number, index=False)


def _write_parquet(made: GeneStatistics, path: Path) -> None:
    import pandas as pd

    if not made.groups:
        (made.genes if made.scores is None else made.scores).to_parquet(path)
        return
    pd.concat(long_tables(made), ignore_index=True).to_parquet(path, index=False)


def _write_h5ad(made: GeneStatistics, path: Path) -> None:
    made.to_anndata().write_h5ad(path, compression="gzip")


_WRITERS: dict[str, Callable[[GeneStatistics, Path], None]] = {
    H5AD: _write_h5ad,
    CSV: _write_csv,
    PARQUET: _write_parquet,
}

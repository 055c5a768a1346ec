"""Tables as one file: an AnnData of groups x genes, or a long table."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from karospace_stream.errors import BadOptionError, TargetError
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.storage import is_url, local_path
from karospace_stream.tables.result import GeneStatistics

if TYPE_CHECKING:
    import pandas as pd

_PARQUET = ".parquet"
H5AD = ".h5ad"
ENDINGS = (H5AD, ".csv", _PARQUET)
#: Names of columns of markers beside those of the layers.
_RENAMED = {"logfoldchanges": "log_fold_changes", "pct_nz_reference": "share_reference"}


def check_file(text: str, *, overwrite: bool, endings: Sequence[str] = ENDINGS) -> Path:
    """The file to write, before any work.

    Raises
    ------
    BadOptionError
        If its ending names no format, it is a URL, or a library is missing.
    TargetError
        If it exists, or its folder does not.
    """
    if is_url(text):
        raise BadOptionError(f"{text}: the result is written to a local file; name one, and copy it")
    path = Path(local_path(text)).expanduser()
    if path.suffix not in endings:
        raise BadOptionError(f"{text} must end in {', '.join(endings)}, which names the format of the file")
    if path.suffix == _PARQUET and find_spec("pyarrow") is None:
        raise BadOptionError(
            f"{text}: .parquet needs pyarrow, which is not installed; install it, or name a .csv or .h5ad"
        )
    if path.is_dir() or (path.exists() and not overwrite):
        way_out = "choose another name" if path.is_dir() else "add --overwrite to replace it"
        raise TargetError(f"{path} already exists; {way_out}")
    if not path.absolute().parent.is_dir():
        raise TargetError(f"{path}: there is no folder {path.parent}; make it, or choose another")
    return path


def write_tables(made: GeneStatistics, path: Path) -> None:
    """Write the file; an older one stays until the new one is complete.

    Raises
    ------
    TargetError
        If it cannot be written.
    """
    write_whole(path, lambda partial: _WRITERS[path.suffix](made, partial))


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write beside the file, and put it in its place once it is complete.

    Raises
    ------
    TargetError
        If it cannot be written.
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.karospace-partial")
    try:
        write(partial)
        partial.replace(path)
    except OSError as error:
        raise TargetError(f"{path} could not be written: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)


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


def check_one_table(path: Path, options: ExportOptions) -> None:
    """Check that a file of one table is not asked for two.

    Raises
    ------
    BadOptionError
        If it is: numbers of genes over all cells do not fit into a table of genes and groups.
    """
    if options.autocorrelation and options.group_by != ("none",) and path.suffix != ".h5ad":
        raise BadOptionError(
            f"{path.name} holds one table, of groups or of autocorrelation: leave out --group-by or "
            "--autocorrelation, or name a .h5ad, which holds both"
        )


def _write_csv(made: GeneStatistics, path: Path) -> None:
    if not made.groups:
        made.genes.to_csv(path)
        return
    for number, table in enumerate(long_tables(made)):
        table.to_csv(path, mode="a" if number else "w", header=not number, index=False)


def _write_parquet(made: GeneStatistics, path: Path) -> None:
    import pandas as pd

    if not made.groups:
        made.genes.to_parquet(path)
        return
    pd.concat(long_tables(made), ignore_index=True).to_parquet(path, index=False)


def _write_h5ad(made: GeneStatistics, path: Path) -> None:
    made.to_anndata().write_h5ad(path, compression="gzip")


_WRITERS: dict[str, Callable[[GeneStatistics, Path], None]] = {
    H5AD: _write_h5ad,
    ".csv": _write_csv,
    _PARQUET: _write_parquet,
}

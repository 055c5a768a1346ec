"""Find the column of var that names the genes if its index holds accession numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.column import Column

Names = npt.NDArray[np.object_]

#: Columns with symbols, in any letter case, the first that fits is taken.
SYMBOL_COLUMNS = (
    *("feature_name", "gene_symbols", "gene_symbol", "gene_name", "gene_names", "symbol", "symbols"),
    *("gene_short_name", "hgnc_symbol", "mgi_symbol", "external_gene_name"),
)
#: Accession numbers of genes. Ensembl's may follow the name of a genome and end with a version.
ACCESSION = re.compile(
    r"(?:[A-Za-z0-9.]+_+)?ENS[A-Z]*[GTEP]\d{6,}(?:\.\d+)?(?:_PAR_Y)?"
    r"|\d+"  # Entrez
    r"|FBgn\d+|WBGene\d+|AT[1-5CM]G\d{5}|ZDB-GENE-\d+-\d+|(?:HGNC|MGI|RGD|NCBIGene):\d+"
)
_LOOKED_AT = 2_000  # names, spread over all
_MOST = 0.8  # of the names of an index
_UNIQUE = 0.9  # of the names of a column
_NAMED = 0.5  # of the genes
_SYMBOLS = 0.1  # of the genes


def are_accessions(names: Names) -> bool:
    """Whether most of some names, spread over all, are accession numbers."""
    return _share(names) >= _MOST


def symbol_columns(infos: Sequence[ColumnInfo]) -> list[str]:
    """Columns of text that by their names may hold symbols, the likeliest first."""
    by_name: dict[str, str] = {}
    for info in infos:
        if info.kind in ("category", "string"):
            by_name.setdefault(info.name.casefold(), info.name)
    return [by_name[name] for name in SYMBOL_COLUMNS if name in by_name]


def are_symbols(values: Names) -> bool:
    """Whether a column names most genes, nearly each by a name of its own, and some not by a number."""
    given = [value for value in values.tolist() if value]
    if not given or len(given) < _NAMED * len(values):
        return False
    return len(set(given)) >= _UNIQUE * len(given) and _share(values) <= 1 - _SYMBOLS


def _share(names: Names) -> float:
    """The share of accession numbers among the names that are not empty."""
    step = max(1, len(names) // _LOOKED_AT)
    some = [name for name in names[::step].tolist() if name]
    return sum(ACCESSION.fullmatch(name) is not None for name in some) / len(some) if some else 0.0


def texts_of(column: Column) -> Names:
    """Values as text; empty where missing."""
    if column.categories is not None:
        categories = np.asarray([*column.categories, ""], dtype=object)
        return np.asarray(categories[column.values.astype(np.int64)])
    values = np.asarray([_text(value) for value in column.values.tolist()], dtype=object)
    if column.missing is not None:
        values[column.missing] = ""
    return values


def _text(value: object) -> str:
    return "" if isinstance(value, float) and np.isnan(value) else str(value)


def filled(values: Names, index: Names) -> Names:
    """The names of a column; where it has none, those of the index."""
    return np.asarray([value or name for value, name in zip(values, index, strict=True)], dtype=object)


def positions_of(wanted: Iterable[str], *by_precedence: Names) -> dict[str, list[int]]:
    """Positions of genes by requested name: in the first of several lists that has the name."""
    found: dict[str, list[int]] = {name: [] for name in wanted}
    for names in by_precedence:
        missing = {name for name, positions in found.items() if not positions}
        if not missing:
            break
        for position, name in enumerate(names.tolist()):
            if name in missing:
                found[name].append(position)
    return found

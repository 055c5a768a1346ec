"""Names in ``uns`` under which Squidpy 1.8 stores what is computed of neighbours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.autocorrelation import Autocorrelation

Floats = npt.NDArray[np.float64]
MORAN, GEARY = "moranI", "gearyC"
Z_SCORES, COUNTS = "zscore", "count"
RATIOS, DISTANCES = "occ", "interval"
#: Columns of the data frames of genes, in their order.
GENE_COLUMNS: dict[str, dict[str, Callable[[Autocorrelation], Floats]]] = {
    MORAN: {
        "I": lambda found: found.moran,
        "pval_norm": lambda found: found.moran_p,
        "var_norm": lambda found: np.full(len(found.moran), found.moran_variance),
        "pval_norm_fdr_bh": lambda found: found.moran_adjusted,
    },
    GEARY: {
        "C": lambda found: found.geary,
        "pval_norm": lambda found: found.geary_p,
        "var_norm": lambda found: np.full(len(found.geary), found.geary_variance),
        "pval_norm_fdr_bh": lambda found: found.geary_adjusted,
    },
}


def gene_order(kind: str, found: Autocorrelation) -> npt.NDArray[np.intp]:
    """The order of the rows: I falls, C rises; genes that have none come last."""
    return np.argsort(-found.moran if kind == MORAN else found.geary, kind="stable")


def enrichment_key(column: str) -> str:
    """The key of the enrichment of a column."""
    return f"{column.replace('/', '_')}_nhood_enrichment"


def co_occurrence_key(column: str) -> str:
    """The key of the co-occurrence of a column."""
    return f"{column.replace('/', '_')}_co_occurrence"

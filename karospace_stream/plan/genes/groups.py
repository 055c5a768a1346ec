"""Groups of genes that people search apart: genes and proteins, or genes and peaks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from karospace_stream.model.column import Column
from karospace_stream.model.selection import GeneGroups
from karospace_stream.model.source import Source

#: Columns of var that name them: of a MuData, and of 10x Genomics.
_COLUMNS = ("modality", "feature_types")
_MOST = 20


def gene_groups(source: Source, genes: npt.NDArray[np.int64], *, raw: bool) -> GeneGroups | None:
    """The groups of the exported genes, in the order in which they appear; None if they are one."""
    catalog = source.catalog
    infos = {info.name: info for info in (catalog.raw_var if raw else catalog.var)}
    for name in _COLUMNS:
        info = infos.get(name)
        if info is None or info.kind not in ("category", "string") or info.n_categories == 1:
            continue
        texts = _texts(source.var_column(name, raw=raw))[genes]
        names = list(dict.fromkeys(texts.tolist()))
        if 1 < len(names) <= _MOST and all(names):
            number = {text: at for at, text in enumerate(names)}
            return GeneGroups(name, tuple(names), bytes(number[text] for text in texts.tolist()))
    return None


def _texts(column: Column) -> npt.NDArray[np.object_]:
    if column.categories is None:
        return column.values.astype(object)
    return np.array([*column.categories, ""], object)[column.values.astype(np.intp)]

"""Names of genes that repeat, as those of 10x Genomics do: numbered, so that they can be matched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from karospace_stream.model.finding import Finding
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.elements.arrays import NumpyArray
from karospace_stream.source.elements.columns import PlainElement
from karospace_stream.units import counted


def with_unique_genes(source: AnnDataSource) -> AnnDataSource:
    """The source with the names that ``adata.var_names_make_unique()`` gives it.

    Only of other files than AnnData: whoever has an AnnData can rename its genes, and is told to.
    """
    if not source.catalog.kind:
        return source
    names = source.var_names()
    n_repeated = len(names) - len(set(names.tolist()))
    if not n_repeated:
        return source
    import pandas as pd
    from anndata.utils import make_index_unique

    unique = make_index_unique(pd.Index(names)).to_numpy(object)
    var = replace(source.parts.var, index=PlainElement(NumpyArray("var/_index", np.asarray(unique, object))))
    finding = Finding(
        "repeated-genes",
        f"{counted(n_repeated, 'gene')} had the name of another gene, and got a number behind it, as "
        "adata.var_names_make_unique() does, because genes are matched by name",
    )
    parts = replace(source.parts, var=var, findings=(*source.parts.findings, finding))
    catalog = replace(source.catalog, findings=(*source.catalog.findings, finding))
    return replace(source, parts=parts, catalog=catalog)

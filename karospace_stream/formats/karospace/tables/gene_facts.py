"""Write gene sets and entries of varm into a bundle."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from karospace_stream.encode.arrays import little_endian
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.genes.facts import AtlasSets, AtlasVarm, gene_sets_document


def write_gene_sets(job: KarospaceJob) -> AtlasSets:
    """Write the document of gene sets."""
    sets = job.selection.gene_sets.sets
    exported = {gene: position for position, gene in enumerate(job.selection.genes.tolist())}
    data = gene_sets_document(sets, exported, set(job.selection.columns))
    return AtlasSets(job.put_packed(names.gene_sets(job.level is not None), [data]), len(sets))


def write_varm(job: KarospaceJob, number: int) -> AtlasVarm:
    """Write one entry of varm, its rows in exported order."""
    info, cuts = job.plan.varm[number], job.plan.varm_cuts[number]
    genes, written = job.selection.genes, []
    values = job.source.varm(info.key, 0, job.source.catalog.n_genes, info.n_columns)
    for part, (first, stop) in enumerate(pairwise(cuts)):
        with np.errstate(over="ignore"):
            rows = little_endian(values[genes[first:stop]].astype(np.float32))
        key = names.varm(number, part, job.level is not None)
        written.append((job.put_packed(key, [rows]), first, stop))
    return AtlasVarm(info.key, info.n_columns, tuple(written))

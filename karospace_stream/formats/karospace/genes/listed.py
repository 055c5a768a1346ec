"""What the manifests say of genes, in either layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from karospace_stream.encode.gzip import gzip_bytes
from karospace_stream.formats.karospace.genes.blocks import GenePacked
from karospace_stream.formats.karospace.genes.files import GeneWritten
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.atlas import classic_genes
from karospace_stream.formats.karospace.layout.genes.packed import GeneIndex, PackedGenes
from karospace_stream.formats.karospace.layout.manifest import Asset, Part
from karospace_stream.model.blob import Receipt

Gene = GeneWritten | GenePacked
_INDEX_LEVEL = 6  # a reader needs it before the first gene


def gene_files(genes: Sequence[Gene]) -> list[Receipt]:
    """Files of genes of the classic layout."""
    return [receipt for gene in genes if isinstance(gene, GeneWritten) for receipt in gene.parts]


def gene_parts(job: KarospaceJob, genes: Sequence[Gene]) -> list[list[Part]]:
    """The parts of each gene of the classic layout."""
    pairs = list(pairwise(job.plan.parts.expression))
    return [
        [(receipt, *pair) for receipt, pair in zip(gene.parts, pairs, strict=True)]
        for gene in genes
        if isinstance(gene, GeneWritten)
    ]


def packed_genes(job: KarospaceJob, genes: Sequence[Gene]) -> PackedGenes | None:
    """Write the index of the packed layout; None for the classic one.

    Parameters
    ----------
    genes
        In exported order; none while the export begins, where nothing is known of them.
    """
    plan = job.plan
    if not plan.is_packed:
        return None
    packed = [gene for gene in genes if isinstance(gene, GenePacked)]
    shards = {gene.position + 1: gene.shard for gene in packed if gene.shard is not None}
    cuts = list(pairwise(plan.shards))
    keys = [job.target.prefix + names.gene_shard(number) for number in range(len(cuts))]
    return PackedGenes(
        plan.gene_bits,
        _index(job, packed),
        [
            (shards.get(stop, Receipt(key, 0, 0)), start, stop)
            for key, (start, stop) in zip(keys, cuts, strict=True)
        ],
    )


def _index(job: KarospaceJob, genes: Sequence[GenePacked]) -> Receipt:
    if len(genes) < len(job.selection.genes):
        return Receipt(job.target.prefix + names.GENE_INDEX, 0, 0)
    ends = ([gene.low for gene in genes], [gene.high for gene in genes])
    low, high = (None, None) if job.plan.gene_bits == 32 else (np.array(each, np.float32) for each in ends)
    index = GeneIndex(
        np.array([gene.n_values for gene in genes], np.uint32),
        np.array([gene.n_bytes for gene in genes], np.uint32),
        low,
        high,
    )
    return job.put(names.GENE_INDEX, gzip_bytes(index.to_bytes(), _INDEX_LEVEL), names.GZIP)


def expression_entry(job: KarospaceJob, packed: PackedGenes | None) -> Mapping[str, Any]:
    """Entry of the genes in ``atlas.json``."""
    if packed is None:
        return classic_genes(job.heading, job.plan.parts.expression)
    return packed.entry()


def packed_assets(packed: PackedGenes | None) -> list[Asset]:
    """Files of genes of the packed layout, as the manifest lists them."""
    if packed is None:
        return []
    shards = [Asset(names.SHARD_KIND, receipt) for receipt, _, _ in packed.shards]
    return [Asset("gene_index", packed.index), *shards]

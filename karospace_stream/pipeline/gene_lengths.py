"""Stage between scatter and gather: find the length of each gene and how its values are stored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.genes.job import MatrixJob
from karospace_stream.model.matrix import GeneSpans, ValueFacts
from karospace_stream.pipeline.gather import source_bands
from karospace_stream.transpose.exact import stored_dtype, value_facts
from karospace_stream.transpose.scratch import FragmentReceipt

#: For some genes: the number of values of each, and facts about all of them.
Counted = tuple[npt.NDArray[np.int64], list[ValueFacts]]


def fragment_spans(job: MatrixJob, receipts: list[FragmentReceipt]) -> GeneSpans:
    """Add up the values of each gene in all fragments. Reads no values."""
    total = np.zeros(len(job.selection.genes), np.int64)
    for some in job.scratch.lengths(receipts):
        total += some
    return _spans(total, [receipt.facts for receipt in receipts if receipt.facts is not None])


def count_source(job: MatrixJob, first: int, stop: int) -> Counted:
    """Count the values of the genes in the bands ``first`` to ``stop`` of a gene-major source.

    Its own offsets do not suffice: they count zeros, duplicates and excluded cells.
    """
    cuts, read = job.transpose.gene_cuts, source_bands(job)
    found, facts = [], []
    for band in range(first, stop):
        for genes, _ in read(band, cuts[band + 1]):
            facts.append(value_facts(genes.data))
            found.append(np.diff(genes.indptr))
    return np.concatenate([np.zeros(0, np.int64), *found]), facts


def source_spans(counted: Sequence[Counted]) -> GeneSpans:
    """Join the counts in the order of the genes."""
    return _spans(
        np.concatenate([lengths for lengths, _ in counted]), [each for _, facts in counted for each in facts]
    )


def _spans(total: npt.NDArray[np.int64], facts: list[ValueFacts]) -> GeneSpans:
    return GeneSpans(np.concatenate([np.zeros(1, np.int64), np.cumsum(total)]), stored_dtype(facts))

"""What is computed of neighbouring cells, in uns as Squidpy stores it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.arrays.rows import write_rows
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import ArraySpec
from karospace_stream.formats.anndata.layout.groups import ARRAY, dict_group
from karospace_stream.formats.anndata.tables.frames import gene_names, joined
from karospace_stream.formats.anndata.tables.records import write_frame
from karospace_stream.formats.genes.statistics.summed import SummedGenes
from karospace_stream.measures.neighbourhoods import squidpy_names as names


def write_neighbour_genes(job: AnnDataJob, summed: SummedGenes) -> Written:
    """Write the data frames of Moran's I and of Geary's C."""
    found = summed.autocorrelation()
    assert found is not None  # else there is no such task
    genes, _ = gene_names(job)
    parts = []
    for kind, columns in names.GENE_COLUMNS.items():
        order = names.gene_order(kind, found)
        values = np.stack([of(found)[order] for of in columns.values()], axis=1)
        parts.append(write_frame(job, job.plan.keys.path("uns", kind), genes[order], list(columns), values))
    return joined(parts)


def write_neighbour_groups(job: AnnDataJob, summed: SummedGenes, number: int) -> Written:
    """Write how often the groups of one column are neighbours, and their co-occurrence."""
    assert summed.neighbours is not None  # else there is no such task
    found, column = summed.neighbours, summed.plan.request.groupings[number].column
    near, paired = found.enrichment(number), found.co_occurrence(number)
    assert near is not None
    values: dict[str, npt.NDArray[np.generic]] = {names.Z_SCORES: near.z_scores, names.COUNTS: near.counts}
    parts = [_write_arrays(job, names.enrichment_key(column), values)]
    if paired is not None:
        of_pairs: dict[str, npt.NDArray[np.generic]] = {
            names.RATIOS: paired.ratios,
            names.DISTANCES: paired.distances,
        }
        parts.append(_write_arrays(job, names.co_occurrence_key(column), of_pairs))
    return joined(parts)


def _write_arrays(job: AnnDataJob, key: str, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Written:
    path = job.plan.keys.path("uns", key)
    parts = [Written((dict_group(path),), ())]
    for name, values in arrays.items():
        # In one chunk: of up to a thousand groups it has 8 MB.
        spec = ArraySpec(f"{path}/{name}", values.shape, values.shape, values.dtype.name, attributes=ARRAY)
        parts.append(Written((spec,), tuple(write_rows(job.chunks, spec, iter([values])))))
    return joined(parts)

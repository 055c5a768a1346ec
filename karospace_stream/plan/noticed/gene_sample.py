"""Take the exported genes out of the lines of a matrix that were looked at anyway."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.genes.sample import GeneSample
from karospace_stream.model.matrix import DenseBlock, GeneBand, RowBlock, not_zero
from karospace_stream.model.selection import Selection
from karospace_stream.model.size import Size
from karospace_stream.plan.noticed.other_cells import tell_genes_apart
from karospace_stream.plan.noticed.value_sample import Lines, ValueSample

_MOST_VALUES = 1 << 17  # compressing more takes noticeable time
_OTHER_GENES = Size(0.9, 1.15)  # how many values there are is known; emptier genes compress otherwise


def gene_sample(found: ValueSample | None, selection: Selection, *, counting: bool) -> GeneSample | None:
    """A sample of the exported genes; of other ones where the matrix lies gene by gene.

    Parameters
    ----------
    counting
        Whether the selected genes stand in for those with the highest means; the fullest genes of the
        sample do that better.
    """
    if found is None or not len(selection.genes):
        return None
    bands = [lines for lines in found.lines if isinstance(lines, GeneBand)]
    if bands:
        return _sample(np.concatenate([_of_band(band) for band in bands]), _OTHER_GENES)
    rows = [lines for lines in found.lines if not isinstance(lines, GeneBand)]
    counts, n_stored = _counts(rows)
    genes = selection.genes
    if counting:
        genes = np.sort(np.argsort(-counts, kind="stable")[: len(genes)])
    few = genes[_evenly(len(genes), _MOST_VALUES // sum(map(_height, rows)))]
    fullness = _fullness(int(counts[genes].sum()), n_stored) * (len(counts) / len(genes))
    return _sample(np.concatenate([_of_rows(each, few) for each in rows], axis=1), fullness)


def _sample(values: npt.NDArray[np.generic], fullness: Size) -> GeneSample | None:
    dtype = np.float64 if values.dtype == np.float64 else np.float32  # as formats keep them
    with np.errstate(over="ignore"):
        kept: npt.NDArray[np.floating] = np.ascontiguousarray(values, dtype)
    return GeneSample(kept, tell_genes_apart(kept), fullness) if not_zero(kept).any() else None


def _fullness(n_chosen: int, n_stored: int) -> Size:
    """Share of values that are in the chosen genes and not zero, as far as a sample tells."""
    share = n_chosen / n_stored
    error = 3 * math.sqrt((1 - share) / max(1, n_chosen))  # as if drawn: three times the usual error
    return Size(share / (1 + error), share * (1 + error))


def _counts(rows: Sequence[RowBlock | DenseBlock]) -> tuple[npt.NDArray[np.int64], int]:
    """Values of each gene that are not zero, and stored values of all."""
    counts = sum(
        np.count_nonzero(each.data, axis=0)
        if isinstance(each, DenseBlock)
        else np.bincount(each.indices[not_zero(each.data)], minlength=each.n_genes)
        for each in rows
    )
    return np.asarray(counts, np.int64), sum(each.data.size for each in rows)


def _of_rows(rows: RowBlock | DenseBlock, genes: npt.NDArray[np.int64]) -> npt.NDArray[np.generic]:
    """Genes x cells."""
    if isinstance(rows, DenseBlock):
        return rows.data[:, genes].T
    place = np.full(rows.n_genes, -1)
    place[genes] = np.arange(len(genes))
    gene, cell = place[rows.indices], np.repeat(np.arange(_height(rows)), np.diff(rows.indptr))
    values = np.zeros((len(genes), _height(rows)), rows.data.dtype)
    values[gene[gene >= 0], cell[gene >= 0]] = rows.data[gene >= 0]
    return values


def _of_band(band: GeneBand) -> npt.NDArray[np.generic]:
    """Genes x the first cells of each, as many as are compressed quickly."""
    n_genes = len(band.indptr) - 1
    gene = np.repeat(np.arange(n_genes), np.diff(band.indptr))
    n_cells = min(band.n_cells, max(1, _MOST_VALUES // (3 * n_genes)))
    near = band.rows < n_cells
    values = np.zeros((n_genes, n_cells), band.data.dtype)
    values[gene[near], band.rows[near]] = band.data[near]
    return values


def _height(rows: Lines) -> int:
    return rows.data.shape[0] if isinstance(rows, DenseBlock) else len(rows.indptr) - 1


def _evenly(n: int, most: int) -> npt.NDArray[np.intp]:
    """At most so many numbers below ``n``, evenly spread."""
    return np.linspace(0, n - 1, max(1, min(n, most))).astype(np.intp)

"""All sums of a band of complete genes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.autocorrelation import Weights, cross_sums
from karospace_stream.measures.moments import extremes, group_moments, sums_of_genes
from karospace_stream.measures.pieces import Piece, pieces
from karospace_stream.measures.rank_sums import Codes, against_reference, against_rest
from karospace_stream.measures.ranks import SortedGenes, sort_genes
from karospace_stream.measures.request import StatisticsRequest
from karospace_stream.measures.sums import GeneTotals, GroupSums, Sums, join
from karospace_stream.model.matrix import GeneBand

Ints = npt.NDArray[np.int64]


def band_sums(
    band: GeneBand,
    positions: Ints,
    codes: Sequence[Codes],
    sizes: Sequence[Ints],
    request: StatisticsRequest,
    weights: Weights | None = None,
) -> Sums:
    """Sum some genes over all groups.

    Each number of a gene depends on this gene alone, so that it is the same in whatever band it comes.

    Parameters
    ----------
    band
        Finite values.
    positions
        ``(n_genes,)``: of the genes, in exported order.
    codes
        For each grouping, the group of every cell, -1 for none.
    sizes
        For each grouping, `cells_of_groups`.
    weights
        Of the request's graph, if it names one.
    """
    summed = [
        _with_graph(_piece_sums(each, band.n_cells, positions, codes, sizes, request), each, weights)
        for each in pieces(band)
    ]
    return join(summed)


def _with_graph(sums: Sums, piece: Piece, weights: Weights | None) -> Sums:
    if weights is None:
        return sums
    crossed = np.stack(cross_sums(piece, weights), axis=1)
    return replace(sums, totals=replace(sums.totals, crossed=crossed, moments=weights.moments))


def _piece_sums(
    piece: Piece,
    n_cells: int,
    positions: Ints,
    codes: Sequence[Codes],
    sizes: Sequence[Ints],
    request: StatisticsRequest,
) -> Sums:
    moments = [
        group_moments(piece, each, grouping.n_groups)
        for each, grouping in zip(codes, request.groupings, strict=True)
    ]
    sums, squares = sums_of_genes(piece)
    low, high = extremes(piece, n_cells)
    totals = GeneTotals(
        n_cells=n_cells,
        n_expressing=np.diff(piece.indptr),
        sums=sums,
        squares=squares,
        minimum=low,
        maximum=high,
    )
    ranked = _ranked(sort_genes(piece, n_cells), moments, codes, sizes, request) if request.ranks else None
    groups = tuple(
        GroupSums(of_group, *each, *(ranked[number] if ranked else (None, None)))
        for number, (each, of_group) in enumerate(zip(moments, sizes, strict=True))
    )
    return Sums(positions[piece.first : piece.first + piece.n_genes], totals, groups)


def _ranked(
    genes: SortedGenes,
    moments: Sequence[tuple[npt.NDArray[np.uint32], npt.NDArray[np.float64], npt.NDArray[np.float64]]],
    codes: Sequence[Codes],
    sizes: Sequence[Ints],
    request: StatisticsRequest,
) -> list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64] | None]]:
    """U and tie terms of each grouping; one ranking serves all that compare with all other cells."""
    inputs = [(code, each[0], size) for code, each, size in zip(codes, moments, sizes, strict=True)]
    rest = [number for number, each in enumerate(request.groupings) if each.reference is None]
    us, ties = against_rest(genes, [inputs[number] for number in rest]) if rest else ([], None)
    of_rest = dict(zip(rest, us, strict=True))
    found = []
    for number, grouping in enumerate(request.groupings):
        if grouping.reference is None:
            found.append((of_rest[number], ties if request.tie_correct else None))
        else:
            found.append(
                against_reference(genes, *inputs[number], grouping.reference, ties=request.tie_correct)
            )
    return found

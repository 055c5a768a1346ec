"""All sums of a band of complete genes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from karospace_stream.measures.autocorrelation import Weights, cross_sums
from karospace_stream.measures.looks import CellGroups
from karospace_stream.measures.moments import extremes, moments, over_groups
from karospace_stream.measures.pieces import Piece, pieces
from karospace_stream.measures.rank_sums import Columns, against_reference, against_rest
from karospace_stream.measures.ranks import sort_genes
from karospace_stream.measures.request import StatisticsRequest
from karospace_stream.measures.sums import GeneTotals, GroupSums, Sums
from karospace_stream.model.matrix import GeneBand

Ints = npt.NDArray[np.int64]


def band_sums(
    band: GeneBand,
    positions: Ints,
    cells: CellGroups,
    request: StatisticsRequest,
    weights: Weights | None = None,
) -> Iterator[Sums]:
    """Sum some genes over all groups, a piece of the band after another.

    Each number of a gene depends on this gene alone, so that it is the same in whatever band it comes.

    Parameters
    ----------
    band
        Finite values.
    positions
        ``(n_genes,)``: of the genes, in exported order.
    cells
        The groups of all cells, in the request's groupings.
    weights
        Of the request's graph, if it names one.
    """
    for each in pieces(band, cells.widest):
        yield _with_graph(_piece_sums(each, band.n_cells, positions, cells, request), each, weights)


def _with_graph(sums: Sums, piece: Piece, weights: Weights | None) -> Sums:
    if weights is None:
        return sums
    crossed = np.stack(cross_sums(piece, weights), axis=1)
    return replace(sums, totals=replace(sums.totals, crossed=crossed, moments=weights.moments))


def _piece_sums(
    piece: Piece, n_cells: int, positions: Ints, cells: CellGroups, request: StatisticsRequest
) -> Sums:
    (sums, squares), of_looks = moments(piece, cells.looks)
    low, high = extremes(piece, n_cells)
    totals = GeneTotals(
        n_cells=n_cells,
        n_expressing=np.diff(piece.indptr),
        sums=sums,
        squares=squares,
        minimum=low,
        maximum=high,
    )
    groups: dict[int, GroupSums] = {}
    for look, tables in zip(cells.looks, of_looks, strict=True):
        for number, of_combinations in zip(look.members, look.groups, strict=True):
            sizes = cells.sizes[number]
            counts, *rest = (over_groups(table, of_combinations, len(sizes)) for table in tables)
            groups[number] = GroupSums(sizes, counts.astype(np.uint32), *rest)
    in_order = [groups[number] for number in range(len(groups))]
    if request.ranks:
        in_order = _ranked(piece, n_cells, in_order, cells, request)
    return Sums(positions[piece.first : piece.first + piece.n_genes], totals, tuple(in_order))


def _ranked(
    piece: Piece, n_cells: int, groups: list[GroupSums], cells: CellGroups, request: StatisticsRequest
) -> list[GroupSums]:
    """With U and tie terms; one ranking serves all groupings."""
    looks = cells.looks
    genes = sort_genes(piece, n_cells, looks[0].at(piece.rows) if len(looks) == 1 else piece.rows)
    columns = [Columns(look, by_cell=len(looks) > 1) for look in looks]
    references = [each.reference for each in request.groupings]
    to_rest = [each for each in columns if any(references[member] is None for member in each.look.members)]
    us, ties = against_rest(genes, to_rest, groups, ties=request.tie_correct)
    ranked = list(groups)
    for each in columns:
        for member, number in enumerate(each.look.members):
            u, of_ties, reference = us.get(number), ties, references[number]
            if reference is not None:
                of_values = np.take(each.look.groups[member], each.of(genes), mode="clip")
                u, of_ties = against_reference(
                    genes, of_values, groups[number], reference, ties=request.tie_correct
                )
            ranked[number] = replace(groups[number], u=u, ties=of_ties)
    return ranked

"""Normalise the exported matrix of a source as it is read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from karospace_stream.errors import BadOptionError
from karospace_stream.inputs.joined.matrix.rows import JoinedRows
from karospace_stream.inputs.normalised.change import Change
from karospace_stream.inputs.normalised.count import CountTotals
from karospace_stream.inputs.normalised.divisors import GuessedDivisors
from karospace_stream.inputs.normalised.once import PIECE
from karospace_stream.inputs.normalised.reader import NormalisedReader
from karospace_stream.model.about import ValueChange
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import MatrixReader, Source
from karospace_stream.options.general.inputs import InputOptions

_PIECE_NBYTES = 32 * PIECE  # one value as it is read and in float64, its divisor, and the result


def normalised(source: Source, options: InputOptions, selection: Selection) -> Source:
    """The source with changed values in place of the exported ones; the same if nothing is asked for.

    A matrix of blocks of whole rows is normalised to a fixed total without another pass. For the median, and
    for a matrix that lies gene by gene, the totals are counted in a `Preparation`.

    Parameters
    ----------
    selection
        The exported cells, and the name of the matrix.
    """
    if (options.normalize is None and not options.log1p) or not selection.matrix:
        return source
    name, stored = selection.matrix, source.matrix(selection.matrix)
    if isinstance(stored, NormalisedReader):  # the totals are counted already
        return source
    if options.normalize is not None:
        _refuse_filled(stored)
    dtype = "float64" if stored.info.dtype == "float64" else "float32"
    target = options.normalize
    is_counted = target is not None and (target == "median" or stored.info.gene_major)
    guess = _guessed_total(stored.info)
    change = Change(
        matrix=name,
        dtype=dtype,
        target=guess if target == "median" else target,
        log=options.log1p,
        cells=selection.cells,
    )
    reader = NormalisedReader(_info(stored.info, dtype), stored, change)
    if is_counted and change.target is not None:
        reader = replace(reader, divisors=GuessedDivisors(guess / change.target, dtype))
    changed = source.with_values(name, reader, natural_log=options.log1p)
    if source.preparation is not None:  # which comes first; then this is asked again
        return changed.with_preparation(source.preparation)
    if is_counted and target is not None:
        return changed.with_preparation(CountTotals(changed, name, reader, target))
    return changed


def change_of(source: Source, options: InputOptions, name: str) -> ValueChange | None:
    """What is done to the values of a matrix; None if nothing is, or there is no matrix.

    Until the median is counted, there is no total.
    """
    reader = source.matrix(name) if name else None
    if not isinstance(reader, NormalisedReader):
        return None
    total, is_median = reader.change.target, options.normalize == "median"
    if total is not None and float(total).is_integer():
        total = int(total)
    if is_median and source.preparation is not None:
        total = None
    return ValueChange(total, options.log1p, is_median)


def _refuse_filled(stored: MatrixReader) -> None:
    """Refuse cells without a total: dense inputs that lack genes are filled with NaN when they are joined."""
    if isinstance(stored, JoinedRows) and stored.info.layout == "dense" and np.isnan(stored.fill):
        raise BadOptionError(
            f"--normalize needs a value for each gene of each cell, but {stored.info.name} is joined from "
            "dense inputs that lack some of the genes, whose values are NaN there; give --join inner, or "
            "leave out --normalize"
        )


def _info(stored: MatrixInfo, dtype: str) -> MatrixInfo:
    """How the changed values look, and what reading them takes."""
    divisors = 2 * np.dtype(dtype).itemsize * stored.shape[0] if stored.gene_major else 0
    return replace(
        stored,
        dtype=dtype,
        read_itemsize=np.dtype(stored.dtype).itemsize,
        beside_nbytes=_PIECE_NBYTES + divisors,
    )


def _guessed_total(info: MatrixInfo) -> float:
    """About the total of a cell of counts, as long as nothing is counted."""
    n_values = info.shape[0] * info.shape[1] / 10 if info.nnz is None else info.nnz
    return max(1.0, 2.0 * n_values / max(1, info.shape[0]))

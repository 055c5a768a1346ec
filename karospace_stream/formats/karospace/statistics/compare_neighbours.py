"""Compare the neighbourhoods in a bundle with those of some of its genes, and of all of its groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.genes.statistics.neighbourhoods import FoundNeighbours
from karospace_stream.formats.genes.statistics.summed import SummedGenes
from karospace_stream.formats.karospace.layout.neighbourhoods import GENE_COLUMNS
from karospace_stream.formats.karospace.statistics.stored_tables import Difference, StoredTables, near
from karospace_stream.measures.autocorrelation import Autocorrelation
from karospace_stream.measures.p_values import adjusted

_P_VALUES = (("moran_p_value", "moran_adjusted_p_value"), ("geary_p_value", "geary_adjusted_p_value"))


def differing_neighbourhoods(
    atlas: str, entry: Mapping[str, Any], summed: SummedGenes, stored: StoredTables
) -> Iterator[Difference]:
    """Files whose numbers do not follow from the source.

    Parameters
    ----------
    atlas
        Path of the manifest that has the entry.
    entry
        The neighbourhoods in it.
    """
    genes, found = summed.autocorrelation(), summed.neighbours
    assert genes is not None  # else nothing was computed on a graph
    assert found is not None
    if entry["graph"] != found.plan.key:
        yield atlas, f"has neighbourhoods on another graph than {found.plan.key!r}"
        return
    variances = (entry["genes"]["variances"][name] for name in ("moran_i", "geary_c"))
    theirs = np.array([np.nan if each is None else each for each in variances], np.float64)
    if not near(theirs, np.array([genes.moran_variance, genes.geary_variance])).all():
        yield atlas, "has other variances of Moran's I and Geary's C than the source"
    yield from _genes(entry["genes"]["parts"], genes, stored)
    for each, number in zip(entry["groupings"], found.plan.enriched, strict=True):
        yield from _groups(atlas, each, found, number, stored)


def _genes(
    parts: list[Mapping[str, Any]], found: Autocorrelation, stored: StoredTables
) -> Iterator[Difference]:
    ours: dict[str, npt.NDArray[Any]] = {
        "moran_i": found.moran.astype(np.float32),
        "geary_c": found.geary.astype(np.float32),
        "moran_p_value": found.moran_p,
        "geary_p_value": found.geary_p,
    }
    first, n_found = parts[0]["path"], 0
    whole: dict[str, list[npt.NDArray[Any]]] = {name: [] for name, _ in GENE_COLUMNS}
    for part in parts:
        table = stored.columns(part, GENE_COLUMNS)
        for name, values in table.items():
            whole[name].append(values)
        rows, here = stored.rows_of(table["gene"])
        n_found += len(rows)
        for name, values in ours.items():
            yield from stored.unequal(part["path"], _words(name), here, table[name][rows], values[here])
    if n_found != len(stored.positions):
        yield first, "does not rank each gene once"
    moran = np.concatenate(whole["moran_i"])
    falling = moran[: len(moran) - int(np.isnan(moran).sum())]
    if np.isnan(falling).any() or (np.diff(falling) > 0).any():
        yield first, "does not rank genes by falling Moran's I"
    for plain, corrected in _P_VALUES:
        # Which need all genes, so they are compared with the p-values beside them.
        if not near(np.concatenate(whole[corrected]), adjusted(np.concatenate(whole[plain]))).all():
            yield first, f"has a column {corrected} that does not follow from its {plain}"


def _words(name: str) -> str:
    return name.replace("_", " ").replace("moran", "Moran").replace("geary", "Geary")


def _groups(
    atlas: str, entry: Mapping[str, Any], found: FoundNeighbours, number: int, stored: StoredTables
) -> Iterator[Difference]:
    grouping, near_groups = found.plan.groupings[number], found.enrichment(number)
    assert near_groups is not None  # as the groups can be neighbours
    if (entry["column"], tuple(entry["categories"])) != (grouping.column, grouping.categories):
        yield atlas, f"has other neighbouring groups than those of {grouping.column!r} in the source"
        return
    n_groups, path = grouping.n_groups, entry["enrichment"]["path"]
    z_scores, counts = stored.numbers(path, 16 * n_groups**2).view("<f8").reshape(2, n_groups, n_groups)
    yield from _pairs(path, "counts", np.asarray(counts == near_groups.counts), grouping.categories)
    if not found.plan.permutations:
        return
    yield from _pairs(path, "z-scores", near(z_scores, near_groups.z_scores), grouping.categories)
    paired = found.co_occurrence(number)
    if (paired is None) != ("co_occurrence" not in entry):
        yield atlas, f"differs from the source in whether {grouping.column!r} has co-occurrence"
    elif paired is not None:
        path, shape = entry["co_occurrence"]["path"], paired.ratios.shape
        ratios = stored.numbers(path, 4 * paired.ratios.size).view("<f4").reshape(shape)
        same = np.asarray(near(ratios, paired.ratios.astype(np.float32)).all(axis=2))
        yield from _pairs(path, "co-occurrence", same, grouping.categories)


def _pairs(
    path: str, what: str, same: npt.NDArray[np.bool_], categories: tuple[str, ...]
) -> Iterator[Difference]:
    """A difference that names the first two groups."""
    wrong = np.argwhere(~same)
    if len(wrong):
        one, other = (repr(categories[group]) for group in wrong[0].tolist())
        more = ", …" if len(wrong) > 1 else ""
        yield path, f"differs from the source: {what} of {one} and {other}{more}"

"""Options of statistics of neighbouring cells."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.options.general.statistics import StatisticsOptions
from karospace_stream.options.moot_reasons import without_genes, without_neighbourhoods
from karospace_stream.options.option import option

_SECTION = "Statistics of neighbours"
_FORMATS = ("karospace", "anndata")


@dataclass(frozen=True, slots=True)
class NeighbourhoodOptions(StatisticsOptions):
    """What is computed of neighbouring cells. The declaration of each field documents the option."""

    neighbourhoods: str = option(
        "none",
        "Graph in obsp for spatially variable genes and neighbouring groups; auto: the spatial one.",
        kind="text",
        section=_SECTION,
        metavar="KEY",
        formats=_FORMATS,
        moot=without_genes,
        doc="Key of ``obsp``: a graph of neighbouring cells, such as ``spatial_connectivities``, on which "
        "Moran's I and Geary's C of every gene are computed, and for each column of ``group_by`` how often "
        'its groups are neighbours. ``"auto"`` takes the spatial graph.',
        names_parts=True,
    )
    permutations: int = option(
        1_000,
        "Shuffles of the groups, for the z-scores of neighbouring groups.",
        kind="integer",
        section=_SECTION,
        metavar="N",
        formats=_FORMATS,
        moot=without_neighbourhoods,
    )
    seed: int = option(
        0,
        "Seed of the shuffles; the same seed gives the same z-scores.",
        kind="integer",
        section=_SECTION,
        metavar="N",
        formats=_FORMATS,
        moot=without_neighbourhoods,
    )

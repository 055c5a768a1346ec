"""Names of statistics in a store, and the number and size of their files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from karospace_stream.formats.genes.statistics.neighbourhoods import NeighbourhoodsPlan
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan
from karospace_stream.measures.neighbourhoods.co_occurrence import N_DISTANCES
from karospace_stream.measures.neighbourhoods.squidpy_names import (
    GENE_COLUMNS,
    co_occurrence_key,
    enrichment_key,
)
from karospace_stream.measures.rank_genes_groups import KEY, RECORDS, takes_shares
from karospace_stream.model.catalog import RankingInfo
from karospace_stream.model.size import Size
from karospace_stream.options.export_options import ExportOptions

#: Data frames of varm, by the column after an underscore.
MEANS, SHARES = "means", "shares"
#: Memory of a gene and a group: means, and markers sorted by score.
ROW_NBYTES = 90

_CHUNK_NBYTES = 1 << 22  # of records
_NAME_NBYTES = 100  # of a gene's name in a record, four bytes a letter
_ARRAY = Size(500, 1_300)  # documents of an array, and what the list of checksums says
_PACKED, _PACKED_NAMES = Size(0.05, 1.01), Size(0.02, 0.4)
_DOCUMENTS = {2: 2, 3: 1}  # of an array, or a group
_PARAMETERS = 6


def groupings_of(group_by: Sequence[str] | None) -> tuple[str, ...]:
    """The columns that are compared."""
    return () if group_by in (None, ("none",)) else tuple(dict.fromkeys(group_by or ()))


def files_if_summed(
    options: ExportOptions, zarr_format: int
) -> Callable[[StatisticsPlan], tuple[int, Size]] | None:
    """Number and size of its files; None if a store has no statistics.

    It has none of columns that only a bundle beside it compares unasked.
    """
    wanted = options.group_by or options.neighbourhoods != "none"
    return partial(statistics_files, zarr_format=zarr_format) if wanted else None


def uns_keys(columns: Sequence[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """Keys of uns: the usual one for the first column, unless the input has markers there.

    Parameters
    ----------
    taken
        Keys of markers that the input has.
    """
    used, keys = set(taken), list[str]()
    for number, column in enumerate(columns):
        key = f"{KEY}_{column}" if number or KEY in used else KEY
        while key in used:
            key += "_computed"
        used.add(key)
        keys.append(key)
    return tuple(keys)


def neighbour_keys(columns: Sequence[str], graph: str) -> list[str]:
    """Keys of uns for what is computed of neighbours; none without a graph."""
    if graph == "none":
        return []
    several = [key(column) for column in columns for key in (enrichment_key, co_occurrence_key)]
    return [*GENE_COLUMNS, *several]


def varm_keys(columns: Iterable[str]) -> list[str]:
    """Keys of varm."""
    return [f"{kind}_{column}" for column in columns for kind in (MEANS, SHARES)]


def record_rows(n_groups: int, value_nbytes: int) -> int:
    """Genes in a chunk of records."""
    return max(1, _CHUNK_NBYTES // max(1, n_groups * value_nbytes))


def statistics_files(plan: StatisticsPlan, zarr_format: int) -> tuple[int, Size]:
    """Number of files, and their size."""
    n_files, size = 0, Size()
    for grouping in plan.request.groupings:
        tested, n_groups = plan.request.test != "none", grouping.n_groups
        n_frames = 2
        if tested and takes_shares(grouping):
            n_frames += 1 + (grouping.reference is None)
        n_arrays = n_frames * (n_groups + 1)
        n_chunks, n_documents = n_arrays, n_arrays + n_frames
        values = plan.n_genes * n_groups
        size += Size.exactly(8 * n_frames * values).packed(_PACKED)
        size += _PACKED_NAMES * (n_frames * plan.n_genes * _NAME_NBYTES / 4)
        if tested:
            n_chunks += len(RECORDS) * -(-plan.n_genes // record_rows(n_groups, 8)) + _PARAMETERS
            n_documents += len(RECORDS) + _PARAMETERS + 2
            size += Size.exactly(24 * values).packed(_PACKED)
            size += Size.exactly(_NAME_NBYTES * values).packed(_PACKED_NAMES)
        n_files += n_chunks + n_documents * _DOCUMENTS[zarr_format]
        size += _ARRAY * n_documents
    if plan.neighbours is not None:
        n_near, of_near = _neighbour_files(plan, plan.neighbours, zarr_format)
        n_files, size = n_files + n_near, size + of_near
    return n_files, size


def _neighbour_files(plan: StatisticsPlan, near: NeighbourhoodsPlan, zarr_format: int) -> tuple[int, Size]:
    n_columns = sum(1 + len(each) for each in GENE_COLUMNS.values())
    n_arrays = n_columns + 2 * len(near.enriched) + 2 * len(near.paired)
    n_documents = n_arrays + len(GENE_COLUMNS) + len(near.enriched) + len(near.paired)
    size = Size.exactly(64 * plan.n_genes).packed(_PACKED)
    size += _PACKED_NAMES * (2 * plan.n_genes * _NAME_NBYTES / 4)
    for numbers, nbytes in ((near.enriched, 16), (near.paired, 8 * N_DISTANCES)):
        pairs = sum(near.groupings[number].n_groups ** 2 for number in numbers)
        size += Size.exactly(nbytes * pairs).packed(_PACKED)
    return n_arrays + n_documents * _DOCUMENTS[zarr_format], size + _ARRAY * n_documents


def ranking_files(rankings: Sequence[RankingInfo], zarr_format: int) -> tuple[int, Size]:
    """Number of files of markers that the input has, and their size."""
    n_files, size = 0, Size()
    for each in rankings:
        n_groups = len(each.groups)
        n_arrays = 1 + len(each.columns) + len(each.parameters) + len(each.shares) * (n_groups + 1)
        n_chunks = len(each.columns) * -(-each.n_ranks // record_rows(n_groups, 8))
        n_chunks += -(-each.n_ranks // record_rows(n_groups, _NAME_NBYTES))
        n_chunks += len(each.parameters) + len(each.shares) * (n_groups + 1)
        n_documents = n_arrays + 2 + len(each.shares)
        size += Size.exactly(8 * (len(each.columns) + len(each.shares)) * each.n_values).packed(_PACKED)
        size += _PACKED_NAMES * (_NAME_NBYTES * each.n_values)
        n_files += n_chunks + n_documents * _DOCUMENTS[zarr_format]
        size += _ARRAY * n_documents
    return n_files, size

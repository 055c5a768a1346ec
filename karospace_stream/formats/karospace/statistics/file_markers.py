"""Write markers that the input has already: a ranking for each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.arrays import little_endian
from karospace_stream.encode.tables import dump_json
from karospace_stream.formats.genes.file_markers import FileMarkers, not_exported, read_markers
from karospace_stream.formats.karospace.job import KarospaceJob
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.file_markers import (
    COLUMNS,
    GENE,
    AtlasFileMarkers,
    AtlasFileRanking,
)
from karospace_stream.formats.karospace.layout.manifest import Part
from karospace_stream.formats.karospace.statistics.size import BEST, gene_cuts
from karospace_stream.model.catalog import RankingInfo
from karospace_stream.model.finding import Finding

_Columns = dict[str, npt.NDArray[np.generic]]


def write_file_markers(job: KarospaceJob, number: int) -> AtlasFileMarkers:
    """Write the markers of one entry of uns."""
    info = job.plan.rankings[number]
    markers = read_markers(job.source, job.selection, info)
    if isinstance(markers, Finding):
        return AtlasFileMarkers(info.key, problem=markers.text)
    told = {*info.columns, *info.shares}
    columns = tuple(name for stored, name, _ in COLUMNS if stored in told)
    packed = job.level is not None
    rankings, best = [], []
    for group, name in enumerate(info.groups):
        table = _table(markers, group)
        rankings.append(AtlasFileRanking(name, _write_ranking(job, number, group, table)))
        best.append({"group": group} | _best(table))
    others = [dump_json(list(markers.others))] if markers.others else None
    return AtlasFileMarkers(
        key=info.key,
        column=info.column,
        parameters=info.parameters,
        columns=columns,
        n_names=len(markers.found.names),
        others=markers.others,
        other_genes=None if others is None else job.put_packed(names.file_genes(number, packed), others),
        best=job.put_packed(names.file_best(number, packed), [dump_json({"groups": best})]),
        rankings=tuple(rankings),
    )


def findings(several: Sequence[AtlasFileMarkers], plan: Sequence[RankingInfo]) -> Iterator[Finding]:
    """What the user should know of them."""
    for each, info in zip(several, plan, strict=True):
        if each.problem:
            yield Finding("unreadable", each.problem)
        elif (said := not_exported(info, each.others, each.n_names)) is not None:
            yield said


def _table(markers: FileMarkers, group: int) -> _Columns:
    """The columns of a ranking, as written."""
    ranks = markers.ranks(group)
    found = markers.found
    table: _Columns = {GENE[0]: markers.genes[found.codes[group][ranks]].astype(GENE[1])}
    for stored, name, dtype in COLUMNS:
        with np.errstate(over="ignore"):
            if stored in found.values:
                table[name] = found.values[stored][group][ranks].astype(dtype)
            elif stored in markers.shares:
                table[name] = markers.shares_of(stored, group).astype(dtype)
    return table


def _write_ranking(job: KarospaceJob, number: int, group: int, table: _Columns) -> tuple[Part, ...]:
    width = sum(each.dtype.itemsize for each in table.values())
    cuts = gene_cuts(len(table[GENE[0]]), width, job.plan.part_nbytes)
    written = []
    for part, (first, stop) in enumerate(pairwise(cuts)):
        pieces = [little_endian(each[first:stop]) for each in table.values()]
        key = names.file_ranking(number, group, part, job.level is not None)
        written.append((job.put_packed(key, pieces), first, stop))
    return tuple(written)


def _best(table: _Columns) -> dict[str, object]:
    return {
        "genes": table[GENE[0]][:BEST].tolist(),
        **{
            f"{name}s": [float(f"{value:.5g}") if np.isfinite(value) else None for value in values[:BEST]]
            for name, values in table.items()
            if name in ("score", "log_fold_change", "adjusted_p_value", "share")
        },
    }

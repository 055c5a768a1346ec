"""Compare the statistics in a bundle with sums of some of its genes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from karospace_stream.encode.checks import inflated
from karospace_stream.formats.genes.statistics.automatic import FEWEST_CATEGORIES
from karospace_stream.formats.genes.statistics.summed import ComparedGroups, SummedGenes
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.expected import atlas_path
from karospace_stream.formats.karospace.layout.statistics import TABLES, ranked_columns
from karospace_stream.formats.karospace.statistics.compare_neighbours import differing_neighbourhoods
from karospace_stream.formats.karospace.statistics.stored_tables import (
    Difference,
    Genes,
    StoredTables,
    UnreadableFileError,
    near,
)
from karospace_stream.formats.karospace.statistics.write import best_of, ranked_values
from karospace_stream.formats.layout.documents import checked
from karospace_stream.measures.markers import Markers
from karospace_stream.measures.p_values import adjusted
from karospace_stream.model.expected import Read

_MOST_BEST_NBYTES = 1 << 28
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError)


def differences(
    read: Read, summed: SummedGenes, positions: Genes, labels: Sequence[str]
) -> Iterator[Difference]:
    """Files whose numbers do not follow from the sums.

    Parameters
    ----------
    positions
        Of the summed genes, among those of the bundle.
    labels
        Of all genes of the bundle.
    """
    atlas = atlas_path(read(names.MANIFEST)) or names.ATLAS
    stored, plan = StoredTables(read, positions, labels), summed.plan
    try:
        manifest = orjson.loads(checked(read(atlas)))
        if plan.neighbours is not None:
            yield from differing_neighbourhoods(atlas, manifest["neighbourhoods"], summed, stored)
        entries = manifest.get("statistics", {"groupings": []})["groupings"]
        left = iter(entries)
        entry = next(left, None)
        for number in range(len(plan.request.groupings)):
            groups = summed.grouping(number)
            column = groups.grouping.column
            if entry is not None and entry["column"] == column:
                yield from _Bundle(stored, entry).compared(atlas, groups)
                entry = next(left, None)
            # A column that nobody named is passed over if all cells are in one group.
            elif np.count_nonzero(groups.sums.n_cells[1:]) >= FEWEST_CATEGORIES:
                yield atlas, f"does not compare the groups of {column!r}"
        if entry is not None:
            yield atlas, f"compares groups of {entry['column']!r}, which the source does not have"
    except UnreadableFileError as error:
        yield error.key, f"cannot be read ({error})"
    except _UNREADABLE as error:
        yield atlas, f"has statistics that cannot be read ({type(error).__name__}: {error})"


@dataclass(frozen=True, slots=True)
class _Bundle:
    """One grouping in the bundle."""

    stored: StoredTables
    entry: Mapping[str, Any]

    def compared(self, atlas: str, groups: ComparedGroups) -> Iterator[Difference]:
        grouping, n_cells = groups.grouping, groups.sums.n_cells
        stated = (self.entry["column"], tuple(self.entry["categories"]), self.entry["reference"])
        if stated != (grouping.column, grouping.categories, grouping.reference):
            yield atlas, f"compares other groups than those of {grouping.column!r} in the source"
            return
        if [self.entry["n_without"], *self.entry["n_cells"]] != n_cells.tolist():
            yield atlas, f"counts the cells of {grouping.column!r} otherwise than the source"
        means = groups.means()
        for kind, values in zip(TABLES, (means.mean, means.share, means.variance), strict=True):
            yield from self._table(kind, values)
        rankings = {each["group"]: each["parts"] for each in self.entry.get("rankings", ())}
        found = list(groups.markers())
        if [each.group for each in found] != list(rankings):
            yield atlas, f"ranks the genes of other groups of {grouping.column!r} than the source has"
            return
        for each in found:
            yield from self._ranking(each, rankings[each.group], auc=groups.plan.request.ranks)
        if found:
            yield from self._best(found)

    def _table(self, kind: str, values: npt.NDArray[np.float64]) -> Iterator[Difference]:
        n_groups = values.shape[1]
        for part in self.entry[kind]:
            first, stop = int(part["start"]), int(part["end"])
            data = self.stored.numbers(part["path"], 4 * n_groups * (stop - first))
            table, positions = data.view("<f4").reshape(-1, n_groups), self.stored.positions
            here = np.flatnonzero((positions >= first) & (positions < stop))
            theirs = table[positions[here] - first]
            yield from self.stored.unequal(part["path"], kind, here, theirs, values[here].astype(np.float32))

    def _ranking(self, found: Markers, parts: Sequence[Any], *, auc: bool) -> Iterator[Difference]:
        columns = ranked_columns(auc=auc)
        p_values: list[npt.NDArray[np.float64]] = []
        corrected: list[npt.NDArray[np.float64]] = []
        there = np.zeros(len(self.stored.positions), bool)
        n_found = 0
        for part in parts:
            table = self.stored.columns(part, columns)
            rows, here = self.stored.rows_of(table["gene"])
            n_found += len(rows)
            there[here] = True
            last = table["score"][-1:]
            for name, values in ranked_values(found, auc=auc):
                if name not in ("gene", "adjusted_p_value"):  # which needs all genes
                    theirs, what = table[name][rows], name.replace("_", " ")
                    yield from self.stored.unequal(part["path"], what, here, theirs, values[here])
            p_values.append(table["p_value"])
            corrected.append(table["adjusted_p_value"])
        if "n_ranked" in self.entry:
            if n_found != np.count_nonzero(there):
                yield parts[0]["path"], "ranks genes more than once"
            absent = found.scores[~there].astype(np.float32)
            if ((absent > last) & ~near(absent, last)).any():
                yield parts[0]["path"], "leaves out genes of a larger score"
            return
        if n_found != len(self.stored.positions):
            yield parts[0]["path"], "does not rank each gene once"
        if not near(np.concatenate(corrected), adjusted(np.concatenate(p_values))).all():
            yield parts[0]["path"], "has adjusted p-values that do not follow from its p-values"

    def _best(self, found: Sequence[Markers]) -> Iterator[Difference]:
        key = self.entry["best"]["path"]
        try:
            yield from self._best_in(key, found)
        except _UNREADABLE as error:
            yield key, f"cannot be read ({type(error).__name__}: {error})"

    def _best_in(self, key: str, found: Sequence[Markers]) -> Iterator[Difference]:
        groups = orjson.loads(checked(inflated(self.stored.read(key), _MOST_BEST_NBYTES)))["groups"]
        for each, entry in zip(found, groups, strict=True):
            rows, here = self.stored.rows_of(np.array(entry["genes"], np.int64))
            ours = best_of(each, here)
            for name in ours.keys() - {"group", "genes", "adjusted_p_values"}:
                theirs = np.array([entry[name][row] for row in rows.tolist()], np.float64)
                what = name.replace("_", " ")
                yield from self.stored.unequal(key, what, here, theirs, np.array(ours[name], np.float64))

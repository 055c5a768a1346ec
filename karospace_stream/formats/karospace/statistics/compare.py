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
from karospace_stream.formats.karospace.statistics.write import best_of, ranked_values
from karospace_stream.formats.layout.documents import checked
from karospace_stream.measures.markers import Markers
from karospace_stream.measures.p_values import adjusted
from karospace_stream.model.expected import Read

_NEAR = 1e-6  # of float32 numbers, and of p-values by another version of SciPy
_MOST_NAMED = 3
_MOST_BEST_NBYTES = 1 << 28
#: A file, and what is wrong with it.
Difference = tuple[str, str]
Genes = npt.NDArray[np.int64]


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
    try:
        entries = orjson.loads(checked(read(atlas))).get("statistics", {"groupings": []})["groupings"]
        left = iter(entries)
        entry = next(left, None)
        for number in range(len(summed.plan.request.groupings)):
            groups = summed.grouping(number)
            column = groups.grouping.column
            if entry is not None and entry["column"] == column:
                yield from _Bundle(read, entry, positions, labels).compared(atlas, groups)
                entry = next(left, None)
            # A column that nobody named is passed over if all cells are in one group.
            elif np.count_nonzero(groups.sums.n_cells[1:]) >= FEWEST_CATEGORIES:
                yield atlas, f"does not compare the groups of {column!r}"
        if entry is not None:
            yield atlas, f"compares groups of {entry['column']!r}, which the source does not have"
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        yield atlas, f"has statistics that cannot be read ({type(error).__name__}: {error})"


@dataclass(frozen=True, slots=True)
class _Bundle:
    """One grouping in the bundle."""

    read: Read
    entry: Mapping[str, Any]
    positions: Genes
    labels: Sequence[str]

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
            table = self._numbers(part, 4 * n_groups).view("<f4").reshape(-1, n_groups)
            here = np.flatnonzero((self.positions >= first) & (self.positions < stop))
            theirs = table[self.positions[here] - first]
            yield from self._unequal(part["path"], kind, here, theirs, values[here].astype(np.float32))

    def _ranking(self, found: Markers, parts: Sequence[Any], *, auc: bool) -> Iterator[Difference]:
        columns = ranked_columns(auc=auc)
        row_nbytes = sum(np.dtype(dtype).itemsize for _, dtype in columns)
        p_values: list[npt.NDArray[np.float64]] = []
        corrected: list[npt.NDArray[np.float64]] = []
        there = np.zeros(len(self.positions), bool)
        n_found = 0
        for part in parts:
            n_rows, at = int(part["end"]) - int(part["start"]), 0
            data = self._numbers(part, row_nbytes)
            stored: dict[str, npt.NDArray[Any]] = {}
            for name, dtype in columns:
                stop = at + n_rows * np.dtype(dtype).itemsize
                stored[name], at = data[at:stop].view(np.dtype(dtype).newbyteorder("<")), stop
            rows, here = _positions_of(stored["gene"], self.positions)
            n_found += len(rows)
            there[here] = True
            last = stored["score"][-1:]
            for name, values in ranked_values(found, auc=auc):
                if name not in ("gene", "adjusted_p_value"):  # which needs all genes
                    theirs, what = stored[name][rows], name.replace("_", " ")
                    yield from self._unequal(part["path"], what, here, theirs, values[here])
            p_values.append(stored["p_value"])
            corrected.append(stored["adjusted_p_value"])
        if "n_ranked" in self.entry:
            if n_found != np.count_nonzero(there):
                yield parts[0]["path"], "ranks genes more than once"
            absent = found.scores[~there].astype(np.float32)
            if ((absent > last) & ~_near(absent, last)).any():
                yield parts[0]["path"], "leaves out genes of a larger score"
            return
        if n_found != len(self.positions):
            yield parts[0]["path"], "does not rank each gene once"
        if not _near(np.concatenate(corrected), adjusted(np.concatenate(p_values))).all():
            yield parts[0]["path"], "has adjusted p-values that do not follow from its p-values"

    def _best(self, found: Sequence[Markers]) -> Iterator[Difference]:
        key = self.entry["best"]["path"]
        groups = orjson.loads(checked(inflated(self.read(key), _MOST_BEST_NBYTES)))["groups"]
        for each, entry in zip(found, groups, strict=True):
            rows, here = _positions_of(np.array(entry["genes"], np.int64), self.positions)
            ours = best_of(each, here)
            for name in ours.keys() - {"group", "genes", "adjusted_p_values"}:
                theirs = np.array([entry[name][row] for row in rows.tolist()], np.float64)
                what = name.replace("_", " ")
                yield from self._unequal(key, what, here, theirs, np.array(ours[name], np.float64))

    def _numbers(self, part: Mapping[str, Any], row_nbytes: int) -> npt.NDArray[np.uint8]:
        nbytes = (int(part["end"]) - int(part["start"])) * row_nbytes
        data = inflated(self.read(part["path"]), nbytes)
        if len(data) != nbytes:
            raise ValueError(f"{part['path']} must hold {nbytes:,} bytes, got {len(data):,}")
        return np.frombuffer(data, np.uint8)

    def _unequal(
        self, key: str, what: str, here: Genes, theirs: npt.NDArray[Any], ours: npt.NDArray[Any]
    ) -> Iterator[Difference]:
        """A difference that names genes."""
        wrong = ~_near(theirs, ours).reshape(len(here), -1).all(axis=1)
        if wrong.any():
            named = [repr(self.labels[self.positions[at]]) for at in here[wrong][:_MOST_NAMED].tolist()]
            more = ", …" if wrong.sum() > len(named) else ""
            yield key, f"differs from the source: {what} of {', '.join(named)}{more}"


def _near(theirs: npt.NDArray[Any], ours: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    near: npt.NDArray[np.bool_] = np.isclose(theirs, ours, rtol=_NEAR, atol=0, equal_nan=True)
    return near


def _positions_of(genes: npt.NDArray[Any], positions: Genes) -> tuple[Genes, Genes]:
    """Rows that hold one of the positions, and which one each holds."""
    genes = genes.astype(np.int64)
    at = np.minimum(np.searchsorted(positions, genes), len(positions) - 1)
    rows = np.flatnonzero(positions[at] == genes)
    return rows, at[rows]

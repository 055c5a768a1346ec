"""Statistics by group: ``uns["rank_genes_groups"]`` as scanpy stores it, means and shares in varm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.index import Names, write_index
from karospace_stream.formats.anndata.arrays.results import Written
from karospace_stream.formats.anndata.arrays.rows import Values, write_rows
from karospace_stream.formats.anndata.job import AnnDataJob
from karospace_stream.formats.anndata.layout.arrays import RECORD, ArraySpec, vector_chunks
from karospace_stream.formats.anndata.layout.groups import (
    ARRAY,
    RECORDS,
    Node,
    dict_group,
    encoding,
    frame_group,
)
from karospace_stream.formats.anndata.layout.keys import StoredKeys
from karospace_stream.formats.anndata.tables.frames import gene_names, joined
from karospace_stream.formats.anndata.tables.statistics_names import MEANS, SHARES, record_rows
from karospace_stream.formats.genes.statistics.summed import ComparedGroups, SummedGenes
from karospace_stream.measures.markers import Markers
from karospace_stream.measures.rank_genes_groups import key_of, parameters, takes_shares
from karospace_stream.model.finding import Finding

Floats = npt.NDArray[np.float64]
#: Structured arrays besides the names: their values, which are sorted by score, and their type.
_NUMBERS: dict[str, tuple[Callable[[Markers], Floats], type[np.floating]]] = {
    "scores": (lambda found: found.scores, np.float32),
    "pvals": (lambda found: found.p_values, np.float64),
    "pvals_adj": (lambda found: found.adjusted, np.float64),
    "logfoldchanges": (lambda found: found.log_fold_changes, np.float32),
}


@dataclass(frozen=True, slots=True)
class ComparisonWritten:
    """The statistics of one column.

    Attributes
    ----------
    about_small
        A sentence about groups without markers; empty if there are none.
    """

    written: Written
    about_small: str = ""


@dataclass(frozen=True, slots=True)
class StatisticsWritten:
    """The statistics of all columns, and what the user should know of them."""

    parts: tuple[Written, ...] = ()
    findings: tuple[Finding, ...] = ()


def write_comparison(job: AnnDataJob, summed: SummedGenes, number: int) -> ComparisonWritten:
    """Compare the groups of one column, and write its markers, means and shares."""
    compared = summed.grouping(number)
    genes, _ = gene_names(job)
    means, column = compared.means(), compared.grouping.column
    names = compared.grouping.categories
    parts = [
        _write_frame(job, job.plan.keys.path("varm", f"{kind}_{column}"), genes, names, values)
        for kind, values in ((MEANS, means.mean), (SHARES, means.share))
    ]
    parts += _write_markers(job, compared, genes, means.share)
    (about, *_) = (*(each.text for each in compared.findings()), "")
    return ComparisonWritten(joined(parts), about)


def all_statistics(summed: SummedGenes, several: Sequence[ComparisonWritten]) -> StatisticsWritten:
    """The statistics of all columns."""
    small = (Finding("small-groups", each.about_small, "group_by") for each in several if each.about_small)
    return StatisticsWritten(tuple(each.written for each in several), (*summed.findings(), *small))


def _write_markers(
    job: AnnDataJob, compared: ComparedGroups, genes: Names, shares: Floats
) -> Iterator[Written]:
    grouping, shape = compared.grouping, (compared.grouping.n_groups, len(genes))
    order = np.zeros(shape, np.int32)
    sorted_by_score = {name: np.zeros(shape, dtype) for name, (_, dtype) in _NUMBERS.items()}
    outside = np.zeros(shape)
    groups = []  # those that were compared
    for row, found in enumerate(compared.markers()):
        groups.append(grouping.categories[found.group])
        order[row], outside[row] = found.order, found.outside.share
        for name, (numbers_of, _) in _NUMBERS.items():
            with np.errstate(over="ignore"):
                sorted_by_score[name][row] = numbers_of(found)[found.order]
    if not groups:
        return
    path = job.plan.keys.path("uns", key_of(grouping, compared.number))
    yield _write_parameters(job, path, compared)
    text = genes.astype(np.str_)
    yield _write_records(job, f"{path}/names", groups, order, text.dtype, lambda rows: text[rows])
    for name, values in sorted_by_score.items():
        yield _write_records(job, f"{path}/{name}", groups, values, values.dtype, lambda rows: rows)
    if takes_shares(grouping):
        yield _write_frame(job, f"{path}/pts", genes, grouping.categories, shares)
        if grouping.reference is None:
            yield _write_frame(job, f"{path}/pts_rest", genes, groups, outside[: len(groups)].T)


def _write_parameters(job: AnnDataJob, path: str, compared: ComparedGroups) -> Written:
    told = parameters(compared.grouping, compared.plan.request)
    told["groupby"] = job.plan.keys.key("obs", compared.grouping.column)
    nodes: list[Node] = [dict_group(path), dict_group(f"{path}/params")]
    receipts = []
    for name, value in told.items():
        is_text = isinstance(value, str)
        kind = ("string", "0.2.0") if is_text else ("null", "0.1.0") if value is None else None
        spec = ArraySpec(
            f"{path}/params/{name}",
            (),
            (),
            "str" if is_text else "bool",
            attributes=encoding(*(kind or ("numeric-scalar", "0.2.0"))),
        )
        nodes.append(spec)
        receipts += job.chunks.put(spec, (), np.array(value or False, object if is_text else np.bool_))
    return Written(tuple(nodes), tuple(receipts))


def _write_records(
    job: AnnDataJob,
    path: str,
    groups: Sequence[str],
    columns: npt.NDArray[np.generic],
    dtype: np.dtype[np.generic],
    values: Callable[[npt.NDArray[np.generic]], npt.NDArray[np.generic]],
) -> Written:
    """A structured array with a field for each group, made chunk by chunk of ``(n_groups, n_genes)``."""
    n_genes = columns.shape[1]
    fields = tuple((name, dtype.str) for name in groups)
    rows = min(n_genes, record_rows(len(groups), dtype.itemsize))
    spec = ArraySpec(path, (n_genes,), (rows,), RECORD, shuffle=False, attributes=RECORDS, fields=fields)

    def pieces() -> Iterator[Values]:
        for first in range(0, n_genes, rows):
            piece = np.zeros(min(rows, n_genes - first), spec.value_dtype)
            for field, column in zip(spec.value_dtype.names or (), columns[: len(groups)], strict=True):
                piece[field] = values(column[first : first + rows])
            yield piece

    chunks = replace(job.chunks, shard=1)  # zarr-python cannot read records from shards
    with chunks.batch() as batch:
        return Written((spec,), tuple(write_rows(batch, spec, pieces())))


def _write_frame(job: AnnDataJob, path: str, genes: Names, names: Sequence[str], values: Floats) -> Written:
    """A data frame of genes x groups."""
    keys = StoredKeys.of({path: names}, {})
    stored = [keys.key(path, name) for name in names]
    parts = [
        Written((frame_group(path, stored, keys.attributes(path)),), ()),
        write_index(job.chunks, f"{path}/_index", len(genes), iter([genes]), [], "gene"),
    ]
    columns: Mapping[str, Floats] = dict(zip(stored, values.T, strict=True))
    with job.chunks.batch() as batch:
        for key, column in columns.items():
            chunks = vector_chunks(len(genes))
            spec = batch.laid(ArraySpec(f"{path}/{key}", (len(genes),), chunks, "float64", attributes=ARRAY))
            parts.append(Written((spec,), tuple(write_rows(batch, spec, iter([column])))))
    return joined(parts)

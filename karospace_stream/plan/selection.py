"""Turn options and a catalog into a selection, with the rules of `select`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.registry import format_of
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.column import Column
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import TURNED_IF_CHOSEN
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import MatrixReader, Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.cells.choose import choose_rows
from karospace_stream.plan.genes.groups import gene_groups
from karospace_stream.plan.genes.listed import listed_genes
from karospace_stream.plan.genes.names import GeneNames, gene_names, var_of
from karospace_stream.plan.genes.variable import asks_to_compute
from karospace_stream.select import (
    GeneChoice,
    choose_genes,
    parse_genes,
)
from karospace_stream.select.genes import VAR_COLUMNS, CountedGenes, needs_means
from karospace_stream.select.suggest import not_there


@dataclass(frozen=True, slots=True)
class ChosenGenes:
    """Cells and genes, whether the genes still depend on the means, and findings.

    Columns and embeddings are chosen by each format.
    """

    selection: Selection
    counting: bool
    findings: tuple[Finding, ...]


def choose(source: Source, options: ExportOptions, *, counted: CountedGenes | None = None) -> ChosenGenes:
    """Resolve all requested cells and genes.

    Parameters
    ----------
    counted
        What the counting pass found. If it is needed and not given, as many genes stand in for those that
        will be chosen.
    """
    catalog = source.catalog
    requested = parse_genes(options.genes)
    matrix = None if requested.mode == "none" else _matrix(source, options)
    # Without genes nobody sees what they are called.
    named = (
        gene_names(source, options) if matrix is not None else GeneNames(source.var_names(raw=options.raw))
    )
    n_genes = len(named.index)
    cells, about_cells = choose_rows(source, options)
    there = {column.name for column in var_of(catalog, options)}
    var: dict[str, Column] = {}
    if requested.mode == "hvgs" and not asks_to_compute(options):
        var = {name: source.var_column(name, raw=options.raw) for name in VAR_COLUMNS if name in there}
    counting = needs_means(requested, var) and counted is None
    if counting and matrix is not None:
        genes = _stand_ins(matrix, min(requested.count, n_genes))
    elif requested.mode == "list":
        genes = listed_genes(source, options, requested, named)
    elif counted is not None and counted.order is not None:
        genes = counted.order
    else:
        genes = choose_genes(requested, n_genes, var, means=None if counted is None else counted.means)
    labels, renamed = named.labels(genes)
    renamed = 0 if counting else renamed
    _refuse_unreadable(catalog, options.anno)
    selection = Selection(
        matrix="" if matrix is None else matrix.info.name,
        cells=cells,
        n_cells=catalog.n_cells if cells is None else len(cells),
        genes=genes,
        labels=labels,
        columns=(),
        embeddings=(),
        names_from=named.column,
        ids=named.ids(genes),
        variable=None if counted is None else counted.variable,
        gene_groups=None if matrix is None else gene_groups(source, genes, raw=options.raw),
    )
    about = _about_genes(requested, 0 if named.column else renamed, n_genes, options.formats)
    read = (*_about_columns(catalog, options.anno), *_read_as_numbers(catalog))
    passed = () if counted is None else counted.findings
    return ChosenGenes(selection, counting, (*about_cells, *read, *named.findings(renamed), *about, *passed))


def _stand_ins(matrix: MatrixReader, n_genes: int) -> npt.NDArray[np.int64]:
    """Stand-ins for the genes that the means will choose: the fullest ones, so that no choice costs more."""
    if matrix.info.layout != "csc" or matrix.lazy() is not None:
        return np.arange(n_genes, dtype=np.int64)
    lengths = np.diff(matrix.count_before(np.arange(matrix.info.shape[1] + 1)))
    return np.sort(np.argsort(-lengths, kind="stable")[:n_genes])


def _refuse_unreadable(catalog: Catalog, wanted: tuple[str, ...] | None) -> None:
    """Refuse a requested obs column that exists but cannot be read."""
    why = {key.removeprefix("obs/"): text for key, text in catalog.unreadable if key.startswith("obs/")}
    there, lacking = {info.name for info in catalog.obs}, catalog.lacking("obs")
    for name in wanted or ():
        if name in why:
            raise BadOptionError(f"--anno: the obs column {name!r} cannot be read: {why[name]}")
        if name in lacking and name not in there:
            raise BadOptionError(not_there("obs column", [name], (), option="--anno", lacking=lacking))


def _about_columns(catalog: Catalog, wanted: tuple[str, ...] | None) -> list[Finding]:
    """Findings about obs columns that may be exported."""
    noted = (info for info in catalog.obs if info.note)
    chosen = (info for info in noted if wanted in (None, ("all",)) or info.name in (wanted or ()))
    return [Finding("column-read", f"the obs column {info.name!r}: {info.note}") for info in chosen]


def _read_as_numbers(catalog: Catalog) -> list[Finding]:
    return [
        Finding("text-as-numbers", f"obsm[{entry.key!r}] is text, and is read as numbers")
        for entry in catalog.obsm
        if entry.is_text
    ]


def _matrix(source: Source, options: ExportOptions) -> MatrixReader:
    layers = [info.name.partition("/")[2] for info in source.catalog.layers]
    unreadable = dict(source.catalog.unreadable)
    if options.layer is not None and options.layer not in layers and options.matrix not in unreadable:
        turned = [key.partition("/")[2] for key, why in unreadable.items() if why == TURNED_IF_CHOSEN]
        there, lacking = [*layers, *filter(None, turned)], source.catalog.lacking("layers")
        raise BadOptionError(not_there("layer", [options.layer], there, option="--layer", lacking=lacking))
    return source.matrix(options.matrix)


def _about_genes(
    requested: GeneChoice, renamed: int, n_genes: int, formats: tuple[str, ...]
) -> Iterator[Finding]:
    if requested.count > n_genes:
        asked = f"{requested.mode}:{requested.count}"
        text = f"{asked} asks for more genes than there are: all {n_genes:,} are exported"
        yield Finding("fewer-genes", text, "genes")
    if renamed and any(format_of(name).relabels_genes for name in formats):
        had = "genes had" if renamed > 1 else "gene had"
        text = f"{renamed} {had} an empty or repeated name, replaced in the export (see var_000.csv)"
        yield Finding("renamed-genes", text)

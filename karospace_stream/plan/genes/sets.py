"""Find the genes of gene sets in the matrix, and decide which sets are scored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from karospace_stream.errors import BadOptionError
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import GeneSet, GeneSets, GivenSets, Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.genes.names import gene_names
from karospace_stream.plan.genes.set_files import load_sets
from karospace_stream.select.gene_names import positions_of
from karospace_stream.source.genes.scores import PendingScores
from karospace_stream.units import counted

#: With more sets none is scored: a column of obs for each is more than anyone looks through.
MOST_SCORED = 200
_NAMED = 3
_ENDING = "_score"


def plan_gene_sets(
    source: Source, options: ExportOptions, selection: Selection
) -> tuple[GeneSets, tuple[Finding, ...]]:
    """Read the sets, and find their genes among all genes of the matrix that is read.

    Raises
    ------
    BadOptionError
        If sets cannot be read, or none of their genes is there.
    """
    if not options.gene_sets or not selection.matrix:
        return GeneSets(), ()
    given = load_sets(source, options)
    sets = _found(source, options, given)
    scored = options.set_scores and len(sets) <= MOST_SCORED
    if scored:
        sets = _with_columns(sets, [info.name for info in source.catalog.obs])
    return GeneSets(given, tuple(sets)), tuple(_findings(options, sets, selection))


def with_pending_scores(source: Source, sets: GeneSets) -> Source:
    """The source with a column for each score that will be computed."""
    if not sets.columns:
        return source
    n_cells = source.catalog.n_cells
    return source.with_columns({name: PendingScores(f"obs/{name}", n_cells) for name in sets.columns})


def _found(source: Source, options: ExportOptions, given: Sequence[GivenSets]) -> list[GeneSet]:
    named = gene_names(source, options)
    wanted = dict.fromkeys(gene for each in given for _, genes in each.sets for gene in genes)
    at = positions_of(wanted, named.names, named.index)
    if not any(at.values()):
        some, called = next(iter(wanted), ""), str(named.names[0]) if len(named.names) else ""
        raise BadOptionError(
            f"--gene-sets: none of {counted(len(wanted), 'gene')}, such as {some!r}, is what genes are "
            f"called here, such as {called!r}; give sets with these names, or name a column of var with "
            "--gene-names"
        )
    return [
        GeneSet(
            name,
            each.source,
            tuple(dict.fromkeys(at[gene][0] for gene in genes if at[gene])),
            tuple(gene for gene in genes if not at[gene]),
        )
        for each in given
        for name, genes in each.sets
    ]


def _with_columns(sets: Sequence[GeneSet], taken: Sequence[str]) -> list[GeneSet]:
    """Name a column after each set that has genes, unlike those of obs."""
    used, named = set(taken), []
    for each in sets:
        column, number = each.name, 0
        while each.genes and column in used:
            column = f"{each.name}{_ENDING}" + (f"-{number}" if number else "")
            number += 1
        used.add(column)
        named.append(GeneSet(each.name, each.source, each.genes, each.missing, column if each.genes else ""))
    return named


def _findings(options: ExportOptions, sets: Sequence[GeneSet], selection: Selection) -> Iterator[Finding]:
    missing = {gene for each in sets for gene in each.missing}
    if missing:
        n_genes = len(missing) + len({gene for each in sets for gene in each.genes})
        are = "is" if len(missing) == 1 else "are"
        yield Finding(
            "set-genes-missing",
            f"{len(missing):,} of {counted(n_genes, 'gene')} of the gene sets {are} not in the file: "
            f"{_some(sorted(missing))}",
            "gene_sets",
        )
    empty = [each.name for each in sets if not each.genes]
    if empty:
        have = "has" if len(empty) == 1 else "have"
        text = f"{counted(len(empty), 'gene set')} {have} no gene that is in the file: {_some(empty)}"
        yield Finding("sets-without-genes", text, "gene_sets")
    if options.set_scores and len(sets) > MOST_SCORED:
        yield Finding(
            "sets-not-scored",
            f"the {len(sets):,} gene sets go along without scores: at most {MOST_SCORED} are scored",
            "gene_sets",
        )
    renamed = [each for each in sets if each.column and each.column != each.name]
    if renamed:
        text = f"the score of the gene set {renamed[0].name!r} is the obs column {renamed[0].column!r}"
        more = f", and {counted(len(renamed) - 1, 'other')} likewise" if len(renamed) > 1 else ""
        yield Finding("score-renamed", f"{text}{more}: obs has a column of that name", "gene_sets")
    yield from _pool(sets, selection)


def _pool(sets: Sequence[GeneSet], selection: Selection) -> Iterator[Finding]:
    exported = set(selection.genes.tolist())
    scored = [each for each in sets if each.column]
    if scored and any(gene not in exported for each in scored for gene in each.genes):
        yield Finding(
            "scores-of-all-genes",
            "scores of gene sets use all genes of the matrix, also those that are not exported",
            "set_scores",
        )


def _some(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:_NAMED])) + (", …" if len(names) > _NAMED else "")

"""`karospace_stream.statistics`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from karospace_stream.errors import BadOptionError
from karospace_stream.measures.request import Test
from karospace_stream.model.plan import Strategy
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.general.choice import HvgFlavor
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.options.readers import read_group_by
from karospace_stream.progress.shown import python_progress
from karospace_stream.runtime.events import Listener
from karospace_stream.tables.files import check_one_table, write_tables
from karospace_stream.tables.options import input_keywords, sum_options
from karospace_stream.tables.out_file import check_file
from karospace_stream.tables.result import GeneStatistics
from karospace_stream.tables.run import compute
from karospace_stream.tables.scores import refuse_options_of_genes
from karospace_stream.words.signature import with_keywords


@with_keywords(of=InputOptions)
def statistics(
    source: Any,
    *,
    group_by: str | Sequence[str] = (),
    markers: Test = "wilcoxon",
    reference: str | bool | int = "rest",
    tie_correct: bool = False,
    neighbourhoods: str = "none",
    permutations: int = 1_000,
    seed: int = 0,
    gene_sets: Any = None,
    genes: str | Iterable[str] | Iterable[bool] = "all",
    gene_names: str | None = "auto",
    hvg_flavor: HvgFlavor = "auto",
    hvg_batch: str | None = None,
    layer: str | None = None,
    raw: bool = False,
    where: str | None = None,
    downsample: int | None = None,
    downsample_by: str | None = None,
    leave_out: str | Sequence[str] = (),
    memory: str | int | None = None,
    workers: int | None = None,
    scheduler: str | Any = "threads",
    strategy: Strategy | None = None,
    scratch: str | os.PathLike[str] | None = None,
    storage_options: Mapping[str, Any] | None = None,
    listener: Listener | None = None,
    progress: bool | None = None,
    **options: Any,
) -> GeneStatistics:
    """Compute markers, means and shares of genes by group, within a memory budget, without an export.

    The matrix is read once, whatever the number of groupings, and never held. The results are those of
    ``scanpy.tl.rank_genes_groups``, of values that are as exact as the matrix holds them.

    Parameters
    ----------
    source
        As for `export`.
    group_by
        Columns of ``obs`` whose groups are compared: categories, text, whole numbers or true/false.
    markers
        ``"wilcoxon"``, ``"t-test"``, ``"t-test_overestim_var"`` or ``"none"``: the methods of
        ``scanpy.tl.rank_genes_groups``.
    reference
        The group that all others are compared with; ``"rest"`` compares each group with all cells outside it.
    tie_correct
        Whether the variance of rank sums is corrected for ties (``"wilcoxon"``).
    neighbourhoods
        Key of ``obsp``, such as ``"spatial_connectivities"``; ``"auto"`` for the spatial graph. On it,
        Moran's I and Geary's C of every gene are computed, with p-values of the normal approximation, as
        ``squidpy.gr.spatial_autocorr`` does; they are columns of ``genes``. For each column of ``group_by``,
        neighbouring groups are counted as ``squidpy.gr.nhood_enrichment`` and ``squidpy.gr.co_occurrence``
        do.
    permutations, seed
        Number of shuffles of the groups, for the z-scores of neighbouring groups, and their seed.
    gene_sets
        As for `export`: paths or URLs of ``.gmt`` files, ``"uns:KEY"``, or a dictionary of names and lists
        of genes. Each set is scored in every cell, from all genes of the matrix, which is read twice for it.
        With neither ``group_by`` nor ``neighbourhoods``, nothing else is computed.
    genes, gene_names, hvg_flavor, hvg_batch, layer, raw, where, downsample, downsample_by, leave_out
        As for `export`. P-values are adjusted for all genes that are computed.
    memory, workers, scheduler, strategy, scratch, storage_options
        As for `export`. The tables themselves count too.
    listener, progress
        As for `export`.
    **options
        Options of `export` that say how the input is read.

    Returns
    -------
    GeneStatistics
        Tables as data frames: ``genes``, ``groups[column]``, ``markers[column]`` and ``scores``.

    Raises
    ------
    BadInputError
        If the input cannot be read, or a column cannot group cells.
    BadOptionError
        If an option is invalid, or names something that is not in the input.
    BudgetError
        If the memory budget is too small. The error names the smallest budget that works.
    TargetError
        If scratch cannot be written.
    WorkerError
        If a worker process ends before its task is done.

    Examples
    --------
    >>> found = statistics("atlas.h5ad", group_by="cell_type", memory="2GB")  # doctest: +SKIP
    >>> found.rank_genes_groups("cell_type", "B cell").head()  # doctest: +SKIP
    >>> found.groups["cell_type"].pivot(index="group", columns="gene", values="mean")  # doctest: +SKIP
    """
    made = read_statistics_options(
        {
            **input_keywords(options, "statistics"),
            "group_by": group_by,
            "markers": markers,
            "reference": reference,
            "tie_correct": tie_correct,
            "gene_sets": gene_sets,
            "genes": genes,
            "gene_names": gene_names,
            "hvg_flavor": hvg_flavor,
            "hvg_batch": hvg_batch,
            "layer": layer,
            "raw": raw,
            "where": where,
            "downsample": downsample,
            "downsample_by": downsample_by,
            "leave_out": leave_out,
            "memory": memory,
            "workers": workers,
            "scheduler": scheduler,
            "strategy": strategy,
            "scratch": scratch,
            "storage_options": storage_options,
            "neighbourhoods": neighbourhoods,
            "permutations": permutations,
            "seed": seed,
        }
    )
    with python_progress(progress, listener) as hear:
        return compute(source, made, hear)


def statistics_file(
    source: Any, out: str, *, overwrite: bool, listener: Listener, **keywords: Any
) -> tuple[GeneStatistics, str]:
    """Compute statistics into one file; also return where it is, for people.

    Raises
    ------
    KaroSpaceError
        As `statistics`, or if the file cannot be written or exists already.
    """
    options = read_statistics_options({"group_by": (), "markers": "wilcoxon"} | keywords)
    file = check_file(out, overwrite=overwrite, storage_options=options.storage_options)
    check_one_table(file, options)
    write = partial(write_tables, out=file)
    return compute(source, replace(options, targets=(file.location,)), listener, write), file.shown


def read_statistics_options(keywords: Mapping[str, Any]) -> ExportOptions:
    """Options of an export that only sums genes.

    Raises
    ------
    BadOptionError
        If a value is wrong, or an option would have no effect.
    """
    keywords = dict(keywords)
    columns = read_group_by(keywords["group_by"])
    if columns == ("none",) or not columns:
        if keywords.get("neighbourhoods", "none") == "none":
            if keywords.get("gene_sets") in (None, ()):
                raise BadOptionError(
                    f"--group-by must name a column of obs whose groups are compared, got "
                    f"{'none' if columns is None else repr(columns[0])}; or name a graph with "
                    "--neighbourhoods, or sets of genes with --gene-sets"
                )
            keywords = refuse_options_of_genes(keywords)
        keywords["group_by"] = ("none",)
        if keywords.get("markers") == "wilcoxon":  # the default here, which then says nothing
            del keywords["markers"]
    return sum_options(keywords, keywords["group_by"])

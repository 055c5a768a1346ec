"""Reasons why an option has no effect beside others, for ``moot`` of `Option`; empty if it has one."""

from __future__ import annotations

from typing import Any


def without_genes(options: Any) -> str:
    """Why an option about values has no effect."""
    return "--genes none exports no values" if options.genes == "none" else ""


def without_packed(options: Any) -> str:
    """Why an option about genes of the packed layout has no effect."""
    layout = getattr(options.own.get("karospace"), "layout", "classic")
    return without_genes(options) or ("--layout classic has float32" if layout == "classic" else "")


def without_packed_cells(options: Any) -> str:
    """Why the order of cells has no effect."""
    layout = getattr(options.own.get("karospace"), "layout", "classic")
    return "--layout classic has cells in the order of the source" if layout == "classic" else ""


def without_order(options: Any) -> str:
    """Why a column of an order has no effect."""
    order = getattr(options.own.get("karospace"), "order", "fair")
    return without_packed_cells(options) or ("--order source orders no cells" if order == "source" else "")


def without_variable(options: Any) -> str:
    """Why a way to find variable genes has no effect."""
    return "" if options.hvg_flavor == "auto" else _without_hvgs(options)


def without_flavor(options: Any) -> str:
    """Why batches of variable genes have no effect."""
    return _without_hvgs(options) or (
        "--hvg-flavor none computes no variable genes" if options.hvg_flavor == "none" else ""
    )


def _without_hvgs(options: Any) -> str:
    is_wanted = isinstance(options.genes, str) and options.genes.startswith("hvgs:")
    return "" if is_wanted else "only --genes hvgs:N takes variable genes"


def without_downsample(options: Any) -> str:
    """A sample by groups needs its size."""
    return "no --downsample says how many cells are drawn" if options.downsample is None else ""


def without_gzip(options: Any) -> str:
    """Why a level of compression has no effect."""
    return "" if options.gzip else "--no-gzip compresses nothing"


def _keeps_sums(options: Any) -> bool:
    return (
        options.graph != "none"
        or not _no_groups(options)
        or bool(options.pseudobulk)
        or options.neighbourhoods != "none"
        or bool(options.gene_sets and options.set_scores)
    )


def without_scratch(options: Any) -> str:
    """Why a location for scratch has no effect."""
    if options.strategy in ("pass", "memory") and not _keeps_sums(options):
        return f"--strategy {options.strategy} with --graph none needs no scratch"
    return ""


def by_points(options: Any) -> str:
    """Why coordinates have no effect."""
    points = getattr(options.own.get("cellucid"), "points", None)
    if points and options.formats == ("cellucid",):
        return "--points names all points of a Cellucid export"
    return ""


def without_values(options: Any) -> str:
    """Why columns to compare have no effect."""
    return "" if options.group_by == ("none",) else without_genes(options)


def without_groups(options: Any) -> str:
    """Why a test has no effect."""
    return without_genes(options) or _no_groups(options)


def _no_groups(options: Any) -> str:
    """Why no groups are compared. A KaroSpace bundle compares some if none are named."""
    if options.group_by == ("none",):
        return "--group-by none compares no groups"
    if options.group_by or "karospace" in options.formats:
        return ""
    return "no --group-by names groups to compare"


def without_test(options: Any) -> str:
    """Why a reference has no effect."""
    return without_groups(options) or ("--markers none compares nothing" if options.markers == "none" else "")


def without_pseudobulk(options: Any) -> str:
    """Why a layer to sum has no effect."""
    return without_genes(options) or ("" if options.pseudobulk else "no --pseudobulk names columns")


def without_ranks(options: Any) -> str:
    """Why a correction for ties has no effect."""
    is_ranked = options.markers == "wilcoxon"
    return without_groups(options) or ("" if is_ranked else f"--markers {options.markers} ranks nothing")


def without_neighbourhoods(options: Any) -> str:
    """Why shuffles of groups have no effect."""
    if options.neighbourhoods == "none":
        return "no --neighbourhoods names a graph"
    if _no_groups(options):
        return "no --group-by names groups whose neighbours are counted"
    return without_genes(options)


def without_sets(options: Any) -> str:
    """Why scores have no effect."""
    return without_genes(options) or ("" if options.gene_sets else "no --gene-sets names sets of genes")

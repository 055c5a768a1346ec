"""Check by arithmetic, before reading any, that the names in a file fit the memory budget."""

from __future__ import annotations

from karospace_stream.errors import BudgetError
from karospace_stream.formats.registry import anno_of, format_of
from karospace_stream.model.catalog import Catalog
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.genes.names import may_read_column
from karospace_stream.plan.resources.memory import PROCESS_NBYTES, default_budget_nbytes
from karospace_stream.select.obs_columns.choose import choose_columns
from karospace_stream.select.obs_columns.ranking import facts_of
from karospace_stream.units import format_nbytes

_NAME_NBYTES = 100  # a Python string, and its slot in a list
_LEAST = 1_000_000  # fewer names are covered by the general cost


def check_names_fit(catalog: Catalog, options: ExportOptions) -> None:
    """Refuse genes and categories whose names alone exceed the memory budget.

    Raises
    ------
    BudgetError
        States their number.
    """
    n_genes = catalog.n_genes
    if options.raw and catalog.raw is not None:
        n_genes = catalog.raw.shape[1]
    # A column of names is held beside the index, and the names of both are those of the export.
    n_gene_names = n_genes * (2 if may_read_column(catalog, options) else 1)
    for what, n_names in (("genes", n_gene_names), ("categories", _n_categories(catalog, options))):
        needed = PROCESS_NBYTES + _NAME_NBYTES * n_names
        budget = options.memory_nbytes or default_budget_nbytes()
        if n_names > _LEAST and needed > budget:
            raise BudgetError(
                f"--memory {format_nbytes(budget)} is too small for this export: the names of {n_names:,} "
                f"{what} take {needed // 1_000_000} MB; give more, or leave them out",
                budget_nbytes=budget,
                needed_nbytes=needed,
                stage="plan",
            )


def _n_categories(catalog: Catalog, options: ExportOptions) -> int:
    """Number of category names of all exported columns, in any format."""
    wanted = {name for format in options.formats for name in _columns(catalog, anno_of(options, format))}
    exported = [info for info in catalog.obs if info.name in wanted]
    if any(format_of(name).keeps_var for name in options.formats):
        exported += catalog.raw_var if options.raw else catalog.var
        exported += (info for each in catalog.obsm for info in each.table or ())
    return sum(info.n_categories or 0 for info in exported)


def _columns(catalog: Catalog, anno: tuple[str, ...] | None) -> tuple[str, ...]:
    if anno is None or anno == ("all",):
        return choose_columns(catalog.obs, anno, facts_of(catalog.obs, catalog.n_cells))
    return anno  # a missing one is reported where the columns are chosen

"""``stats``."""

from __future__ import annotations

from typing import Any

import click

from karospace_stream.cli.flags import SUMMED_GENES, as_options, flag_of, table_flags
from karospace_stream.cli.inputs import check_last, inputs_and, one_or_several
from karospace_stream.cli.sections import SectionedCommand


@click.command(cls=SectionedCommand)
@inputs_and("out", "OUT")
@flag_of("group_by")
@flag_of("markers", default="wilcoxon")
@flag_of("reference")
@flag_of("tie_correct")
@flag_of("neighbourhoods")
@flag_of("permutations")
@flag_of("seed")
@flag_of("gene_sets")
@flag_of("genes", text=SUMMED_GENES)
@flag_of("gene_names")
@flag_of("hvg_flavor")
@flag_of("hvg_batch")
@table_flags
def stats(
    source: tuple[str, ...],
    out: str | None,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
    debug: bool,
    **flags: Any,
) -> None:
    """Compute markers, means and shares of genes by group, into OUT (.h5ad, .csv or .parquet).

    INPUT and OUT may be paths or URLs; nothing is exported.

    \b
    karospace-stream stats atlas.h5ad markers.csv --group-by cell_type
    karospace-stream stats atlas.h5ad groups.h5ad --group-by cell_type
    karospace-stream stats atlas.h5ad genes.csv --neighbourhoods auto
    karospace-stream stats atlas.h5ad scores.csv --gene-sets h.all.symbols.gmt

    A .h5ad is an AnnData of groups x genes, whose X holds the means; .csv and .parquet have a row for each
    gene and group, or for each gene if there are no groups; for each cell if only gene sets are scored.
    """  # noqa: D301 - click takes a real backspace for "do not wrap"
    from karospace_stream.cli.show import show_json, show_statistics
    from karospace_stream.progress.shown import terminal_progress
    from karospace_stream.tables.api import statistics_file

    file = check_last(source, out, "OUT")
    with terminal_progress(quiet) as listener:
        made, where = statistics_file(
            one_or_several(source), file, overwrite=overwrite, listener=listener, **as_options(flags)
        )
    if as_json:
        show_json({**made.to_json(), "output": where})
    elif not quiet:
        show_statistics(made, where)

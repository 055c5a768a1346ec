"""``pseudobulk``."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from karospace_stream.cli.flags import SUMMED_GENES, as_options, flag_of, table_flags
from karospace_stream.cli.inputs import check_last, inputs_and, one_or_several
from karospace_stream.cli.sections import SectionedCommand, SectionedOption
from karospace_stream.options.general.inputs import WHEN_PLANNED


@click.command(cls=SectionedCommand)
@inputs_and("out", "OUT.h5ad")
@click.option(
    "--by",
    metavar="COLUMN,COLUMN",
    required=True,
    cls=SectionedOption,
    section="What is summed",
    help="Columns of obs whose combinations group the cells, such as sample,cell_type.",
)
@flag_of("genes", text=SUMMED_GENES)
@flag_of("gene_names", default="index")
@partial(table_flags, without=WHEN_PLANNED)
def pseudobulk(
    source: tuple[str, ...],
    out: str | None,
    by: str,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
    debug: bool,
    **flags: Any,
) -> None:
    """Sum counts over the cells of each combination of columns, into an AnnData.

    INPUT and OUT may be paths or URLs; nothing is exported.

    \b
    karospace-stream pseudobulk atlas.h5ad sums.h5ad --by sample,cell_type
    karospace-stream pseudobulk atlas.h5ad sums.h5ad --by sample --layer counts

    Only combinations that cells have are in OUT, with their numbers of cells.
    """  # noqa: D301 - click takes a real backspace for "do not wrap"
    from karospace_stream.cli.show import show_json, show_pseudobulk
    from karospace_stream.progress.shown import terminal_progress
    from karospace_stream.tables.pseudobulk import pseudobulk_file

    names = [each.strip() for each in by.split(",")]
    file = check_last(source, out, "OUT.h5ad")
    with terminal_progress(quiet) as listener:
        shape, where = pseudobulk_file(
            one_or_several(source), file, names, overwrite=overwrite, listener=listener, **as_options(flags)
        )
    if as_json:
        show_json({"n_combinations": shape[0], "n_genes": shape[1], "by": names, "output": where})
    elif not quiet:
        show_pseudobulk(shape, where)

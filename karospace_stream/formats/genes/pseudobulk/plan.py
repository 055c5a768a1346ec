"""Plan the sums of genes over combinations of columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.genes.pseudobulk.combine import combine
from karospace_stream.formats.genes.statistics.plan import StatisticsPlan, categories_of, labels_of
from karospace_stream.measures.request import StatisticsRequest
from karospace_stream.model.finding import Finding
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import Selection
from karospace_stream.model.size import Size
from karospace_stream.model.source import MatrixReader, Source, stored_name
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.suggest import not_there
from karospace_stream.units import counted

#: Memory of a gene and a combination: the sum, and all sums of a task while they are read.
ROW_NBYTES = 36
_SLACK = 16 << 20
_FILE = Size(20_000, 60_000)  # groups, attributes, names
_PACKED = Size(0.05, 0.7)  # of sums of counts
_NAME_NBYTES = Size(4, 60)  # of a gene, packed


def plan_pseudobulk(source: Source, selection: Selection, options: ExportOptions) -> StatisticsPlan | None:
    """Find the combinations that cells have; None if none are wanted. Reads the columns.

    Raises
    ------
    BadInputError, BadOptionError
        If a column or the layer does not exist, or a column cannot group cells.
    """
    wanted = options.pseudobulk
    if wanted is None or not selection.matrix or not len(selection.genes):
        return None
    infos = {info.name: info for info in source.catalog.obs}
    missing = [name for name in wanted if name not in infos]
    if missing:
        raise BadOptionError(not_there("obs column", missing, list(infos), option="--pseudobulk"))
    integers = [name for name in wanted if infos[name].kind == "integer"]
    labels = labels_of(source, selection, integers, "--pseudobulk")
    source = source.with_labels(labels) if labels else source
    infos = {info.name: info for info in source.catalog.obs}
    categories = [categories_of(source, selection, infos[name], "--pseudobulk") for name in wanted]
    grouping, n_missing = combine(source, selection, wanted, categories)
    return StatisticsPlan(
        StatisticsRequest((grouping,)),
        selection.n_cells,
        len(selection.genes),
        labels=labels,
        findings=tuple(_left_out(wanted, n_missing)),
    )


def _left_out(wanted: Sequence[str], n_missing: int) -> Iterator[Finding]:
    if n_missing:
        where = " or ".join(map(repr, wanted))
        text = f"pseudobulk leaves out {counted(n_missing, 'cell')} without a value in {where}"
        yield Finding("cells-without-group", text, "pseudobulk")


def layer_to_read(source: Source, selection: Selection, options: ExportOptions) -> MatrixReader | None:
    """The matrix that is summed if it is not the exported one.

    Raises
    ------
    BadInputError, BadOptionError
        If there is no such layer, or it has another shape.
    """
    name = options.summed_matrix
    if name == selection.matrix:  # sums are of counts, not of what the export makes of them
        return source.matrix(stored_name(name)) if options.changes_values else None
    catalog = source.catalog
    layers = [info.name.partition("/")[2] for info in catalog.layers]
    unreadable = {key for key, _ in catalog.unreadable}
    if options.pseudobulk_layer not in ("X", *layers) and name not in unreadable:
        given = [str(options.pseudobulk_layer)]
        raise BadOptionError(
            not_there("layer", given, layers, option="--pseudobulk-layer", lacking=catalog.lacking("layers"))
        )
    reader, exported = source.matrix(name), source.matrix(selection.matrix)
    if reader.info.shape != exported.info.shape:
        raise BadInputError(
            f"--pseudobulk-layer: {name} must have the cells and genes of {selection.matrix}, "
            f"{exported.info.shape}, got {reader.info.shape}"
        )
    return reader


def file_cost(plan: StatisticsPlan) -> StageCost:
    """Cost of the task that makes the file."""
    (grouping,) = plan.request.groupings
    return StageCost("pseudobulk", _SLACK + plan.n_genes * (grouping.n_groups + 4) * ROW_NBYTES, 1)


def file_size(plan: StatisticsPlan) -> Size:
    """Estimated size of the file."""
    (grouping,) = plan.request.groupings
    return (
        _FILE
        + Size.exactly(8 * plan.n_genes * grouping.n_groups).packed(_PACKED)
        + (_NAME_NBYTES * (plan.n_genes + grouping.n_groups))
    )

"""Inputs without genes or without the requested matrix: name the alternatives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.model.catalog import Catalog, MatrixInfo
from karospace_stream.model.left_out import spell
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.units import counted


def refuse_without_genes(catalog: Catalog, options: ExportOptions) -> None:
    """Refuse to export genes from a matrix that the file does not have.

    Raises
    ------
    BadInputError
        Names the layers and raw that hold genes, and ``--genes none``.
    """
    if options.layer is not None or options.matrix in dict(catalog.unreadable):
        return  # which has its own messages
    if options.raw:
        if catalog.raw is None:
            raise BadInputError(f"{catalog.location} has no raw; " + _ways_out(catalog, options))
        return
    if catalog.matrix is None:
        raise BadInputError(f"{catalog.location} has no X; " + _ways_out(catalog, options))
    if not catalog.n_genes:
        raise BadInputError(
            f"{catalog.location}: the file must have genes, but has {counted(catalog.n_cells, 'cell')} and 0 "
            "genes; " + _ways_out(catalog, options)
        )


def refuse_matrix_left_out(catalog: Catalog, options: ExportOptions) -> None:
    """Refuse to export genes from a matrix that the user leaves out.

    Raises
    ------
    BadOptionError
        Names the layers and raw that hold genes, and ``--genes none``.
    """
    part = spell(options.matrix)
    if options.genes != "none" and part in catalog.left_out:
        raise BadOptionError(
            f"--leave-out {part}: the genes to export are in this matrix; {_ways_out(catalog, options)}"
        )


def to_look_at(catalog: Catalog, options: ExportOptions) -> tuple[ExportOptions, str]:
    """Options of an export that is only for viewing: without genes if X has none.

    Returns
    -------
    The options; and a note if they differ from the given ones, else empty.
    """
    n_genes = 0 if catalog.matrix is None else catalog.matrix.shape[1]
    is_damaged = "X" in dict(catalog.unreadable)
    if options.matrix != "X" or options.genes == "none" or n_genes or is_damaged:
        return options, ""
    lacks = "X" if catalog.matrix is None else "genes"
    others = ", or ".join(_others(catalog, options))
    return replace(options, genes="none"), (
        f"{catalog.location} has no {lacks}: only columns and coordinates"
        " are shown, as with --genes none" + (f"; for genes, use {others}" if others else "")
    )


def _ways_out(catalog: Catalog, options: ExportOptions) -> str:
    ways = [*_others(catalog, options), "export columns and coordinates without genes with --genes none"]
    return "use " * (len(ways) > 1) + ", or ".join(ways)


def _others(catalog: Catalog, options: ExportOptions) -> Iterator[str]:
    """Matrices that hold genes, except the requested one."""
    if catalog.matrix is not None and options.raw and catalog.n_genes:
        yield "X (without --raw)"
    for info in filter(_has_genes, catalog.layers):
        name = info.name.partition("/")[2]
        yield f"the layer {name!r} with --layer {name}"
    if catalog.raw is not None and not options.raw and _has_genes(catalog.raw):
        yield "raw with --raw"


def _has_genes(info: MatrixInfo) -> bool:
    return bool(info.shape[1])

"""Checks of the options that apply to an export in any format."""

from __future__ import annotations

from typing import Any, get_args

from karospace_stream.encode.gzip import MAX_LEVEL
from karospace_stream.errors import BadOptionError
from karospace_stream.measures.request import TESTS
from karospace_stream.model.plan import Strategy
from karospace_stream.options.checks import check_parts, check_scheduler, one_of
from karospace_stream.options.general.choice import HVG_FLAVORS
from karospace_stream.options.general.joining import Arrange, Join, Merge


def check_general(options: Any) -> None:
    """Check each option by itself, and those that exclude each other.

    Parameters
    ----------
    options
        An `ExportOptions`, whose module imports this one.

    Raises
    ------
    BadOptionError
        Names the flag, what it must be, and what was given.
    """
    from karospace_stream.select.genes import parse_genes

    parse_genes(options.genes)
    _check_joining(options)
    if not isinstance(options.coords, str):
        raise BadOptionError(f"--coords must be auto, obsm:KEY or obs:X,Y, got {options.coords!r}")
    if len(set(options.formats)) < len(options.formats) or not options.formats:
        given = ", ".join(options.formats) or None
        raise BadOptionError(f"--format must name each format once, got {given}")
    one_of("--hvg-flavor", options.hvg_flavor, HVG_FLAVORS)
    if options.hvg_flavor == "seurat_v3" and options.changes_values:
        changed = "--normalize" if options.normalize is not None else "--log1p"
        raise BadOptionError(
            f"--hvg-flavor seurat_v3 takes counts, which {changed} changes; use --hvg-flavor seurat, which "
            "takes logarithms"
        )
    check_scheduler(options.scheduler)
    check_parts(options.leave_out)
    if options.strategy is not None:
        one_of("--strategy", options.strategy, get_args(Strategy))
    one_of("--markers", options.markers, TESTS)
    columns = options.pseudobulk
    if columns is not None and (not columns or not all(columns) or len(set(columns)) < len(columns)):
        raise BadOptionError(
            "--pseudobulk must name columns of obs, such as sample,cell_type, each once; got "
            f"{', '.join(columns) or 'none'}"
        )
    if options.pseudobulk_layer is not None and options.raw:
        raise BadOptionError(
            f"--pseudobulk-layer {options.pseudobulk_layer!r} and --raw do not go together, since raw has "
            "genes of its own; leave out one of them"
        )
    _check_neighbourhoods(options)
    if options.layer is not None and options.raw:
        raise BadOptionError(
            f"--layer {options.layer!r} and --raw name two different matrices; leave out one of them"
        )
    if options.compression is not None and not 1 <= options.compression <= MAX_LEVEL:
        raise BadOptionError(f"--compression must be 1 to {MAX_LEVEL}, got {options.compression}")
    if options.workers is not None and options.workers < 1:
        raise BadOptionError(f"--workers must be a number above zero, got {options.workers}")


def _check_joining(options: Any) -> None:
    one_of("--join", options.join, get_args(Join))
    one_of("--merge", options.merge, get_args(Merge))
    one_of("--arrange", options.arrange, get_args(Arrange))
    if options.arrange == "grid" and options.arrange_by not in (None, options.labels):
        raise BadOptionError(
            f"--arrange grid lays out inputs side by side, and --arrange-by {options.arrange_by!r} other "
            "groups; leave out one of them"
        )
    if options.batch_column is not None and not str(options.batch_column).strip():
        raise BadOptionError("--batch-column must be a name for a column of obs, got an empty one")


def _check_neighbourhoods(options: Any) -> None:
    if not isinstance(options.neighbourhoods, str) or not options.neighbourhoods:
        raise BadOptionError(
            f"--neighbourhoods must be a key of obsp, auto or none, got {options.neighbourhoods!r}"
        )
    if options.permutations < 2:
        raise BadOptionError(f"--permutations must be 2 or more, got {options.permutations}")
    if not 0 <= options.seed < 1 << 32:
        raise BadOptionError(f"--seed must be a number from 0 to {(1 << 32) - 1}, got {options.seed}")

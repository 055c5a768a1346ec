"""Cost of the genes of the packed layout."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from karospace_stream.encode.gzip import FASTEST_LEVELS
from karospace_stream.encode.sparse_block import BLOCK_VALUE_NBYTES
from karospace_stream.formats.cells.fair_order import MOVED_NBYTES
from karospace_stream.formats.cost import ValueCost
from karospace_stream.formats.genes.size import ExportedValues
from karospace_stream.formats.karospace.layout.genes.packed import GeneBits
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.model.finding import Finding
from karospace_stream.model.size import Size
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.targets.open_object import PIECE_NBYTES

# Measured; see docs/design/packed.md. Seconds to encode a stored value of a gene.
_FAST_S, _SMALL_S = 7e-8, 2.5e-7
_UNSEEN = Size(0.8, 4.3)  # bytes of a value and its gap, where no sample could be read
_CODES = {32: Size(1, 1), 16: Size(0.45, 1.05), 8: Size(0.2, 0.9)}  # of the same in float32
_FLOAT64_NBYTES = 8
FLOAT32_BITS = 32


def packed_cost(level: int | None, bits: GeneBits) -> ValueCost:
    """Cost of one stored value."""
    level = level or 1
    seconds = _FAST_S if level <= FASTEST_LEVELS else _SMALL_S
    return ValueCost(partial(_size, level, bits), seconds, 0)


def packed_writing_nbytes(n_cells: int) -> int:
    """Memory of a task besides its genes: one in all cells, and pieces of a shard on their way."""
    return (BLOCK_VALUE_NBYTES + _FLOAT64_NBYTES + MOVED_NBYTES) * n_cells + 4 * PIECE_NBYTES


def _size(level: int, bits: GeneBits, values: ExportedValues) -> Size:
    each = _UNSEEN
    if values.sample is not None:
        each = values.sample.packed_values(level, 0) + values.sample.packed_cell_number(level, values.n_cells)
    return each * values.n_stored * _CODES[bits]


def packed_findings(options: ExportOptions, n_cells: int) -> Iterator[Finding]:
    """What to say of options that mean something else in the packed layout."""
    own = options.of(KarospaceOptions)
    is_packed = own.is_packed(n_cells)
    if own.gene_bits != FLOAT32_BITS and not is_packed:
        text = "genes are float32, since the layout is classic for so few cells"
        yield Finding("gene-bits-without-packed", text, "gene_bits")
    if is_packed and not options.gzip and options.genes != "none":
        yield Finding(
            "genes-compressed", "the genes of the packed layout are compressed all the same", "gzip"
        )

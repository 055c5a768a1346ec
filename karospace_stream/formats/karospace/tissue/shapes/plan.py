"""Which shapes go into a bundle, and what writing them costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from karospace_stream.formats.karospace.layout.parts import asset_nbytes
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.karospace.tissue.shapes.source import shapes_of
from karospace_stream.model.finding import Finding
from karospace_stream.model.inputs.shapes import ShapesInfo
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.plan import StageCost
from karospace_stream.model.selection import Selection
from karospace_stream.model.size import Size
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions

KEY = STAGE = "shapes"
#: In a tile, if so many are near each other.
TILE_SHAPES = 2000
_PACK_NBYTES = (
    12 << 20
)  # before compression; each pack is made in memory, and reads the pieces with its shapes
_VERTEX_NBYTES, _SHAPE_NBYTES = 4, 8  # as written
_HELD = 14  # bytes held for each byte of a pack: float64, sorted copies, those that are packed
_CELL_NBYTES = 40  # key and number of a cell, sorted, and the shift of its section
#: That one worker reads twice, finds the cells of, and writes.
_VERTICES_A_SECOND = 400e3
_TASKS = 64  # that look through the pieces
_PACKED = Size(0.35, 0.95)


@dataclass(frozen=True, slots=True)
class ShapeSet:
    """The shapes of one file or element.

    Attributes
    ----------
    embedding
        Number of the embedding in whose coordinates they are.
    n_packs
        Tasks that write them.
    piece_cuts
        Pieces at which the tasks begin that look through them, and their end.
    """

    info: ShapesInfo
    embedding: int
    n_packs: int
    piece_cuts: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        """As written, before compression."""
        reader = self.info.reader
        return _VERTEX_NBYTES * reader.n_vertices + _SHAPE_NBYTES * reader.n_shapes


@dataclass(frozen=True, slots=True)
class ShapesPlan:
    """The plan of all shapes; a `TissuePart`."""

    sets: tuple[ShapeSet, ...]
    n_cells: int
    pack_nbytes: int
    findings: tuple[Finding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def key(self) -> str:
        """Of ``atlas.json``."""
        return KEY

    @property
    def costs(self) -> tuple[StageCost, ...]:
        """Memory of looking through a piece, or of making a pack."""
        if not self.sets:
            return ()
        piece = max(each.info.reader.piece_nbytes for each in self.sets)
        pack = _HELD * min(self.pack_nbytes, max(each.nbytes for each in self.sets))
        n_tasks = sum(each.n_packs + len(each.piece_cuts) for each in self.sets)
        return (StageCost(STAGE, 2 * piece + pack + _CELL_NBYTES * self.n_cells, n_tasks),)

    @property
    def n_objects(self) -> int:
        """Packs, some of which may be written as two, and the index."""
        return sum(2 * each.n_packs + 1 for each in self.sets)

    @property
    def seconds(self) -> float:
        """Of all sets."""
        return sum(each.info.reader.n_vertices for each in self.sets) / _VERTICES_A_SECOND

    @property
    def size(self) -> Size:
        """Of all packs."""
        return Size.exactly(sum(each.nbytes for each in self.sets)).packed(_PACKED)


def plan_shapes(source: Source, options: ExportOptions, selection: Selection) -> ShapesPlan | None:
    """The shapes of the input, or those of a file; None if there are none."""
    own = options.of(KarospaceOptions)
    several = shapes_of(source.catalog, own.shapes)
    if not several and own.shapes is not False:
        return None
    if own.shapes is False:
        left = tuple(
            LeftOut(f"shapes:{each.name}", "shapes are switched off", "shapes", by_user=True)
            for each in source.catalog.shapes
        )
        return ShapesPlan((), 0, 0, left_out=left) if left else None
    pack_nbytes = min(_PACK_NBYTES, asset_nbytes(own.max_asset_mb) * 3 // 4)
    sets, findings = [], []
    for info in several:
        embedding = next(_embeddings(info, selection), None)
        if embedding is None:
            findings.append(_not_placed(info))
        else:
            sets.append(_cut(info, embedding, pack_nbytes))
    return ShapesPlan(tuple(sets), selection.n_cells, pack_nbytes, tuple(findings))


def _embeddings(info: ShapesInfo, selection: Selection) -> Iterator[int]:
    """Embeddings in whose coordinates the shapes are."""
    for number, choice in enumerate(selection.embeddings):
        named = choice.source == ("obsm", info.key) if info.key else choice.y_down
        if named and choice.n_dims == 2:
            yield number


def _not_placed(info: ShapesInfo) -> Finding:
    where = f"obsm[{info.key!r}]" if info.key else "the tissue"
    text = (
        f"the shapes {info.name!r} are left out: their coordinates, those of {where}, are not exported in 2-D"
    )
    return Finding("shapes-left-out", text, "coords")


def _cut(info: ShapesInfo, embedding: int, pack_nbytes: int) -> ShapeSet:
    n_pieces = info.reader.n_pieces
    cuts = range(0, n_pieces, max(1, -(-n_pieces // _TASKS)))
    made = ShapeSet(info, embedding, 1, (*cuts, n_pieces) if n_pieces else (0,))
    n_packs = max(1, -(-made.nbytes // pack_nbytes))
    return ShapeSet(info, embedding, n_packs, made.piece_cuts)

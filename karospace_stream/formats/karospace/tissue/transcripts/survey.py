"""What is known once all transcripts have been read: genes, bounds, and how genes are divided into packs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from karospace_stream.errors import BadInputError
from karospace_stream.formats.karospace.tissue.transcripts.blocks import read_index
from karospace_stream.formats.karospace.tissue.transcripts.tree import CAPACITY
from karospace_stream.select.natural import natural_key
from karospace_stream.storage import Store

POINT_NBYTES = 4
#: Bytes of the header of a gzip member and of a node in its list, at most; and of a gene.
_NODE, _LISTED, _GENE = 40, 21, 128
_SLACK = 128 << 10


@dataclass(frozen=True, slots=True)
class Unit:
    """Genes that share one pack, or one gene with packs of its own.

    Attributes
    ----------
    first_pack, n_packs
        Numbers of the packs.
    points_a_pack
        After how many points of a gene with several packs the next one begins.
    """

    first: int
    stop: int
    first_pack: int
    n_packs: int = 1
    points_a_pack: int = 0


@dataclass(frozen=True, slots=True)
class Survey:
    """Genes in natural order; keys of the blocks that hold them."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    counts: tuple[int, ...]
    minimum: tuple[float, float]
    maximum: tuple[float, float]
    n_poor: int
    n_incomplete: int
    units: tuple[Unit, ...]

    @property
    def n(self) -> int:
        """All transcripts."""
        return sum(self.counts)

    @property
    def side(self) -> float:
        """Side of the root square; 1 if all transcripts are at one place."""
        (left, top), (right, bottom) = self.minimum, self.maximum
        return max(right - left, bottom - top) or 1.0

    def units_of(self, task: int, n_tasks: int) -> tuple[Unit, ...]:
        """The units of one of some tasks that share the work."""
        before, n, chosen = 0, max(1, self.n), []
        for unit in self.units:
            if before * n_tasks // n == task:
                chosen.append(unit)
            before += sum(self.counts[unit.first : unit.stop])
        return tuple(chosen)


def survey(store: Store, keys: Sequence[str], where: str, pack_nbytes: int) -> Survey:
    """Look at the indexes of all blocks.

    Raises
    ------
    BadInputError
        If there is no transcript.
    """
    counts: dict[str, int] = {}
    low, high = [float("inf")] * 2, [float("-inf")] * 2
    n_poor = n_incomplete = 0
    for key in keys:
        index = read_index(store, key)
        for name, n in zip(index.names, index.counts, strict=True):
            counts[name] = counts.get(name, 0) + n
        if index.names:
            low = list(map(min, low, index.minimum))
            high = list(map(max, high, index.maximum))
        n_poor += index.n_poor
        n_incomplete += index.n_incomplete
    if not counts:
        raise BadInputError(
            f"{where} has no transcript with coordinates, a gene and a quality of at least 20; name another "
            "table with --transcripts, or none"
        )
    names = sorted(counts, key=natural_key)
    numbers = tuple(counts[name] for name in names)
    units = tuple(_units(numbers, pack_nbytes))
    return Survey(
        tuple(keys),
        tuple(names),
        numbers,
        (low[0], low[1]),
        (high[0], high[1]),
        n_poor,
        n_incomplete,
        units,
    )


def most_nodes(n: int) -> int:
    """Nodes of a gene with so many transcripts, at most: those with children are full."""
    return 4 * n // CAPACITY + 1


def gene_nbytes(n: int) -> int:
    """Bytes of a gene in its pack, at most."""
    return POINT_NBYTES * n + (_NODE + _LISTED) * most_nodes(n) + _GENE


def _units(counts: Iterable[int], pack_nbytes: int) -> Iterable[Unit]:
    """Fill packs with genes in their order. Only numbers of transcripts decide, not compressed sizes."""
    first = pack = used = number = 0
    for number, n in enumerate(counts):
        nbytes = gene_nbytes(n)
        if used and used + nbytes > pack_nbytes:
            yield Unit(first, number, pack)
            first, pack, used = number, pack + 1, 0
        if nbytes > pack_nbytes:
            unit = _divided(number, n, pack, pack_nbytes)
            yield unit
            first, pack = number + 1, pack + unit.n_packs
        else:
            used += nbytes
    if used:
        yield Unit(first, number + 1, pack)


def _divided(gene: int, n: int, first_pack: int, pack_nbytes: int) -> Unit:
    """A gene with several packs; the list of its nodes is in the last one, so that none is empty."""
    points = (pack_nbytes - _SLACK - POINT_NBYTES * CAPACITY) * 100 // (POINT_NBYTES * 104)
    listed = _LISTED * most_nodes(n) // POINT_NBYTES
    return Unit(gene, gene + 1, first_pack, -(-(n + listed) // points), points)

"""Transcripts in scratch: blocks that are sorted by gene, each with an index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import orjson

from karospace_stream.inputs.transcripts.table import TranscriptBatch
from karospace_stream.model.blob import Scratched
from karospace_stream.select.natural import natural_key
from karospace_stream.storage import Headers, Store

#: Transcripts of a block, at most.
BLOCK_ROWS = 1 << 19
#: Bytes of one in scratch.
ROW_NBYTES = 16
_XY = np.dtype("<f8")
_INDEX = ".json"


@dataclass(frozen=True, slots=True)
class BlockIndex:
    """The contents of a block: genes in natural order, and how many transcripts each has."""

    names: list[str]
    counts: list[int]
    minimum: Sequence[float]
    maximum: Sequence[float]
    n_poor: int
    n_incomplete: int


@dataclass(slots=True)
class BlockWriter:
    """Collects transcripts, and writes blocks of them.

    The blocks hold what they hold whatever the order of the tasks, and none that a node depends on.
    """

    store: Store
    name: str
    _held: list[TranscriptBatch] = field(default_factory=list)
    _n: int = 0
    _number: int = 0
    _written: list[Scratched] = field(default_factory=list)

    def add(self, batch: TranscriptBatch) -> None:
        """Take a batch."""
        self._held.append(batch)
        self._n += len(batch.x)
        if self._n >= BLOCK_ROWS:
            self._flush()

    def finish(self) -> tuple[Scratched, ...]:
        """Write the rest; the index of each block follows its data."""
        if self._held:
            self._flush()
        return tuple(self._written)

    def _flush(self) -> None:
        names, codes = _common(self._held)
        x, y = (np.concatenate([getattr(batch, axis) for batch in self._held]) for axis in "xy")
        poor = sum(batch.n_poor for batch in self._held)
        incomplete = sum(batch.n_incomplete for batch in self._held)
        self._held, self._n = [], 0
        counts = np.bincount(codes, minlength=len(names))
        there = np.flatnonzero(counts)
        order = np.argsort(codes, kind="stable")
        xy = np.column_stack([x[order], y[order]]).astype(_XY, copy=False)
        low, high = xy.min(axis=0, initial=np.inf).tolist(), xy.max(axis=0, initial=-np.inf).tolist()
        named = [names[each] for each in there.tolist()]
        bounds = (low, high) if named else ([0, 0], [0, 0])
        index = BlockIndex(named, counts[there].tolist(), bounds[0], bounds[1], poor, incomplete)
        key = f"{self.name}_{self._number:05d}"
        self._number += 1
        for name, data in ((key, xy.tobytes()), (f"{key}{_INDEX}", orjson.dumps(index))):
            self.store.put(name, data, Headers())
            self._written.append(Scratched(name, len(data)))


def block_keys(written: Iterable[Scratched]) -> list[str]:
    """The keys of blocks, without those of their indexes."""
    return [each.key for each in written if not each.key.endswith(_INDEX)]


def _common(batches: Sequence[TranscriptBatch]) -> tuple[list[str], npt.NDArray[np.int32]]:
    """The names of all batches in natural order, and the codes among them."""
    names = sorted({name for batch in batches for name in batch.names}, key=natural_key)
    number = {name: at for at, name in enumerate(names)}
    turned = [
        np.asarray([number[name] for name in batch.names], np.int32)[batch.codes]
        if batch.names
        else np.empty(0, np.int32)
        for batch in batches
    ]
    return names, np.concatenate(turned)


def read_index(store: Store, key: str) -> BlockIndex:
    """The contents of a block."""
    return BlockIndex(**orjson.loads(store.read(f"{key}{_INDEX}")))


@dataclass(frozen=True, slots=True, eq=False)
class GeneBlocks:
    """The parts of blocks that hold some neighbouring genes.

    Attributes
    ----------
    starts
        ``(n_blocks, n_genes + 1)``: rows of each block at which the genes begin, and their end.
    """

    store: Store
    keys: Sequence[str]
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, store: Store, keys: Iterable[str], names: Sequence[str]) -> GeneBlocks:
        """Find genes, neighbours in natural order, in all blocks."""
        wanted = {name: at for at, name in enumerate(names)}
        rows, chosen = [], []
        for key in keys:
            index = read_index(store, key)
            before = np.cumsum([0, *index.counts])
            found = [(wanted[name], at) for at, name in enumerate(index.names) if name in wanted]
            if not found:
                continue
            counts = np.zeros(len(names) + 1, np.int64)
            for gene, at in found:
                counts[gene + 1] = index.counts[at]
            rows.append(before[found[0][1]] + np.cumsum(counts))
            chosen.append(key)
        shape = (len(rows), len(names) + 1)
        return cls(store, chosen, np.asarray(rows, np.int64).reshape(shape))

    def count(self, first: int, stop: int) -> int:
        """Transcripts of the genes ``first`` to ``stop``."""
        return int((self.starts[:, stop] - self.starts[:, first]).sum())

    def read(self, first: int, stop: int) -> Iterator[tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]]:
        """Block by block, the places of these genes, and the rows at which each begins, and their end."""
        for key, starts in zip(self.keys, self.starts, strict=True):
            low, high = int(starts[first]), int(starts[stop])
            if high > low:
                data = self.store.read_range(key, ROW_NBYTES * low, ROW_NBYTES * high)
                yield np.frombuffer(data, _XY).reshape(-1, 2), starts[first : stop + 1] - low

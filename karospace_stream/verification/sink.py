"""Compare what an export would write with what is there. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic

import numpy as np
import numpy.typing as npt

from karospace_stream.encode.checks import checksum, same_content
from karospace_stream.formats.genes.pseudobulk.compare import same_sums
from karospace_stream.formats.genes.writers import Gene, GeneRange, GeneWriter, OpenGenes
from karospace_stream.formats.layout.checksums import Listing
from karospace_stream.formats.layout.pseudobulk import PSEUDOBULK
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.model.matrix import GeneBand
from karospace_stream.storage import StorageError
from karospace_stream.verification.bundles import Files
from karospace_stream.verification.faults import Fault

_LARGE_NBYTES = 256 << 20  # reading stops here for a different, far larger object


@dataclass(frozen=True, slots=True)
class ComparingSink:
    """Receives the objects of an export of the same source with the same options.

    For threads of one process: findings are collected in ``faults``.

    Attributes
    ----------
    listing
        Sizes and checksums; already checked against the objects themselves.
    skipped
        Keys of objects that always differ, such as documents with a time stamp.
    compared
        Keys that were compared.
    """

    files: Files
    listing: Listing
    prefix: str
    skipped: frozenset[str]
    faults: list[Fault] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)

    @contextmanager
    def batch(self) -> Iterator[ComparingSink]:
        """Yield the sink itself, since comparing needs no batches."""
        yield self

    def put(self, blob: Blob) -> Receipt:
        """Compare one object."""
        receipt = Receipt(blob.key, len(blob.data), checksum(blob.data))
        if blob.key not in self.skipped:
            self.compared.append(blob.key)
            self._compare(blob, self.listing.files.get(blob.key), (receipt.size, receipt.crc32))
        return receipt

    def put_pieces(self, key: str, pieces: Iterable[bytes | memoryview], media_type: str) -> Receipt:
        """Compare one object; holds it in stored form."""
        return self.put(Blob(key, b"".join(pieces), media_type))

    def read(self, key: str) -> bytes:
        """Read an object of the export; nothing if it is missing, which is a fault that was found before."""
        size, _ = self.listing.files.get(key, (_LARGE_NBYTES, 0))
        return self.files.read_up_to([key], [size])[0] or b""

    def read_range(self, key: str, start: int, stop: int) -> bytes:
        """Read some bytes of an object; fewer, or none, if they are not there."""
        if start >= stop or key not in self.listing.files:
            return b""
        try:
            return self.files.read_range(key, start, min(stop, self.listing.files[key][0]))
        except StorageError:  # a fault that was found before
            return b""

    def report(self, key: str, what: str) -> None:
        """Record a fault of an object."""
        self.faults.append(Fault(key, "value", what))

    def compared_object(self, key: str) -> Receipt:
        """Record that an object was compared, in parts; return what is listed of it."""
        self.compared.append(key)
        return Receipt(key, *self.listing.files.get(key, (0, 0)))

    def _compare(self, blob: Blob, listed: tuple[int, int] | None, found: tuple[int, int]) -> None:
        if listed == found:
            return
        if listed is None:
            self.faults.append(Fault(blob.key, "value", "comes from the source but is missing"))
            return
        # The same content may be compressed in several ways.
        stored = self.files.read_up_to([blob.key], [min(listed[0], max(_LARGE_NBYTES, 2 * found[0]))])[0]
        same = same_sums if blob.key.removeprefix(self.prefix) == PSEUDOBULK else same_content
        if stored is not None and not same(stored, blob.data):
            self.faults.append(Fault(blob.key, "value", "differs from the source"))


@dataclass(frozen=True, slots=True)
class SomeGenes(Generic[Gene]):
    """Passes some genes to a writer at their positions among all."""

    writer: GeneWriter[Gene]
    chosen: npt.NDArray[np.int64]

    @contextmanager
    def open(self, genes: GeneRange) -> Iterator[OpenGenes[Gene]]:
        """Write the objects that begin in a range of genes."""
        with self.writer.open(genes) as opened:
            yield _Some(opened, self.chosen)


@dataclass(frozen=True, slots=True)
class _Some(Generic[Gene]):
    opened: OpenGenes[Gene]
    chosen: npt.NDArray[np.int64]

    @property
    def needed(self) -> int:
        return self.opened.needed

    def add(self, band: GeneBand, positions: npt.NDArray[np.int64]) -> None:
        self.opened.add(band, self.chosen[positions])

    def written(self) -> list[Gene]:
        return self.opened.written()

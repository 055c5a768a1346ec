"""Results of the graph tasks, and the interface of a scratch for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from karospace_stream.transpose.edges.kernels import EdgeFragment, Edges, Keys, Values

EdgeColumn = Literal["sources", "targets", "loops"]
COLUMNS: tuple[EdgeColumn, ...] = ("sources", "targets", "loops")


@dataclass(frozen=True, slots=True, eq=False)
class EdgeReceipt:
    """Result of a scatter task.

    Attributes
    ----------
    counts
        uint32, ``(n_bands,)``: entries in each band.
    dtype
        NumPy name of the values' type.
    positive, largest
        As in `EdgeFragment`.
    size
        Bytes stored.
    """

    block: int
    counts: npt.NDArray[np.uint32]
    dtype: str
    positive: bool
    largest: int
    size: int


@dataclass(frozen=True, slots=True)
class EdgeBand:
    """Result of a gather task: number of edges and loops, and bytes stored."""

    band: int
    n_edges: int
    n_loops: int
    size: int


class EdgeScratch(Protocol):
    """Stores entries by block and band, then edges by band."""

    @property
    def durable(self) -> bool:
        """Whether the scratch outlives the process."""
        ...

    @property
    def where(self) -> str:
        """Folder or URL, if there is one."""
        ...

    def holds(self) -> Callable[[EdgeReceipt | EdgeBand], bool]:
        """List the contents; returns a test whether a fragment of an earlier run is still there."""
        ...

    def write_block(self, block: int, fragment: EdgeFragment) -> EdgeReceipt:
        """Store the entries of a block."""
        ...

    def read_keys(self, receipts: Sequence[EdgeReceipt], band: int) -> Iterator[Keys]:
        """Yield the keys of one band, block after block in the order of the receipts."""
        ...

    def read_values(self, receipts: Sequence[EdgeReceipt], band: int) -> Iterator[Values]:
        """Yield the values that belong to these keys."""
        ...

    def write_band(self, band: int, pieces: Iterable[Edges]) -> EdgeBand:
        """Store the edges of a band, piece after piece."""
        ...

    def read_band(
        self, band: int, column: EdgeColumn, index: npt.DTypeLike
    ) -> Iterator[npt.NDArray[np.unsignedinteger]]:
        """Yield one column of the edges of a band, piece after piece."""
        ...

    def remove(self) -> None:
        """Forget everything."""
        ...


def receipt_of(block: int, fragment: EdgeFragment, size: int) -> EdgeReceipt:
    """The receipt of a fragment that takes ``size`` bytes in the scratch."""
    counts = np.diff(fragment.ends, prepend=0).astype(np.uint32)
    dtype = fragment.values.dtype.name
    return EdgeReceipt(block, counts, dtype, fragment.positive, fragment.largest, size)

"""Arrays whose rows arrive in pieces, cut into chunks and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.anndata.arrays.chunks import ChunkWriter
from karospace_stream.formats.anndata.layout.arrays import ArraySpec
from karospace_stream.model.blob import Receipt

Values = npt.NDArray[np.generic]


def write_rows(chunks: ChunkWriter, spec: ArraySpec, pieces: Iterable[Values]) -> list[Receipt]:
    """Write an array whose chunks are complete rows. Holds one chunk, or one shard in packed form.

    Parameters
    ----------
    spec
        As returned by `ChunkWriter.laid`.
    pieces
        Consecutive rows, of the type of the array.
    """
    packed = (chunks.pack(spec, chunk) for chunk in recut(pieces, spec.chunks[0]))
    receipts: list[Receipt] = []
    for number, several in enumerate(groups(packed, spec.per_shard)):
        receipts += chunks.put_group(spec, number, several)
    return receipts


def groups(packed: Iterable[bytes | None], size: int) -> Iterator[list[bytes | None]]:
    """Group chunks by object."""
    held: list[bytes | None] = []
    for chunk in packed:
        held.append(chunk)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held


def recut(pieces: Iterable[Values], n_rows: int) -> Iterator[Values]:
    """Recut the rows into pieces of ``n_rows``; the last one holds the rest."""
    held: list[Values] = []
    n_held = 0
    for piece in pieces:
        at = 0
        while at < len(piece):
            part = piece[at : at + n_rows - n_held]
            held.append(part)
            n_held += len(part)
            at += len(part)
            if n_held == n_rows:
                yield np.concatenate(held) if len(held) > 1 else held[0]
                held, n_held = [], 0
    if held:
        yield np.concatenate(held) if len(held) > 1 else held[0]

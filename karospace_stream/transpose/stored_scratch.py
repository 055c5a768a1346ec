"""Fragments as objects of any store: no disk is needed, and workers need not share one.

Each fragment is the same run of bytes as in a file of `FileScratch`, in stripes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import TargetError
from karospace_stream.storage import Headers, Store
from karospace_stream.transpose.edges.stored_ends import frame_spans
from karospace_stream.transpose.kernels import Fragment, Piece
from karospace_stream.transpose.scratch import (
    FragmentReceipt,
    fragment_frames,
    packed_lengths,
    read_piece,
    unpack_lengths,
    worthwhile_level,
)
from karospace_stream.transpose.stripes import StripeWriter, read_spans, run_sizes

_LENGTHS_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class StoredScratch:
    """Fragments below their own location."""

    store: Store

    durable = True

    @property
    def where(self) -> str:
        """The URL, for people."""
        return self.store.shown

    def holds(self) -> Callable[[FragmentReceipt], bool]:
        """Whether the objects of a fragment have its size."""
        with as_scratch_error(self.store, "its contents could not be listed"):
            sizes = run_sizes(self.store)
        return lambda receipt: sizes[_key(receipt.block)] == receipt.size

    def write(self, block: int, fragment: Fragment, gene_cuts: Sequence[int]) -> FragmentReceipt:
        """Write one run, band after band.

        Raises
        ------
        TargetError
            If the store fails for longer than we retry, or denies writing.
        """
        ends = []
        level = worthwhile_level(fragment.values)
        with as_scratch_error(self.store, "a fragment could not be written"):
            if fragment.facts is not None:
                self.store.put(_lengths(block), packed_lengths(fragment), Headers())
            writer = StripeWriter(self.store, _key(block))
            for first, last in itertools.pairwise(gene_cuts):
                for frame in fragment_frames(fragment, first, last, level):
                    writer.write(frame)
                ends.append(writer.size)
            writer.write(np.asarray(ends, dtype="<u8").tobytes())
            size = writer.close()
        return FragmentReceipt(block, fragment.first_cell, len(fragment.values), size, fragment.facts)

    def read(self, receipts: Sequence[FragmentReceipt], band: int, n_bands: int) -> Iterator[Piece]:
        """Read one band of every run, many at the same time.

        Raises
        ------
        TargetError
            As `write`, or if a fragment is gone.
        """
        runs = tuple((_key(receipt.block), receipt.size) for receipt in receipts)
        with as_scratch_error(self.store, "a fragment could not be read"):
            spans = frame_spans(self.store, runs, band, n_bands)
            for receipt, packed in zip(receipts, read_spans(self.store, spans), strict=True):
                yield read_piece(receipt.first_cell, packed)

    def lengths(self, receipts: Sequence[FragmentReceipt]) -> Iterator[npt.NDArray[np.integer]]:
        """Read a small object for each fragment, many at the same time.

        Raises
        ------
        TargetError
            As `read`.
        """
        keys = [_lengths(receipt.block) for receipt in receipts]
        for first in range(0, len(keys), _LENGTHS_AT_ONCE):
            with as_scratch_error(self.store, "a fragment could not be read"):
                found = self.store.read_whole(keys[first : first + _LENGTHS_AT_ONCE])
                if None in found:
                    raise FileNotFoundError("one of its objects was deleted")
            yield from (unpack_lengths(each) for each in found if each is not None)

    def remove(self) -> None:
        """Delete all objects, as far as the store lets us."""
        remove_all(self.store)


@contextmanager
def as_scratch_error(store: Store, what: str) -> Iterator[None]:
    """Report a failure of the store as an error of ``--scratch``."""
    try:
        yield
    except (OSError, EOFError) as error:
        raise TargetError(
            f"--scratch {store.shown}: {what}: {error}; name another folder or URL with --scratch"
        ) from error


def remove_all(store: Store) -> None:
    """Delete the files of a run, as far as the store allows: the export itself is not in danger."""
    with suppress(OSError):
        store.delete(store.find())


def _key(block: int) -> str:
    return f"block_{block:05d}"


def _lengths(block: int) -> str:
    return f"lengths_{block:05d}.0"

"""Files and stores that are no AnnData, and read as one: the protocol of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.parts import Parts
from karospace_stream.source.problems.other_kinds import refuse_other_root
from karospace_stream.source.problems.unreadable import Unreadable
from karospace_stream.source.resolve.stored import resolve_parts


class Kind(Protocol):
    """A kind of HDF5 file or Zarr store, such as loom. Holds the user's options for it."""

    @property
    def name(self) -> str:
        """As people call it: ``"loom"``."""
        ...

    def matches(self, root: Any) -> bool:
        """Whether an open root group is of this kind."""
        ...

    def resolve(self, root: Any, where: str, wrap: Wrap, unreadable: Unreadable) -> Parts:
        """Describe it as the parts of an AnnData; reads attributes and names only.

        Parameters
        ----------
        root
            Open root group of h5py or zarr.
        where
            The file, for messages.
        wrap
            Makes a `StoredArray` of an array of the group.
        unreadable
            Takes the parts that exist but cannot be read, and why.

        Raises
        ------
        BadInputError
            If a required part is missing or damaged, or the user's options name something that is not there.
        """
        ...


def resolve_root(
    root: Any, where: str, wrap: Wrap, unreadable: Unreadable, kinds: Sequence[Kind], top: str = ""
) -> Parts:
    """Describe a root group: an AnnData, or one of some other kinds.

    Parameters
    ----------
    top
        Path of the group, if it is below ``where``.

    Raises
    ------
    BadInputError
        If it is something else, and says what; see also `Kind.resolve`.
    """
    kind = next((each for each in kinds if each.matches(root)), None)
    if kind is not None:
        return replace(kind.resolve(root, where, wrap, unreadable), kind=kind.name)
    refuse_other_root(root, top or where)
    return resolve_parts(root, where, wrap, unreadable)

"""Requests to targets: the location of one format, and how to write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from karospace_stream.storage import Location, local_path, location_of
from karospace_stream.targets.layout import BundleLayout
from karospace_stream.targets.older import Known
from karospace_stream.targets.stores.claim import PARTIAL
from karospace_stream.targets.zips.zipping import Packing, is_archive


@dataclass(frozen=True, slots=True)
class TargetRequest:
    """A request to a target: the location of one format, and how to write it.

    Attributes
    ----------
    where
        A path or a URL, as the user gave it.
    known
        Returns the files of an older export there.
    packing
        How the format becomes one zip; None if it does not.
    storage_options
        As for `location_of`.
    public, headers
        Of the objects on a store.
    alone
        Whether nobody writes once this process is gone.
    """

    where: str
    layout: BundleLayout
    known: Known | None = None
    packing: Packing | None = None
    overwrite: bool = False
    storage_options: Mapping[str, Any] | None = None
    public: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    alone: bool = False

    @property
    def path(self) -> str:
        """The local path."""
        return local_path(self.where)

    @property
    def location(self) -> Location:
        """The location on a store."""
        return location_of(self.where, self.storage_options)


def claim_location(location: Location) -> Location:
    """The location of an export's claim: inside, or beside it for a single object."""
    return location.beside(PARTIAL) if is_archive(location.url) else location


def packing_of(request: TargetRequest) -> Packing:
    """How to pack the format into one zip; only for a target that is a zip."""
    assert request.packing is not None, "a format without packing is never written into a zip"
    return request.packing

"""A Zarr store at a URL, in the state in which its source was opened."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

from karospace_stream.errors import BadInputError
from karospace_stream.source.files.ranges import changed
from karospace_stream.source.files.remote_file import RemoteFile
from karospace_stream.source.files.stored_file import PlainFile
from karospace_stream.source.problems.diagnose import refuse_no_zarr
from karospace_stream.source.zarr.keys import check_key
from karospace_stream.source.zarr.listing import ZarrListing, list_objects, list_zarr, root_documents
from karospace_stream.source.zarr.remote_store import RangedStore, cannot_list
from karospace_stream.storage import Location

_LISTINGS: OrderedDict[tuple[Location, str], ZarrListing] = OrderedDict()
_MOST_LISTINGS = 4


@dataclass(frozen=True, slots=True)
class RemoteZarr:
    """A Zarr store by its URL. Hashable, picklable; holds nothing open.

    Attributes
    ----------
    fingerprint
        Changes when the store does.
    zarr_format
        Version of Zarr.
    consolidated
        False if the consolidated metadata are incomplete.
    """

    location: Location
    fingerprint: str
    zarr_format: Literal[2, 3]
    consolidated: bool = True

    @classmethod
    def at(cls, location: Location) -> RemoteZarr:
        """Look at the store in its current state: lists all its objects if possible.

        Raises
        ------
        BadInputError
            If there is no Zarr group, or the store denies access or does not answer.
        """
        found = list_zarr(location)
        if found.is_empty:
            raise BadInputError(f"{location.shown} does not exist")
        refuse_no_zarr(location.shown, found.documents, found.inner)
        if found.names is None:
            raise cannot_list(location)
        made = cls(location, found.fingerprint, 3 if "zarr.json" in found.documents else 2)
        _LISTINGS[made.location, made.fingerprint] = found
        while len(_LISTINGS) > _MOST_LISTINGS:
            _LISTINGS.popitem(last=False)
        return made

    @property
    def path(self) -> str:
        """The URL, without secrets."""
        return self.location.shown

    def raise_failure(self, store: RangedStore) -> None:
        """Raise a failure of the store that was mistaken for damage of one part and skipped."""
        failure = store.take_failure()
        if failure is not None:
            raise failure

    def for_zarr(self) -> RangedStore:
        """The store to pass to zarr."""
        found = _LISTINGS.get((self.location, self.fingerprint))
        if found is None:  # in a process other than the one that has opened the source
            return RangedStore(self.location, root_documents(self.location, None))
        return RangedStore(self.location, found.documents, found.names)

    def check(self) -> None:
        """Raise BadInputError if an object of the store is new, gone or changed."""
        objects = list_objects(self.location)
        now = objects.fingerprint if objects is not None else list_zarr(self.location).fingerprint
        if now != self.fingerprint:
            raise changed(self.path, "its objects have changed since the job began")

    def open_file(self, key: str) -> PlainFile | None:
        """A file that is no part of an array; None if there is none."""
        check_key(key, self.path)
        file = RemoteFile.find(self.location.child(key))
        return None if file is None else PlainFile(file)

    @property
    def remote(self) -> bool:
        """True: a store is reached over a network."""
        return True

    def stored_nbytes(self, key: str) -> int | None:
        """Bytes of the chunks of one array; None if they were not listed."""
        found = _LISTINGS.get((self.location, self.fingerprint))
        return None if found is None or found.nbytes is None else found.nbytes[key]

"""A zip on an object store: its entries are staged beside it, then packed into one object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from karospace_stream.errors import TargetError
from karospace_stream.model.blob import Receipt
from karospace_stream.storage import Headers, Store
from karospace_stream.storage.headers import ASK
from karospace_stream.targets.keys import is_inside
from karospace_stream.targets.layout import BundleLayout
from karospace_stream.targets.request import TargetRequest, claim_location, packing_of
from karospace_stream.targets.stores.claim import PARTIAL, Commit
from karospace_stream.targets.stores.objects import RemoteTarget, as_target_error, begin_remote
from karospace_stream.targets.stores.read_staged import read_in_order
from karospace_stream.targets.stores.sealing import put_in_place
from karospace_stream.targets.zips.archive import open_archive
from karospace_stream.targets.zips.zipping import (
    MEDIA_TYPE,
    Packing,
    read_listing,
    refuse_foreign_zip,
    zip_pieces,
)

#: Where entries wait to be packed. It goes with the claim.
_ENTRIES = f"{PARTIAL}/entries"


@dataclass(frozen=True, slots=True)
class RemoteZip(RemoteTarget):
    """Writes below ``store``; `seal` packs that into one object. Made by `begin_remote_zip`.

    Attributes
    ----------
    archive
        The object.
    """

    archive: Store = field(kw_only=True)
    packing: Packing = field(kw_only=True)
    overwrite: bool = field(kw_only=True)

    @classmethod
    def open(cls, request: TargetRequest, token: str, *, resume: bool = False) -> RemoteZip:
        """Begin or resume an export; see `begin_remote_zip`."""
        return begin_remote_zip(
            Store(request.location),
            packing=packing_of(request),
            token=token,
            overwrite=request.overwrite,
            resume=resume,
            public=request.public,
            extra=request.headers,
            alone=request.alone,
        )

    def n_objects(self, written: int) -> int:
        """The zip."""
        return 1

    @property
    def location(self) -> str:
        """The URL of the object, for people."""
        return self.archive.shown

    def seal(self) -> None:
        """Pack the staged entries into the object, and delete them.

        Raises
        ------
        TargetError
            If the location is not ours any more, or staged entries are damaged: then nothing was done. If the
            store fails.
        """
        with as_target_error(self.location):
            claim = self.owned_claim()
            if claim.committed is None:  # else this was interrupted just before the end
                self._pack()
                claim = claim.commit(self.store, Commit((), self.public, self.extra))
            put_in_place(self.store, claim)

    def holds(self) -> Callable[[Receipt], bool]:
        """List the staged objects; returns a test whether one has the size of its receipt."""
        with as_target_error(self.location):
            there = {key: about.size for key, about in self.store.find(_ENTRIES).items()}
        return lambda receipt: there.get(self.staged_key(receipt.key)) == receipt.size

    def staged_key(self, key: str) -> str:
        """Key under which an entry waits for the zip."""
        if not is_inside(key):
            raise TargetError(f"{key!r} is not a name inside a bundle")
        return f"{_ENTRIES}/{key}"

    def headers(self, key: str, media_type: str) -> Headers:
        """Headers of a staged object: the fewest, as no client requests it."""
        return Headers(media_type)

    def _pack(self) -> None:
        listing = self.store.read(self.staged_key(self.packing.listing))
        entries = read_listing(self.packing, listing, self.location)
        if _entries(self.archive)[0] == entries:
            return
        _check_free(self.archive, self.packing, overwrite=self.overwrite)
        self.archive.put_pieces(
            "",
            zip_pieces(
                entries,
                read_in_order(self.store, _ENTRIES, entries),
                self.location,
                self.packing.comment(listing),
            ),
            Headers(MEDIA_TYPE, ASK, self.public, self.extra),
        )


def begin_remote_zip(
    archive: Store,
    *,
    packing: Packing,
    token: str,
    overwrite: bool,
    resume: bool = False,
    public: bool = False,
    extra: tuple[tuple[str, str], ...] = (),
    alone: bool = False,
) -> RemoteZip:
    """Check the location and claim it, so that no other export writes there.

    Parameters
    ----------
    archive
        Store whose location is the object.
    token, resume, alone
        As of `begin_remote`.

    Raises
    ------
    TargetError
        If something is there already, another export has begun there, or the location cannot be written.
    """
    with as_target_error(archive.shown):
        store = Store(claim_location(archive.location))
        if not resume:  # else the seal checks
            _check_free(archive, packing, overwrite=overwrite)
        begun = begin_remote(
            store,
            BundleLayout((packing.listing,), ()),
            token=token,
            overwrite=overwrite,
            old_keys=lambda store: (),
            resume=resume,
            alone=alone,
        )
        return RemoteZip(
            store,
            begun.prefix,
            token,
            begun.shape,
            public,
            extra,
            archive=archive,
            packing=packing,
            overwrite=overwrite,
        )


def _check_free(archive: Store, packing: Packing, *, overwrite: bool) -> None:
    if archive.info("") is None:
        if archive.names():
            raise TargetError(f"{archive.shown}: the target must be a file, but is a folder; name another")
        return
    refuse_foreign_zip(packing, _entries(archive), archive.shown)
    if not overwrite:
        raise TargetError(f"{archive.shown}: a bundle already exists; add --overwrite to replace it")


def _entries(archive: Store) -> tuple[list[Receipt], list[str]]:
    """Entries that the directory of a zip lists, and the foreign ones; nothing if it is no zip."""
    try:
        found = open_archive(archive)
    except (FileNotFoundError, ValueError):
        return [], []
    return list(found.entries), list(found.foreign)

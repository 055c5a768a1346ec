"""A bundle on an object store: objects under their own names, entry documents last.

A store has no rename, so a bundle cannot be published in one step. A new bundle is written to its final
location, but only its sealing document makes it a bundle. One that replaces an older bundle gets new names
for all objects; only the entry documents, whose names are fixed, are replaced, and then the old objects are
deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from isal.isal_zlib import crc32

from karospace_stream.errors import TargetError
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.storage import Headers, Location, NoBucketError, NoCredentialsError, Store
from karospace_stream.storage.headers import ASK, KEEP
from karospace_stream.targets.document_store import StoreDocuments
from karospace_stream.targets.keys import is_inside
from karospace_stream.targets.layout import BundleLayout
from karospace_stream.targets.older import Known, refuse_foreign_objects
from karospace_stream.targets.request import TargetRequest, claim_location
from karospace_stream.targets.stores.claim import DOCUMENTS, PARTIAL, Claim, Commit, ledger_documents
from karospace_stream.targets.stores.sealing import document_headers, put_in_place
from karospace_stream.targets.stores.uploads import Uploads


@dataclass(frozen=True, slots=True)
class RemoteTarget:
    """Writes below ``store``; `seal` puts the entry documents. Made by `begin_remote`.

    Attributes
    ----------
    token
        Of the claim, which shows until the end that nobody else has taken the location.
    """

    store: Store
    prefix: str
    token: str
    shape: BundleLayout
    public: bool = False
    extra: tuple[tuple[str, str], ...] = ()

    @classmethod
    def open(cls, request: TargetRequest, token: str, *, resume: bool = False) -> RemoteTarget:
        """Begin or resume an export; see `begin_remote`."""
        layout = request.layout
        return begin_remote(
            Store(request.location),
            layout,
            token=token,
            overwrite=request.overwrite,
            old_keys=partial(_old_keys, known=request.known, entries=layout.entries),
            resume=resume,
            public=request.public,
            extra=request.headers,
            alone=request.alone,
        )

    @classmethod
    def check(cls, request: TargetRequest) -> None:
        """Do nothing: a store is not asked before it is written to."""

    @classmethod
    def waits(cls, request: TargetRequest, token: str) -> bool:
        """Whether the location is claimed by this export."""
        store = Store(claim_location(request.location))
        try:
            claim = Claim.read(store)
        except OSError as error:
            raise TargetError(str(error)) from error
        return claim is not None and claim.token == token

    @property
    def location(self) -> str:
        """The URL, for people."""
        return self.store.shown

    @property
    def shared_paths(self) -> tuple[str, ...]:
        """Empty, since every worker can reach a store."""
        return ()

    @property
    def scratch_root(self) -> Location | None:
        """The folder of the claim."""
        return self.store.location.child(PARTIAL)

    def n_objects(self, written: int) -> int:
        """The number of written objects, since readers see each of them."""
        return written

    @contextmanager
    def batch(self) -> Iterator[BatchSink]:
        """A target that sends objects while the next ones are made; at its end all are there."""
        uploads = Uploads(self.store)
        try:
            yield BatchSink(self, uploads)
            with as_target_error(self.location):
                uploads.finish()
        except BaseException:
            uploads.give_up()
            raise

    def put(self, blob: Blob) -> Receipt:
        """Write one object.

        Raises
        ------
        TargetError
            If the store rejects it, or fails for too long.
        """
        with as_target_error(self.location):
            self.store.put(self.staged_key(blob.key), blob.data, self.headers(blob.key, blob.media_type))
        return Receipt(blob.key, len(blob.data), crc32(blob.data))

    def put_pieces(self, key: str, pieces: Iterable[bytes | memoryview], media_type: str) -> Receipt:
        """Write one object piece by piece; a large one is sent in parts.

        Raises
        ------
        TargetError
            As `put`.
        """
        counted = _Counted(pieces)
        with as_target_error(self.location):
            self.store.put_pieces(self.staged_key(key), counted, self.headers(key, media_type))
        return Receipt(key, counted.size, counted.crc32)

    def seal(self) -> None:
        """Put the entry documents, the sealing one last; then the objects of an older bundle go.

        Raises
        ------
        TargetError
            If the location is not ours any more; then nothing was done. If the store fails; an export that is
            complete can be published later, by `put_in_place`.
        """
        with as_target_error(self.location):
            claim = self.owned_claim()
            if claim.committed is None:  # else it was interrupted below, and waiting documents may be gone
                claim = claim.commit(self.store, self._commit())
        try:
            put_in_place(self.store, claim)
        except OSError as error:
            raise TargetError(
                f"{error}; the export is complete but only partly published: finish with the same command "
                f"and --resume, or with: karospace-stream clean {self.location}"
            ) from error

    def abort(self) -> None:
        """Delete everything that was put; an older bundle stays as it was.

        Raises
        ------
        TargetError
            If the store fails.
        """
        with as_target_error(self.location):
            claim = self._claim()
            if claim is not None and claim.committed is None:
                found = self.store.find(claim.prefix)
                self.store.delete(key for key in found if claim.is_new(key, self.shape.owned))
                claim.release(self.store)

    def keep(self) -> None:
        """Leave everything: the next run looks for claim, ledger and objects where they are."""

    def holds(self) -> Callable[[Receipt], bool]:
        """List the objects; returns a test whether an object has the size of its receipt.

        A store shows an object completely or not at all, so that its size says enough.
        """
        with as_target_error(self.location):
            there = {key: about.size for key, about in self.store.find(self.prefix).items()}
        return lambda receipt: there.get(receipt.key) == receipt.size

    def documents(self) -> StoreDocuments:
        """The documents in the folder of the claim."""
        return ledger_documents(self.store)

    def staged_key(self, key: str) -> str:
        """Key under which an object is written: an entry document waits for the seal."""
        if not is_inside(key) or key.startswith(f"{PARTIAL}/"):
            raise TargetError(f"{key!r} is not a name inside a bundle")
        return f"{DOCUMENTS}/{key}" if key in self.shape.entries else key

    def headers(self, key: str, media_type: str) -> Headers:
        """Headers that the store sends with an object."""
        if key in self.shape.entries:
            return document_headers(key, self.public, self.extra)
        # The next object of a fixed name may hold something else.
        return Headers(media_type, ASK if self.shape.fixed else KEEP, self.public, self.extra)

    def owned_claim(self) -> Claim:
        """The claim.

        Raises
        ------
        TargetError
            If the location does not belong to this export any more.
        """
        claim = self._claim()
        if claim is None:
            raise TargetError(
                f"{self.location}: another export removed or published the files of this one; check the "
                "target, and export again"
            )
        return claim

    def _commit(self) -> Commit:
        waiting = self.store.find(DOCUMENTS)
        entries = tuple(key for key in self.shape.entries if f"{DOCUMENTS}/{key}" in waiting)
        assert self.shape.sealed_by in entries, "the sealing document is written before the seal"
        return Commit(entries, self.public, self.extra)

    def _claim(self) -> Claim | None:
        """The claim, as long as it belongs to this export."""
        claim = Claim.read(self.store)
        return claim if claim is not None and claim.token == self.token else None


@dataclass(frozen=True, slots=True)
class BatchSink:
    """A remote target during one batch."""

    inner: RemoteTarget
    uploads: Uploads

    @property
    def prefix(self) -> str:
        """The prefix of the target."""
        return self.inner.prefix

    @contextmanager
    def batch(self) -> Iterator[BatchSink]:
        """Itself."""
        yield self

    def put(self, blob: Blob) -> Receipt:
        """Hand over one object; it is there when the batch ends."""
        inner = self.inner
        with as_target_error(inner.location):
            self.uploads.add(inner.staged_key(blob.key), blob.data, inner.headers(blob.key, blob.media_type))
        return Receipt(blob.key, len(blob.data), crc32(blob.data))

    def put_pieces(self, key: str, pieces: Iterable[bytes | memoryview], media_type: str) -> Receipt:
        """Write one object piece by piece, at once."""
        return self.inner.put_pieces(key, pieces, media_type)


def begin_remote(
    store: Store,
    shape: BundleLayout,
    *,
    token: str,
    overwrite: bool,
    old_keys: Callable[[Store], Iterable[str]],
    resume: bool = False,
    public: bool = False,
    extra: tuple[tuple[str, str], ...] = (),
    alone: bool = False,
) -> RemoteTarget:
    """Check the location and claim it, so that no other export writes there.

    Parameters
    ----------
    token
        Letters and digits that name this export.
    old_keys
        Returns the objects of the existing bundle.
    resume
        Whether to resume the interrupted export of this token, if there is one.
    alone
        Whether nobody writes once this process is gone, so that another export may know that it is dead.

    Raises
    ------
    TargetError
        If something is there already, another export has begun there, or the location cannot be written.
    """
    with as_target_error(store.shown):
        there = set(store.names())
        claim = Claim.read(store) if PARTIAL in there else None
        if claim is None:
            claim = _new_claim(store, shape, there, token, overwrite, old_keys, alone)
        else:
            _check_continued(store.shown, claim, token, resume=resume, overwrite=overwrite)
            claim = claim.adopt(store, alone=alone)
        return RemoteTarget(store, claim.prefix, token, shape, public, extra)


def _new_claim(
    store: Store,
    shape: BundleLayout,
    there: set[str],
    token: str,
    overwrite: bool,
    old_keys: Callable[[Store], Iterable[str]],
    alone: bool,
) -> Claim:
    _check_free(store.shown, there - {PARTIAL}, shape, overwrite=overwrite)
    before = store.info(shape.sealed_by)
    old = () if before is None else filter(is_inside, old_keys(store))
    claim = Claim.new(token, old, fresh=before is None, alone=alone)
    if PARTIAL in there:  # left without a claim: nobody owns it
        store.delete(store.find(PARTIAL))
    claim.make(store)
    if store.info(shape.sealed_by) != before:
        claim.release(store)
        raise TargetError(f"{store.shown}: another export to it has just ended; check the target")
    return claim


def _check_continued(shown: str, claim: Claim, token: str, *, resume: bool, overwrite: bool) -> None:
    if not resume or claim.token != token:
        raise TargetError(
            f"{shown}: an export to it began at {claim.began_at} and has not ended; add --resume to "
            f"continue it if it was interrupted, or remove it with: karospace-stream clean {shown}"
        )
    if claim.prefix and not overwrite:
        raise TargetError(f"{shown}: a bundle already exists; add --overwrite to replace it")


def _check_free(shown: str, there: set[str], shape: BundleLayout, *, overwrite: bool) -> None:
    marks = shape.marks or (shape.sealed_by,)
    is_bundle = not there.isdisjoint(marks)
    if is_bundle and shape.fixed:
        raise TargetError(
            f"{shown}: a Zarr store already exists, and its fixed names cannot be replaced all at once; "
            "name a new target, or one file that ends in .zarr.zip"
        )
    if is_bundle and not overwrite:
        raise TargetError(f"{shown}: a bundle already exists; add --overwrite to replace it")
    if there and not is_bundle:
        raise TargetError(
            f"{shown}: there are other files and no {' or '.join(marks)}, so it is not a bundle and will "
            "not be replaced; name an empty or a new target"
        )


def _old_keys(store: Store, *, known: Known | None, entries: tuple[str, ...]) -> Iterable[str]:
    return () if known is None else refuse_foreign_objects(store, known=known, entries=entries)


class _Counted:
    """Pieces of an object, counted and checked as they pass."""

    def __init__(self, pieces: Iterable[bytes | memoryview]) -> None:
        self._pieces = pieces
        self.size = 0
        self.crc32 = 0

    def __iter__(self) -> Iterator[bytes | memoryview]:
        for piece in self._pieces:
            self.size, self.crc32 = self.size + len(piece), crc32(piece, self.crc32)
            yield piece


@contextmanager
def as_target_error(where: str) -> Iterator[None]:
    """Turn a failure of the store into an error of the target."""
    try:
        yield
    except PermissionError as error:
        raise TargetError(f"{where} cannot be written: {error}") from error
    except (NoBucketError, NoCredentialsError) as error:
        raise TargetError(str(error)) from error
    except OSError as error:
        raise TargetError(f"{error}; try again (with --resume to keep finished work)") from error

"""Find leftovers of exports to an object store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from karospace_stream.errors import TargetError
from karospace_stream.formats.layout.checksums import CHECKSUMS, read_checksums
from karospace_stream.formats.layout.documents import MOST_DOCUMENT_NBYTES
from karospace_stream.formats.registry import all_formats
from karospace_stream.pipeline.clean.orphan import Orphan
from karospace_stream.pipeline.clean.scratch import named, on_stores, orphaned_scratch
from karospace_stream.pipeline.resume.header import read_head, scratch_root
from karospace_stream.pipeline.scratch_owner import SCRATCH, Owner
from karospace_stream.storage import Store, StoredInfo, TooLargeError
from karospace_stream.targets.stores.claim import PARTIAL, Claim, ledger_documents
from karospace_stream.targets.stores.sealing import put_in_place


def left_on_store(
    store: Store, storage_options: Mapping[str, Any] | None, *, of: str | None = None
) -> Iterator[Orphan]:
    """Find all leftovers of an unfinished export to one location.

    Parameters
    ----------
    of
        The target, if it is not the location with the claim.

    Raises
    ------
    TargetError
        If the owner of the objects cannot be determined.
    OSError
        If the store cannot be reached.
    """
    there = set(store.names())
    claim = Claim.read(store) if PARTIAL in there else None
    named = set()
    target = of or store.shown
    roots = scratch_root(ledger_documents(store)) if claim is not None else []
    for each in _left(store, there, claim, storage_options, target, roots):
        named.add(each.where)
        yield each
    for each in orphaned_scratch(target, roots, [claim.token] if claim is not None else []):
        if each.where not in named:
            yield each


def _left(
    store: Store,
    there: set[str],
    claim: Claim | None,
    storage_options: Mapping[str, Any] | None,
    target: str,
    roots: list[str],
) -> Iterator[Orphan]:
    if PARTIAL not in there:
        return
    inside = f"{PARTIAL}/{SCRATCH}"  # named by the ledger
    notes = {key: about for key, about in store.find(PARTIAL).items() if not key.startswith(inside)}
    if claim is None:
        yield _objects("records of an export that has ended", store, notes)
        return
    if claim.committed is not None:
        finish = partial(put_in_place, store, claim)
        yield Orphan("complete export, to be published", store.shown, len(claim.old), 0, finish)
        return
    yield from _scratch(store, Owner(claim.token, target), storage_options, roots)
    new = _new_objects(store, claim, there)
    if new:
        yield _objects("objects of an unfinished export", store, new)
    notes_nbytes = sum(about.size for about in notes.values())
    yield Orphan(
        f"records of an unfinished export that began at {claim.began_at}",
        f"{store.shown}/{PARTIAL}",
        len(notes),
        notes_nbytes,
        partial(claim.release, store),
    )


def _new_objects(store: Store, claim: Claim, there: set[str]) -> dict[str, StoredInfo]:
    """Objects that the export wrote; never those of a sealed bundle, whatever the claim says."""
    if not claim.prefix and there & {document for each in all_formats() for document in each.sealed_by}:
        return {}
    try:
        sealed = set(read_checksums(store.read_document(CHECKSUMS, MOST_DOCUMENT_NBYTES)).files)
    except (FileNotFoundError, TooLargeError, ValueError):
        sealed = set()
    found = store.find(claim.prefix)
    owned = tuple(key for each in all_formats() for key in each.owned)
    return {key: about for key, about in found.items() if claim.is_new(key, owned) and key not in sealed}


def _scratch(
    store: Store, owner: Owner, storage_options: Mapping[str, Any] | None, roots: list[str]
) -> Iterator[Orphan]:
    try:
        head = read_head(ledger_documents(store), store.shown)
    except TargetError:  # damaged, so nobody can resume it: clean it
        head = None
    locations = list(head.scratch.values()) if head else []
    for where in locations:
        yield from named(where, owner, storage_options)
    for each in on_stores(roots, owner, storage_options):
        if each.where not in locations:
            yield each


def _objects(what: str, store: Store, found: Mapping[str, StoredInfo]) -> Orphan:
    nbytes = sum(about.size for about in found.values())
    return Orphan(what, store.shown, len(found), nbytes, partial(store.delete, list(found)))

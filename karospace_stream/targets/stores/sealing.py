"""Finish an export to a store: write its entry documents, delete old objects. Can be repeated."""

from __future__ import annotations

from karospace_stream.storage import Headers, Store
from karospace_stream.storage.headers import ASK
from karospace_stream.targets.stores.claim import DOCUMENTS, Claim

_TYPES = {
    "html": "text/html; charset=utf-8",
    **dict.fromkeys(("json", "zattrs", "zgroup", "zmetadata"), "application/json"),
}


def document_headers(key: str, public: bool, extra: tuple[tuple[str, str], ...]) -> Headers:
    """Headers of an entry document, which clients revalidate each time."""
    return Headers(_TYPES.get(key.rpartition(".")[2], "application/octet-stream"), ASK, public, extra)


def put_in_place(store: Store, claim: Claim) -> None:
    """Put the entry documents, the sealing one last; delete what they replace; release the location.

    Can resume wherever it was interrupted, since it deletes nothing that it still needs.

    Raises
    ------
    OSError
        If the store fails.
    """
    assert claim.committed is not None
    entries, public, extra = claim.committed.entries, claim.committed.public, claim.committed.extra
    # Read all before putting the first: meanwhile they belong to two bundles.
    waiting = store.read_whole([f"{DOCUMENTS}/{key}" for key in entries])
    for key, data in zip(entries, waiting, strict=True):
        if data is not None:  # else it is published, and its waiting copy was deleted
            store.put(key, data, document_headers(key, public, extra))
    kept = set(entries)
    store.delete(key for key in claim.old if key not in kept and not claim.is_new(key, ()))
    claim.release(store)

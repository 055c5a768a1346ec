"""List the objects of a Zarr store at a URL, once, and reduce the list at once to the little we need."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from karospace_stream.source.files.errors import reading
from karospace_stream.source.zarr.folder import ROOT_METADATA
from karospace_stream.source.zarr.keys import is_metadata
from karospace_stream.storage import Location, Store, StoredInfo


@dataclass(frozen=True, slots=True)
class ZarrListing:
    """Result of a listing.

    Attributes
    ----------
    documents
        Metadata: of the root, and of everything below unless the root includes them.
    names
        Keys of all metadata; None if the location cannot be listed and its root does not name them.
    nbytes
        Of the chunks of each array.
    inner
        Names directly below that the user may have meant.
    is_empty
        Whether there is nothing at all.
    """

    fingerprint: str
    documents: Mapping[str, bytes]
    names: frozenset[str] | None
    nbytes: Counter[str] | None
    inner: tuple[str, ...]
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Objects:
    """A list of all objects below a location."""

    sizes: Mapping[str, int]
    fingerprint: str


def list_zarr(location: Location) -> ZarrListing:
    """List a store; if that is not possible, use the metadata of its root."""
    objects = list_objects(location)
    if objects is None:
        documents = root_documents(location, None)
        content = _digest(f"{key}\0{documents[key]!r}" for key in sorted(documents))
        return ZarrListing(content, documents, consolidated_names(documents), None, (), not documents)
    names = frozenset(filter(is_metadata, objects.sizes))
    documents = root_documents(location, names)
    if consolidated_names(documents) is None:
        documents = _read(location, {key: objects.sizes[key] for key in sorted(names)})
    inner = {key.partition("/")[0] for key in objects.sizes}
    return ZarrListing(
        objects.fingerprint,
        documents,
        names,
        chunk_nbytes(objects.sizes, names),
        tuple(sorted(inner)),
        not objects.sizes,
    )


def list_objects(location: Location) -> Objects | None:
    """All objects; None if they cannot be listed."""
    if location.protocol == "http":
        return None
    with reading(location.shown):
        try:
            found = Store(location).find()
        except PermissionError:
            return None
    return Objects({key: info.size for key, info in found.items()}, _digest(_lines(found)))


def root_documents(location: Location, names: Iterable[str] | None) -> dict[str, bytes]:
    """Metadata directly in the root.

    Parameters
    ----------
    names
        Keys that exist; None if unknown.
    """
    store, documents = Store(location), {}
    wanted = [name for name in (*ROOT_METADATA, ".zarray") if names is None or name in names]
    begun = [(name, store.start_read(name)) for name in wanted]
    refused: PermissionError | None = None
    with reading(location.shown):
        for name, future in begun:
            try:
                documents[name] = future.result()
            except FileNotFoundError:
                continue
            except PermissionError as error:
                refused = error
        if refused is not None and not documents:
            raise refused
    return documents


def _read(location: Location, sizes: Mapping[str, int]) -> dict[str, bytes]:
    with reading(location.shown):
        data = Store(location).read_ranges([(key, 0, size) for key, size in sizes.items()])
    return dict(zip(sizes, data, strict=True))


def consolidated_names(documents: Mapping[str, bytes]) -> frozenset[str] | None:
    """Keys of all metadata, if the root has them all; else None."""
    try:
        if "zarr.json" in documents:
            below = json.loads(documents["zarr.json"])["consolidated_metadata"]["metadata"]
            return frozenset({"zarr.json", *(f"{key}/zarr.json" for key in below)})
        return frozenset({*documents, *json.loads(documents[".zmetadata"])["metadata"]})
    except (ValueError, KeyError, TypeError):
        return None


def chunk_nbytes(sizes: Mapping[str, int], names: frozenset[str]) -> Counter[str]:
    """Bytes of the chunks of each array, from the sizes of all files and the names of all metadata."""
    nodes = {name.rpartition("/")[0] for name in names}
    nbytes: Counter[str] = Counter()
    for key, size in sizes.items():
        node = key
        while node and not is_metadata(key):
            node = node.rpartition("/")[0]
            if node in nodes:
                nbytes[node] += size
                break
    return nbytes


def _lines(found: Mapping[str, StoredInfo]) -> Iterable[str]:
    return (f"{key}\0{info.size}\0{info.version}" for key, info in found.items())


def _digest(lines: Iterable[str]) -> str:
    digest = blake2b(digest_size=16)
    for line in lines:
        digest.update(line.encode("utf-8", "surrogateescape") + b"\n")
    return digest.hexdigest()

"""``datasets.json`` for a folder of exports that has none; stores that need no export are some."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from karospace_stream.errors import BadInputError
from karospace_stream.formats.anndata.layout.viewable import HEADS, Viewable, viewable
from karospace_stream.formats.cellucid.layout.datasets import Listed, datasets_manifest, listed
from karospace_stream.formats.karospace.layout.summary import summary
from karospace_stream.formats.layout.documents import MOST_DOCUMENT_NBYTES
from karospace_stream.storage import read_regular

#: Gives the bytes of a file below the folder, None where there is none.
Read = Callable[[str], bytes | None]


def list_exports(folders: Sequence[str], read: Read) -> bytes | None:
    """Encode the list of the exports in some folders, of either format; None where there is none.

    What cannot be read is left out: one damaged export must not hide the others. Of exports
    with the same id all but the first go by their folder's name.
    """
    found: dict[str, Listed] = {}
    for folder in folders:
        one = _read_one(folder, read)
        if one is None:
            continue
        if one.id in found:
            one = replace(one, id=_free_id(folder, found))
        found[one.id] = one
    return datasets_manifest(list(found.values())).data if found else None


def find_viewable(read: Read) -> Viewable | None:
    """Look whether a folder is a Zarr store that the viewer opens as it is."""
    documents = map(read, HEADS)
    return next((viewable(data) for data in documents if data is not None), None)


def _read_one(folder: str, read: Read) -> Listed | None:
    try:
        for head in ("atlas.json", "manifest.json"):
            if (data := read(f"{folder}/{head}")) is not None:
                known = summary(folder, data)
                return Listed(folder, folder, known.name, known.n_cells, known.n_genes)
        if (data := read(f"{folder}/dataset_identity.json")) is not None:
            return listed(folder, data)
        store = find_viewable(lambda key: read(f"{folder}/{key}"))
        if store is None:
            return None
        return Listed(folder, folder, folder.removesuffix(".zarr"), store.n_cells, store.n_genes, "anndata")
    except BadInputError:
        return None


def _free_id(folder: str, taken: dict[str, Listed]) -> str:
    number, free = 1, folder
    while free in taken:
        number += 1
        free = f"{folder}-{number}"
    return free


def list_folder(folder: Path) -> bytes | None:
    """`list_exports` of the folders right below one; links that lead out of it are not followed."""
    root = folder.resolve()
    inside = [
        entry.name
        for entry in sorted(folder.iterdir())
        if not entry.name.startswith(".") and entry.is_dir() and entry.resolve().is_relative_to(root)
    ]
    return list_exports(inside, local_reader(folder))


def local_reader(folder: Path) -> Read:
    """Read files below a folder of this machine."""

    def read(key: str) -> bytes | None:
        try:
            return read_regular(folder / key, MOST_DOCUMENT_NBYTES)
        except OSError:  # not there, may not be read, a pipe, a gigabyte
            return None

    return read

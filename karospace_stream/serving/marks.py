"""Files that show what a folder is."""

from __future__ import annotations

#: A folder that holds one of these is an export.
SEALS = ("atlas.json", "manifest.json", "dataset_identity.json")
#: A folder that holds one of these is a Zarr store, which may be one that the page opens as it is.
STORE_HEADS = (".zmetadata", "zarr.json")
#: Lists the exports in the folders beside it.
LISTING = "datasets.json"
#: There while an export runs.
PROGRESS = "progress.json"
PAGE = "index.html"

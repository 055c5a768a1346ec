"""Infer which statistics a Zarr store has, which records no options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import zarr

from karospace_stream.formats.anndata.tables.statistics_names import MEANS, SHARES
from karospace_stream.formats.anndata.unstructured import HVG
from karospace_stream.formats.genes.pseudobulk.compare import read_sums
from karospace_stream.formats.genes.pseudobulk.result import N_CELLS, UNS
from karospace_stream.formats.layout.checksums import Listing
from karospace_stream.formats.layout.pseudobulk import PSEUDOBULK
from karospace_stream.measures.rank_genes_groups import KEY
from karospace_stream.verification.bundles import Files

_MOST_NBYTES = 1 << 28
_LAYER = "layers/"


def computed_options(root: zarr.Group, files: Files, listing: Listing) -> dict[str, Any]:
    """Options of groups that are compared, of variable genes, and of sums."""
    return dict(_groups(root)) | dict(_variable(root)) | dict(_sums(files, listing))


def _groups(root: zarr.Group) -> Iterator[tuple[str, Any]]:
    frames = list(root["varm"].group_keys()) if "varm" in root else []
    columns = [name.removeprefix(f"{MEANS}_") for name in frames if name.startswith(f"{MEANS}_")]
    columns = [column for column in columns if f"{SHARES}_{column}" in frames]
    if not columns:
        return
    computed = {name: entry for name, entry in _rankings(root) if entry["groupby"] in columns}
    first = computed.get(KEY, {}).get("groupby")
    # The usual key is that of the first column; other columns may come in any order.
    columns.sort(key=lambda column: column != first or f"{KEY}_{column}" in computed)
    yield "group_by", tuple(columns)
    several = [entry for entry in computed.values() if "method" in entry]
    yield "markers", several[-1]["method"] if several else "none"
    if several:
        yield "reference", several[-1]["reference"]
        yield "tie_correct", bool(several[-1].get("tie_correct", False))


def _rankings(root: zarr.Group) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, group in root["uns"].groups():
        if name.startswith(KEY) and "params" in group:
            yield name, {key: _scalar(array) for key, array in group["params"].arrays()}


def _variable(root: zarr.Group) -> Iterator[tuple[str, Any]]:
    if f"uns/{HVG}/flavor" not in root:
        return
    found = {key: str(_scalar(array)) for key, array in root[f"uns/{HVG}"].arrays()}
    yield "genes", f"hvgs:{root['var'][root['var'].attrs['_index']].shape[0]}"
    yield "hvg_flavor", found["flavor"]
    yield "hvg_batch", found.get("batch_key")


def _sums(files: Files, listing: Listing) -> Iterator[tuple[str, Any]]:
    size, _ = listing.files.get(PSEUDOBULK, (0, 0))
    if not 0 < size <= _MOST_NBYTES:
        return
    sums = read_sums(files.read_up_to([PSEUDOBULK], [size])[0] or b"")
    if sums is None:
        return
    yield "pseudobulk", tuple(name for name in sums.obs if name != N_CELLS)
    matrix = str(sums.uns[UNS]["matrix"])
    yield "pseudobulk_layer", matrix.removeprefix(_LAYER) if matrix.startswith(_LAYER) else None


def _scalar(array: Any) -> Any:
    if array.shape:
        raise ValueError(f"{array.path} has the shape {array.shape}")
    value = array[...]
    return value.item() if hasattr(value, "item") else value

"""A small Zarr store to be damaged, and its documents and chunks as files."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata as ad
import numpy as np
import zarr

from tests.damage.sample import sample, write_quietly

DOCUMENTS = ("zarr.json", ".zarray", ".zgroup", ".zattrs", ".zmetadata")
_LARGE = 1_000_000  # values

Rng = np.random.Generator


def build(path: Path, rng: Rng) -> None:
    """Write a small store: of version 2 or 3, with consolidated metadata or without, sharded or not."""
    version = int(rng.integers(2, 4))
    adata = sample(rng)
    with ad.settings.override(zarr_write_format=version):
        write_quietly(adata.write_zarr, path)
    if rng.random() < 0.3:
        for key in ("layers/dense", "obsm/X_umap"):
            values = adata.layers["dense"] if key.startswith("layers") else adata.obsm["X_umap"]
            sharded = {"shards": (20, 10), "chunks": (10, 5)} if version == 3 else {"chunks": (10, 5)}
            array = zarr.open_group(path, mode="r+").create_array(key, data=values, overwrite=True, **sharded)
            array.attrs.update({"encoding-type": "array", "encoding-version": "0.2.0"})
        zarr.consolidate_metadata(path)
    if rng.random() < 0.6:
        _forget_consolidated(path)


def read(path: Path) -> ad.AnnData:
    """What anndata reads; raises where it does not, or where it would read without end."""
    for file in documents(path):
        for node in described(json.loads(file.read_text())):
            if math.prod(node["shape"]) > _LARGE:
                raise ValueError("declared too large to be read")
    return ad.read_zarr(path)


def _forget_consolidated(path: Path) -> None:
    (path / ".zmetadata").unlink(missing_ok=True)
    root = path / "zarr.json"
    if root.exists():
        document = json.loads(root.read_text())
        document.pop("consolidated_metadata", None)
        root.write_text(json.dumps(document))


def documents(path: Path) -> list[Path]:
    """All files of metadata."""
    return sorted(file for file in path.rglob("*") if file.name in DOCUMENTS)


def chunks(path: Path) -> list[Path]:
    """All other files."""
    return sorted(file for file in path.rglob("*") if file.is_file() and file.name not in DOCUMENTS)


def pick(items: list[Any], rng: Rng) -> Any:
    """One of several."""
    return items[int(rng.integers(len(items)))]


def described(document: Any) -> list[dict[str, Any]]:
    """What a document says of arrays."""
    if not isinstance(document, dict):
        return []
    below = document.get("metadata") or (document.get("consolidated_metadata") or {}).get("metadata", {})
    return [node for node in (document, *below.values()) if isinstance(node, dict) and "shape" in node]


def edit_arrays(path: Path, change: Callable[[dict[str, Any]], None], chosen: Callable[[str], bool]) -> None:
    """Change what is said of the arrays with this key, wherever it is said."""
    for file in documents(path):
        document = json.loads(file.read_text())
        key = file.parent.relative_to(path).as_posix()
        nodes = {f"{key}/{file.name}": document}
        if file.name == "zarr.json":
            below = (document.get("consolidated_metadata") or {}).get("metadata", {})
            nodes |= {f"{name}/zarr.json": node for name, node in below.items()}
        elif file.name == ".zmetadata":
            nodes |= document["metadata"]
        for name, node in nodes.items():
            if "shape" in node and chosen(name.rpartition("/")[0]):
                change(node)
        file.write_text(json.dumps(document))


def array_keys(path: Path) -> list[str]:
    """Keys of all arrays."""
    root = zarr.open_group(path, mode="r", use_consolidated=False)
    return sorted(key for key, node in root.members(max_depth=None) if isinstance(node, zarr.Array))

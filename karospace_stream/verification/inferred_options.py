"""Infer the options of a Zarr store that records none, as far as its contents show them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson
import zarr
from zarr.core.buffer import cpu
from zarr.storage import MemoryStore

from karospace_stream.errors import BadInputError
from karospace_stream.formats.anndata.layout.names import GENE_NAMES
from karospace_stream.formats.anndata.options import AnnDataOptions
from karospace_stream.formats.cellucid.options import CellucidOptions
from karospace_stream.formats.layout.checksums import Listing
from karospace_stream.model.catalog import Catalog
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.source.zarr.bounds import bounded
from karospace_stream.verification.bundles import Files
from karospace_stream.verification.inferred_statistics import computed_options

_MOST_NBYTES, _MOST_NAMES = 256 << 20, 10_000_000
_SHARDED = "sharding_indexed"


def options_seen(files: Files, listing: Listing, catalog: Catalog, where: str) -> ExportOptions:
    """Infer the options with which an export of the source would give this store.

    Parameters
    ----------
    catalog
        Of the source; the numbers of cells and genes show whether all are there.

    Raises
    ------
    BadInputError
        If the store does not have the form of our exports.
    """
    # Names and small values; the only bulk data read are the names of the exported genes.
    small = [key for key in listing.files if key.startswith(("uns/", "var/")) or _is_document(key)]
    sizes = [listing.files[key][0] for key in small]
    if sum(sizes) > _MOST_NBYTES:
        raise BadInputError(
            f"{where}: its names and small values must have at most {_MOST_NBYTES:,} bytes, got "
            f"{sum(sizes):,}, so it cannot be compared with a source"
        )
    whole = files.read_up_to(small, sizes)
    kept = {
        key: cpu.Buffer.from_bytes(data) for key, data in zip(small, whole, strict=True) if data is not None
    }
    try:
        root = zarr.open_group(MemoryStore(kept), mode="r")
        return replace(_options(root, _level_of(kept), catalog), **computed_options(root, files, listing))
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise BadInputError(
            f"{where}: its options cannot be recognised ({type(error).__name__}: {error}), so it cannot "
            "be compared with a source"
        ) from error


def _options(root: zarr.Group, level: int, catalog: Catalog) -> ExportOptions:
    obs, var, record = root["obs"], root["var"], _plain(root["uns/cellucid"])
    n_cells = int(obs[obs.attrs["_index"]].shape[0])
    genes = [str(name) for name in _values(var[var.attrs["_index"]])]
    defaults, source = record.get("defaults", {}), record.get("source", {})
    own = CellucidOptions(
        latent=defaults.get("latentKey"),
        centroid_min_points=int(defaults.get("centroidMinPoints", CellucidOptions().centroid_min_points)),
        dataset_id=record["id"],
    )
    version: Any = root.metadata.zarr_format
    return ExportOptions(
        formats=("anndata",),
        genes="none" if "X" not in root else "all" if len(genes) == catalog.n_genes else tuple(genes),
        gene_names=defaults.get("geneIdColumn") or var.attrs.get(GENE_NAMES),
        anno=tuple(obs.attrs["column-order"]) or ("all",),
        graph=next(iter(root["obsp"]), "none"),
        downsample=None if n_cells == catalog.n_cells else n_cells,
        compression=level,
        name=record["name"],
        title=None if (title := _text(root, "title")) == record["name"] else title,
        description=None if "uns/description" in root else record.get("description"),
        license=_text(root, "license") or "",
        source_name=source.get("name"),
        source_url=source.get("url"),
        source_citation=None if "uns/citation" in root else record.get("citation", {}).get("text", ""),
        arrange_by=str(_value(_values(root["uns/arranged/column"]))) if "uns/arranged" in root else None,
        section=str(_value(_values(root["uns/sections/column"]))) if "uns/sections" in root else "none",
        own={"cellucid": own, "anndata": AnnDataOptions(version, _is_sharded(root))},
    )


def _plain(group: zarr.Group) -> dict[str, Any]:
    """Scalars below a group, as nested mappings."""
    return {
        name: _plain(node) if isinstance(node, zarr.Group) else _value(_values(node))
        for name, node in group.members()
        if name != "outlierQuantiles"
    }


def _values(array: Any) -> Any:
    """Read a small array in full."""
    if math.prod(array.shape) > _MOST_NAMES:
        raise ValueError(f"{array.path} has the shape {array.shape}")
    return bounded(array, lambda most: array.store_path)[...]


def _text(root: zarr.Group, key: str) -> str | None:
    """A text of uns; None if there is none."""
    return str(_value(_values(root[f"uns/{key}"]))) if f"uns/{key}" in root else None


def _value(scalar: Any) -> Any:
    return scalar.item() if hasattr(scalar, "item") else scalar


def _is_sharded(root: zarr.Group) -> bool:
    return any(node.shards is not None for _, node in root.members(None) if isinstance(node, zarr.Array))


def _level_of(kept: Mapping[str, cpu.Buffer]) -> int:
    """Compression level of the first array."""
    return next(level for key, document in kept.items() for level in _levels(key, document.to_bytes()))


def _levels(key: str, document: bytes) -> Iterator[int]:
    if key.endswith("/.zarray"):
        yield int(orjson.loads(document)["compressor"]["level"])
    elif key.endswith("/zarr.json"):
        for codec in orjson.loads(document).get("codecs", ()):
            inner = codec["configuration"].get("codecs", ()) if codec["name"] == _SHARDED else (codec,)
            for each in inner:
                if each["name"] in ("gzip", "blosc"):
                    about = each["configuration"]
                    yield int(about.get("level", about.get("clevel")))


def _is_document(key: str) -> bool:
    return key.rpartition("/")[2] in (".zgroup", ".zarray", ".zattrs", ".zmetadata", "zarr.json")

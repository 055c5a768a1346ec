"""What a user can wish for in an AnnData Zarr store, besides what all formats have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.anndata.layout.arrays import ZarrFormat


@dataclass(frozen=True, slots=True)
class AnnDataOptions:
    """Options of the AnnData format, checked.

    Attributes
    ----------
    zarr_format
        2 or 3.
    shard
        Whether several chunks lie in one object: fewer objects, and one more request for the first gene.
    uns
        Arrays of uns that are kept, such as ``clusters_colors``; ``("all",)`` for all that can be.
    """

    zarr_format: ZarrFormat = 2
    shard: bool = False
    uns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.zarr_format not in get_args(ZarrFormat):
            raise BadOptionError(f"--zarr-format wants 2 or 3, got {self.zarr_format!r}")
        if self.shard and self.zarr_format == 2:
            raise BadOptionError("--shard wants --zarr-format 3: Zarr v2 has no shards")

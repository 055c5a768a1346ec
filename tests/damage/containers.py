"""The containers that are damaged."""

from __future__ import annotations

from tests.damage import hdf5_kinds, zarr_kinds, zip_kinds
from tests.damage.harness import Container

CONTAINERS = {
    "h5ad": Container("h5ad", hdf5_kinds.build, hdf5_kinds.KINDS, hdf5_kinds.read),
    "zarr": Container("zarr", zarr_kinds.build, zarr_kinds.KINDS, zarr_kinds.read),
    "zarr.zip": Container("zarr.zip", zip_kinds.build, zip_kinds.KINDS, zip_kinds.read),
}

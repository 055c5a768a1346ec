"""The containers that are damaged."""

from __future__ import annotations

from tests.damage import zarr_kinds
from tests.damage.harness import Container

CONTAINERS = {
    "zarr": Container("zarr", zarr_kinds.build, zarr_kinds.KINDS, zarr_kinds.read),
}

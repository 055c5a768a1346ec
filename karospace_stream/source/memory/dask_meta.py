"""The private member of Dask's arrays that we use: `_meta`, which shows the type of their blocks."""

from __future__ import annotations

from typing import Any


def empty_block(values: Any) -> Any:
    """A block without values, of the type that all blocks of a Dask array have.

    Dask's public ways compute a block, or need Dask to be imported.
    """
    return values._meta

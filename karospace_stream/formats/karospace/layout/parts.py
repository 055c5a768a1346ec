"""How data is cut into parts: each stays under the asset limit before compression."""

from __future__ import annotations

#: Of schema 1.0.0.
SCHEMA_MB = 1024 * 1024
FLOAT32_NBYTES = 4


def asset_nbytes(max_asset_mb: float) -> int:
    """Bytes that one part may hold before compression."""
    return int(max_asset_mb * SCHEMA_MB)


def cuts(n_items: int, limit_nbytes: int, item_nbytes: int) -> tuple[int, ...]:
    """Bounds of parts: ``limit // item`` items in each, the last one shorter.

    No items still make one empty part.
    """
    step = max(1, limit_nbytes // max(1, item_nbytes))
    return (*range(0, n_items, step), n_items) if n_items else (0, 0)

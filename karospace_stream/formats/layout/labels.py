"""Names of things on screen, in any format."""

from __future__ import annotations

BASIS = "_umap"


def label_of(field: str) -> str:
    """Name of a field on screen: ``velocity_umap`` is ``Velocity (UMAP)``."""
    words = field.removesuffix(BASIS).replace("_", " ").strip()
    label = words[:1].upper() + words[1:] if words else field
    return f"{label} (UMAP)" if field.endswith(BASIS) else label

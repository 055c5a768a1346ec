"""Catalogues of files that are nowhere."""

from __future__ import annotations

from karospace_stream.model.catalog import Catalog, ColumnInfo, ColumnKind, EmbeddingInfo


def column(name: str, kind: ColumnKind) -> ColumnInfo:
    return ColumnInfo(name, kind, "", 2 if kind == "category" else None)


def catalog(
    obsm: dict[str, int] | None = None,
    obs: dict[str, ColumnKind] | None = None,
    unreadable: tuple[tuple[str, str], ...] = (),
) -> Catalog:
    """A catalogue with these embeddings (by number of columns) and obs columns (by kind)."""
    return Catalog(
        location="file.h5ad",
        name="file",
        container="h5ad",
        fingerprint="",
        n_cells=3,
        n_genes=2,
        matrix=None,
        layers=(),
        raw=None,
        obs=tuple(column(name, kind) for name, kind in (obs or {}).items()),
        var=(),
        raw_var=(),
        obsm=tuple(EmbeddingInfo(key, width, "float32") for key, width in (obsm or {}).items()),
        obsp=(),
        images=(),
        unreadable=unreadable,
    )

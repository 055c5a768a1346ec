"""A SpatialData store as an AnnData: one of its tables, with the centres of what the table annotates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from karospace_stream.errors import BadOptionError
from karospace_stream.inputs.kinds.spatialdata.tables import choose_table, tables_of
from karospace_stream.model.catalog import Catalog
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.elements.members import member
from karospace_stream.source.parts import Parts
from karospace_stream.source.problems.unreadable import Unreadable, required
from karospace_stream.source.resolve.stored import resolve_parts

# Slow modules are imported where they are used: every input goes through this one.
_NAME = "SpatialData"
_OF_ELEMENTS = {"encoding-type", "multiscales", "ome"}  # attributes of images, shapes and so on


@dataclass(frozen=True, slots=True)
class SpatialDataKind:
    """SpatialData stores; see `Kind`.

    Attributes
    ----------
    table
        Name of the table to read; None for the usual one.
    """

    table: str | None = None

    @property
    def name(self) -> str:
        """As people call it."""
        return _NAME

    def matches(self, root: Any) -> bool:
        """Whether a group is the root of such a store."""
        names = set(root)
        if hasattr(root, "id") or {"obs", "var"} & names or "mod" in names:  # only HDF5 has ids
            return False
        attributes = set(root.attrs)
        is_marked = "spatialdata_attrs" in attributes and not _OF_ELEMENTS & attributes
        return is_marked or bool({"tables", "table"} & names) or {"points", "shapes"} <= names

    def resolve(self, root: Any, where: str, wrap: Wrap, unreadable: Unreadable) -> Parts:
        """Describe a table and what it annotates; see `Kind`."""
        from karospace_stream.inputs.kinds.spatialdata.placing import placed

        tables = tables_of(root)
        name, findings = choose_table(list(tables), self.table, where)
        with required(f"the table {name!r}", where):
            table = member(tables[name], name)
        parts = resolve_parts(table, where, wrap, unreadable)
        parts = replace(parts, findings=(*parts.findings, *findings))
        return placed(parts, root, table, wrap, unreadable)


def check_table(catalog: Catalog, wanted: str | None) -> None:
    """Reject a choice of tables of something that has none."""
    if wanted is not None and catalog.kind != _NAME:
        raise BadOptionError(
            f"--table chooses among the tables of a SpatialData store, but {catalog.location} is "
            f"{catalog.kind or 'an AnnData'}; leave it out"
        )


def prepared_later(source: AnnDataSource) -> AnnDataSource:
    """The source, with the preparation that large regions need."""
    if source.catalog.kind != _NAME:
        return source
    from karospace_stream.inputs.kinds.spatialdata.prepare import with_centring

    return with_centring(source)

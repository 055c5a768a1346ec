"""What tables add to an input, and how it is added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from karospace_stream.inputs.tables.embeddings import ColumnStack
from karospace_stream.model.finding import Finding
from karospace_stream.model.inputs.several import TableInfo
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.elements.columns import Element
from karospace_stream.source.elements.embeddings import ArrayEntry
from karospace_stream.source.parts import contents


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """What tables add to an input. Its arrays are in memory.

    Attributes
    ----------
    columns, embeddings
        Those of obs and obsm.
    infos
        Of the tables.
    findings
        What was noticed.
    fingerprint
        Changes with the tables.
    """

    columns: Mapping[str, Element]
    embeddings: Mapping[str, tuple[str, ...]]
    infos: tuple[TableInfo, ...]
    findings: tuple[Finding, ...]
    fingerprint: str

    def add_to(self, source: AnnDataSource) -> AnnDataSource:
        """The input with the tables."""
        parts = source.parts
        obs = replace(parts.obs, columns={**parts.obs.columns, **self.columns})
        entries = {
            key: ArrayEntry(ColumnStack(f"obsm/{key}", tuple(self.columns[name] for name in names)))
            for key, names in self.embeddings.items()
        }
        parts = replace(parts, obs=obs, obsm={**parts.obsm, **entries})
        parts = replace(parts, findings=(*parts.findings, *self.findings))
        catalog = source.catalog
        made = contents(parts) | {
            "fingerprint": f"{catalog.fingerprint}-{self.fingerprint}",
            "tables": self.infos,
            "findings": (*catalog.findings, *self.findings),
        }
        return replace(source, catalog=replace(catalog, **made), parts=parts)

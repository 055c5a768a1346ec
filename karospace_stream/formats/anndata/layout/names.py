"""Names in a store: its documents, and the prefixes of all object keys."""

from __future__ import annotations

from karospace_stream.formats.anndata.layout.arrays import ZarrFormat
from karospace_stream.formats.layout.pseudobulk import PSEUDOBULK

#: The consolidated document at the root, without which a browser finds nothing. Written last.
SEALED_BY: dict[ZarrFormat, str] = {2: ".zmetadata", 3: "zarr.json"}
#: All documents at the root, in writing order.
ROOT_DOCUMENTS: dict[ZarrFormat, tuple[str, ...]] = {
    2: (".zgroup", ".zattrs", ".zmetadata"),
    3: ("zarr.json",),
}
#: Key prefixes of all objects except the documents at the root.
_GROUPS = ("X", "layers", "obs", "obsm", "obsp", "uns", "var", "varm", "varp")
OWNED = (*(f"{group}/" for group in _GROUPS), PSEUDOBULK)
#: Attribute of var: ``index`` where the user wants genes to be called as in the index. Without it, viewers
#: may take a column of symbols if the index has accession numbers.
GENE_NAMES = "gene-names"

#: The entry of uns with gene sets.
GENE_SETS = "gene_sets"

"""``var_manifest.json``: the genes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from karospace_stream.formats.cellucid.layout.names import JSON, Layout
from karospace_stream.formats.cellucid.layout.stored import FORMAT, Stored, dump
from karospace_stream.model.blob import Blob


@dataclass(frozen=True, slots=True)
class Gene:
    """One exported gene. ``low`` and ``high`` are its range, None unless quantised."""

    key: str
    low: float | None = None
    high: float | None = None


def var_manifest(
    layout: Layout,
    n_cells: int,
    genes: Iterable[Gene],
    *,
    stored: Stored,
    compression: int | None,
    id_column: str | None = "index",
    ids: Sequence[str] = (),
) -> Blob:
    """Encode the manifest.

    Parameters
    ----------
    genes
        In exported order.
    compression
        gzip level, None for none.
    id_column
        Column of var that names the genes, as given; ``index`` (or None) for the index.
    ids
        The genes' names in the index, in exported order, where a column names them. An addition of ours.
    """
    schema: dict[str, Any] = {
        "kind": "continuous",
        "pathPattern": f"{layout.prefix}{layout.var_folder}/{{key}}.values.{stored.extension}{layout.suffix}",
        "ext": stored.extension,
        "dtype": stored.dtype,
        "quantized": stored.bits is not None,
    }
    if stored.bits is not None:
        schema["quantizationBits"] = stored.bits
    content = {
        "_format": FORMAT,
        "n_points": n_cells,
        "var_gene_id_column": id_column,
        "compression": compression,
        "quantization": stored.bits,
        "_varSchema": schema,
        "fields": [_entry(gene) for gene in genes],
    }
    if ids:
        content["var_gene_ids"] = list(ids)
    return Blob(layout.var_manifest, dump(content), JSON)


def _entry(gene: Gene) -> list[str | float]:
    return [gene.key] if gene.low is None or gene.high is None else [gene.key, gene.low, gene.high]

"""What the genes are called: by the var index, or by a column of var."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError
from karospace_stream.model.catalog import Catalog, ColumnInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.gene_names import are_accessions, are_symbols, filled, symbol_columns, texts_of
from karospace_stream.select.genes import unique_labels
from karospace_stream.select.suggest import not_there

AUTO, INDEX = "auto", "index"
_KINDS = ("category", "string", "integer")


@dataclass(frozen=True, slots=True, eq=False)
class GeneNames:
    """Names of all genes.

    Attributes
    ----------
    index
        Their identifiers: the names in the var index.
    column
        The column of var that names them; empty for the index.
    stated
        Its values, empty where it names no gene.
    found
        Whether the column was chosen by itself.
    frame
        ``var``, or ``raw.var``.
    """

    index: npt.NDArray[np.object_]
    column: str = ""
    stated: npt.NDArray[np.object_] | None = None
    found: bool = False
    frame: str = "var"

    @property
    def names(self) -> npt.NDArray[np.object_]:
        """The name of each gene; from the index if the column has none."""
        return self.index if self.stated is None else filled(self.stated, self.index)

    def labels(self, genes: npt.NDArray[np.int64]) -> tuple[tuple[str, ...], int]:
        """A name of its own for each of some genes, and how many of them are not as in the file."""
        labels, renamed = unique_labels(self.names, genes)
        if self.stated is not None:
            stated = self.stated[genes].tolist()
            renamed = sum(label != name for label, name in zip(labels, stated, strict=True))
        return labels, renamed

    def ids(self, genes: npt.NDArray[np.int64]) -> tuple[str, ...]:
        """The identifiers of some genes, each unique; empty where these are the names."""
        return unique_labels(self.index, genes)[0] if self.column else ()

    def findings(self, renamed: int) -> Iterator[Finding]:
        """Findings about the names."""
        if self.found:
            text = (
                f"genes are called as in {self.frame}[{self.column!r}], because the names in its index are "
                f"accession numbers, such as {str(self.index[0])!r}"
            )
            yield Finding("gene-names", text, "gene_names", INDEX)
        if self.column and renamed:
            had = "genes have" if renamed > 1 else "gene has"
            text = (
                f"{renamed:,} {had} no name in {self.frame}[{self.column!r}], or that of another gene; such "
                "genes are called as in the index, or get a number at the end"
            )
            yield Finding("renamed-genes", text)


def gene_names(source: Source, options: ExportOptions) -> GeneNames:
    """Resolve ``--gene-names``.

    Raises
    ------
    BadOptionError
        If it names no column of text in var.
    """
    index, frame = source.var_names(raw=options.raw), "raw.var" if options.raw else "var"
    wanted, infos = options.gene_names, var_of(source.catalog, options)
    if wanted in (None, INDEX):
        return GeneNames(index)
    if wanted != AUTO:
        return _named(source, options, index, wanted, infos)
    if are_accessions(index):
        for name in symbol_columns(infos):
            stated = texts_of(source.var_column(name, raw=options.raw))
            if are_symbols(stated):
                return GeneNames(index, name, stated, True, frame)
    return GeneNames(index)


def var_of(catalog: Catalog, options: ExportOptions) -> Sequence[ColumnInfo]:
    """The columns of var that go with the exported matrix."""
    return catalog.raw_var if options.raw else catalog.var


def may_read_column(catalog: Catalog, options: ExportOptions) -> bool:
    """Whether `gene_names` may hold a column of names beside the index."""
    if options.genes == "none" or options.gene_names in (None, INDEX):
        return False
    return options.gene_names != AUTO or bool(symbol_columns(var_of(catalog, options)))


def _named(
    source: Source,
    options: ExportOptions,
    index: npt.NDArray[np.object_],
    wanted: str,
    infos: Sequence[ColumnInfo],
) -> GeneNames:
    where = "raw.var" if options.raw else "var"
    info = next((each for each in infos if each.name == wanted), None)
    if info is None:
        there = [each.name for each in infos]
        raise BadOptionError(not_there(f"{where} column", [wanted], there, option="--gene-names"))
    if info.kind not in _KINDS:
        raise BadOptionError(
            f"--gene-names {wanted}: must be a column of names, but {where}[{wanted!r}] holds {info.dtype}"
        )
    stated = texts_of(source.var_column(wanted, raw=options.raw))
    if len(stated) and not any(stated):
        raise BadOptionError(
            f"--gene-names {wanted}: must be a column of names, but {where}[{wanted!r}] is empty"
        )
    return GeneNames(index, wanted, stated, frame=where)

"""The contents of a file as people read them, with columns of one kind together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from karospace_stream.display.card import Card
from karospace_stream.model.catalog import Catalog, ColumnInfo, MatrixInfo
from karospace_stream.model.finding import Finding
from karospace_stream.select import list_drawable
from karospace_stream.select.coords import nothing_to_draw
from karospace_stream.units import counted, format_nbytes, format_shape
from karospace_stream.words.words import PYTHON, Words

_LISTED = 30
_KINDS = {
    "category": "categories",
    "string": "text",
    "bool": "yes or no",
    "integer": "whole numbers",
    "float": "numbers",
}


def source_card(
    catalog: Catalog,
    words: Words = PYTHON,
    findings: Sequence[Finding] = (),
    empty: Sequence[str] = (),
) -> Card:
    """The whole contents of a file, then its unreadable parts and the findings.

    Parameters
    ----------
    empty
        Coordinates that are known to hold no cell.
    """
    title = f"{catalog.location}: {format_shape(catalog.n_cells, catalog.n_genes)} ({_what(catalog)})"
    remarks = tuple(f"note: {key} cannot be read: {why}" for key, why in catalog.unreadable)
    noticed = (f"note: {words.finding(each)}" for each in findings)
    return Card(title, tuple(_rows(catalog, words, empty)), (*remarks, *noticed))


def short_source(catalog: Catalog) -> str:
    """The contents in five lines, for the prompt of an interpreter."""
    lines = [f"OpenedSource of {source_card(catalog).title}"]
    columns = f"{len(catalog.obs):,} in obs, {len(catalog.var):,} in var"
    matrices = ", ".join(info.name for info in _matrices(catalog)) or "none"
    rows = (("matrices", matrices), ("columns", columns), ("obsm", _embeddings(catalog)))
    return "\n".join((*lines, *Card("", (*rows, _drawable(catalog, PYTHON))).text().splitlines()[1:]))


def _drawable(catalog: Catalog, words: Words, empty: Sequence[str] = ()) -> tuple[str, str]:
    """The coordinates that can be drawn, as ``coords`` takes them; the default first."""
    choices = [choice.spelling for choice in list_drawable(catalog)]
    if not choices:
        return "can be drawn", f"no; {words.sentence(str(nothing_to_draw(catalog)))}"
    without = f"{_list(empty)} {'has' if len(empty) == 1 else 'have'} no finite coordinates"
    drawn = [each for each in choices if each not in empty]
    if not drawn:
        return "can be drawn", f"no; {without}; compute an embedding (for instance scanpy.tl.umap)"
    return "can be drawn", f"{_list(drawn)} ({without})" if empty else _list(drawn)


def _what(catalog: Catalog) -> str:
    """What the input is: several, another kind of file than an AnnData, or its container."""
    if len(catalog.inputs) > 1:
        return f"{len(catalog.inputs):,} inputs"
    return catalog.kind or catalog.container


def _rows(catalog: Catalog, words: Words, empty: Sequence[str]) -> Iterator[tuple[str, str]]:
    if catalog.inputs:
        yield "inputs", _list([f"{each.name} ({each.n_cells:,})" for each in catalog.inputs])
    for info in _matrices(catalog):
        yield info.name, _matrix(info)
    for name, columns in (("obs", catalog.obs), ("var", catalog.var)):
        yield name, counted(len(columns), "column") if columns else "no columns"
        yield from _by_kind(columns)
    yield "obsm", _embeddings(catalog)
    yield "obsp", _list(catalog.obsp)
    yield "images", _list([f"{i.library}/{i.resolution} {i.width}x{i.height}" for i in catalog.images])
    yield _drawable(catalog, words, empty)


def _matrices(catalog: Catalog) -> list[MatrixInfo]:
    return [info for info in (catalog.matrix, *catalog.layers, catalog.raw) if info is not None]


def _by_kind(columns: Sequence[ColumnInfo]) -> Iterator[tuple[str, str]]:
    for kind, title in _KINDS.items():
        names = [
            info.name if info.n_categories is None else f"{info.name} ({info.n_categories:,})"
            for info in columns
            if info.kind == kind
        ]
        if names:
            yield f"  {title}", _list(names)


def _embeddings(catalog: Catalog) -> str:
    return _list([f"{entry.key} ({entry.n_columns})" for entry in catalog.obsm])


def _matrix(info: MatrixInfo) -> str:
    n_cells, n_genes = info.shape
    text = f"{n_cells:,} x {n_genes:,} {info.dtype}, {info.layout}"
    if info.nnz is not None and info.layout != "dense":
        text += f", {counted(info.nnz, 'value')} ({info.nnz / max(1, n_cells * n_genes):.1%})"
    if info.stored_nbytes is not None:
        text += f", {format_nbytes(info.stored_nbytes)} stored"
    return text + (f" ({info.compression})" if info.compression else "")


def _list(entries: Sequence[str]) -> str:
    more = f" and {len(entries) - _LISTED} more" if len(entries) > _LISTED else ""
    return (", ".join(entries[:_LISTED]) + more) or "none"

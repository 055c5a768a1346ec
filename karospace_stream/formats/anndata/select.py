"""Choose which parts of a source go into a store, and the title of the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.anndata.arrays.strings import n_held
from karospace_stream.formats.anndata.entries import Entry, Table
from karospace_stream.formats.anndata.layout.identity import (
    Default,
    Identity,
    check_id,
    check_text,
    check_url,
    id_of,
    one_line,
    shown,
)
from karospace_stream.formats.anndata.layout.keys import StoredKeys
from karospace_stream.formats.anndata.unstructured import HVG, LOG1P, OVERLAPPING
from karospace_stream.formats.cells.tiles import read_column, read_table
from karospace_stream.formats.cellucid.options import CellucidOptions
from karospace_stream.model.about import About
from karospace_stream.model.catalog import Catalog, ColumnInfo, EmbeddingInfo
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions

#: Texts of uns that say what the data are, besides the title.
_TEXTS = ("description", "citation", "license", "doi", "organism", "schema_version", "schema_reference")
_IN_RECORD = ("description", "citation")


@dataclass(frozen=True, slots=True)
class Texts:
    """Number of distinct values of each string column, and of category names of each category."""

    most: tuple[int, ...]


def count_texts(
    source: Source, selection: Selection, columns: Sequence[ColumnInfo], tables: Sequence[Table] = ()
) -> Texts:
    """Count the strings that a task must hold for each column."""
    counts = []
    for table in tables:
        for info in table.columns:
            if info.kind == "category":
                counts.append(info.n_categories or 0)
            elif info.kind == "string":
                read = partial(read_table, source, selection, table.key, info.name, 0, selection.n_cells)
                counts.append(n_held(read, selection.n_cells))
    for info in columns:
        if info.kind == "category":
            counts.append(info.n_categories or 0)
        elif info.kind == "string":
            tiles = partial(read_column, source, selection, info.name, 0, selection.n_cells)
            counts.append(n_held(tiles, selection.n_cells))
    return Texts(tuple(counts))


def identity_of(
    catalog: Catalog,
    options: ExportOptions,
    about: About,
    latent: Entry | None,
    names_from: str,
    keys: StoredKeys,
    first: tuple[str, int] | None,
) -> Identity:
    """Name, origin and launch defaults as requested; values that nobody chose are left out.

    ``names_from`` is the column of var that names the genes; ``first`` the key and the number of dimensions
    of the entry shown first.

    Raises
    ------
    BadOptionError
        If the id cannot be one, or a text that another needs is missing.
    """
    own = options.of(CellucidOptions)
    name = shown(catalog.name) if options.name is None else check_text(options.name, "--name")
    for option in ("title", "description", "license", "source_name", "source_citation"):
        if text := getattr(options, option):
            check_text(text, f"--{option.replace('_', '-')}")
    if options.source_url:
        check_url(options.source_url, "--source-url")
    return Identity(
        id=id_of(name) if own.dataset_id is None else check_id(own.dataset_id),
        name=name,
        description=one_line(about.description) or options.description,
        citation=(one_line(about.citation) or None, None),
        source=(
            about.source_name or about.source_url or None,
            about.source_url or None,
        ),  # readers want a name
        defaults=dict(_defaults(catalog, options, latent, names_from, keys, first)),
        title=one_line(about.title),
        further=further_texts(about),
    )


def further_texts(about: About) -> dict[str, str]:
    """Texts for uns besides its title: those that the input has, and those without a field in the record."""
    keys = (key for key in _TEXTS if key in about.from_uns or key not in _IN_RECORD)
    return {key: text for key in keys if (text := getattr(about, key))}


def _defaults(
    catalog: Catalog,
    options: ExportOptions,
    latent: Entry | None,
    names_from: str,
    keys: StoredKeys,
    first: tuple[str, int] | None,
) -> Iterator[tuple[str, Default]]:
    own = options.of(CellucidOptions)
    if first is not None:
        key, n_dims = first
        stored = keys.key("obsm", key)
        is_wide = any(each.key == key and each.n_columns > n_dims for each in catalog.obsm)
        first_columns: Default = {"key": stored, "columns": tuple(range(n_dims))}
        yield f"embedding{n_dims}d", first_columns if is_wide else stored
    if names_from:
        yield "geneIdColumn", keys.key("var", names_from)
    if latent is not None:
        yield "latentKey", keys.key("obsm", latent.key)
    if own.centroid_min_points != type(own)().centroid_min_points:
        yield "centroidMinPoints", own.centroid_min_points


def varm_of(catalog: Catalog, options: ExportOptions, selection: Selection) -> tuple[EmbeddingInfo, ...]:
    """Arrays of varm, which belong to the genes of X and the layers."""
    if options.raw or not selection.matrix:
        return ()
    return tuple(each for each in catalog.varm if each.table is None and not each.is_text)


def overlap_of(selection: Selection) -> dict[str, dict[str, str]]:
    """The record of sections that lie on top of each other, as the page reads it; empty without any."""
    note = selection.overlap
    return {} if note is None else {OVERLAPPING: {"column": note.overlapping, "note": note.text}}


def variable_of(selection: Selection) -> dict[str, dict[str, str]]:
    """The record of how variable genes were computed, as scanpy writes it; empty if they were not."""
    found = selection.variable
    if found is None or not selection.matrix:
        return {}
    return {HVG: {"flavor": found.flavor, **({"batch_key": found.batch} if found.batch else {})}}


def logarithms_of(selection: Selection) -> dict[str, dict[str, str]]:
    """The record that values are natural logarithms, where the export made them so.

    Scanpy writes a base of None, which older versions of anndata leave out and do not read.
    """
    changed = selection.about.changed
    return {LOG1P: {}} if changed is not None and changed.log1p else {}


def refuse_tables(selection: Selection, tables: Sequence[Table]) -> None:
    """Refuse to move cells whose coordinates are a data frame, which is stored column by column as it is."""
    laid = selection.arrangement
    if laid is not None and laid.source in [("obsm", table.key) for table in tables]:
        key = laid.source[1]
        raise BadOptionError(
            f"--arrange-by: an AnnData store keeps the data frame obsm[{key!r}] as it is; make it an array "
            f"with adata.obsm[{key!r}] = adata.obsm[{key!r}].to_numpy(), or export another format"
        )

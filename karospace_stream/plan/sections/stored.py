"""``--section``: which column holds the sections of a tissue, whose cells are then stored together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.inputs.sectioned.apply import Needed, in_sections
from karospace_stream.inputs.sectioned.frames import DRAWN
from karospace_stream.inputs.sectioned.order import MOST_SECTIONS, Counted, TooManyError, count_sections
from karospace_stream.model.catalog import Catalog, ColumnInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.sections.libraries import named_columns
from karospace_stream.plan.sections.overlapping import named_overlapping
from karospace_stream.select.relations import choose_graph, choose_neighbourhoods
from karospace_stream.select.sections.columns import sure_columns
from karospace_stream.select.sections.names import library_column
from karospace_stream.select.sections.spatial import spatial_embedding
from karospace_stream.select.suggest import not_there
from karospace_stream.source.anndata_source import AnnDataSource
from karospace_stream.source.problems.damage import damage_of
from karospace_stream.units import counted

_MOST_FOUND = 1_000  # sections of a column that nobody named


@dataclass(frozen=True, slots=True)
class _Candidate:
    column: str
    why: str


def store_in_sections(source: Source, options: ExportOptions) -> tuple[Source, tuple[Finding, ...]]:
    """Put the cells of each section together, if there are sections; and say which column tells them.

    Raises
    ------
    BadOptionError
        If the named column does not exist, or holds no groups.
    """
    if options.section == "none" or not isinstance(source, AnnDataSource):
        return source, ()
    if source.catalog.sections is None:
        source = _named(source, options) if options.section != "auto" else _found(source, options)
    sections = source.catalog.sections
    if sections is None:
        return source, ()
    n_named = sum(name is not None for name in sections.names)
    without = sections.starts[-1] - sections.starts[n_named]
    text = f"{counted(n_named, 'section')} of a tissue by {sections.column!r}, {sections.why}"
    text += f"; {counted(without, 'cell')} without one come last" if without else ""
    text += "" if sections.order is None else "; cells are stored section by section"
    return source, (Finding("sections", text, "section", "none"),)


def section_findings(source: Source, options: ExportOptions) -> tuple[Finding, ...]:
    """Say which column an export would take for sections; nothing if it cannot be read, which a plan says."""
    try:
        return store_in_sections(source, options)[1]
    except BadInputError:
        return ()


def _named(source: AnnDataSource, options: ExportOptions) -> AnnDataSource:
    catalog, name = source.catalog, options.section
    info = next((each for each in catalog.obs if each.name == name), None)
    if info is None:
        lacking = catalog.lacking("obs")
        there = [each.name for each in catalog.obs]
        raise BadOptionError(not_there("obs column", [name], there, option="--section", lacking=lacking))
    if info.kind == "float":
        raise BadOptionError(
            f"--section must be a column of groups, such as section or library_id; {name!r} holds "
            f"{info.dtype} numbers"
        )
    found = _count(source, name, MOST_SECTIONS)
    if found is None:
        raise BadOptionError(
            f"--section must be a column with at most {MOST_SECTIONS:,} groups; {name!r} has more"
        )
    if not found.n_groups:
        raise BadOptionError(f"--section must be a column of groups, but no cell has a value in {name!r}")
    _refuse_lazy(source, name, found)
    return in_sections(source, name, found, "as requested", _needed(catalog, options))


def _found(source: AnnDataSource, options: ExportOptions) -> AnnDataSource:
    """With the first column that surely holds several sections; without one, the source as it is."""
    if "karospace" not in options.formats:
        return source
    try:
        choice = spatial_embedding(source.catalog, options.coords, options.vectors)
    except BadOptionError:  # which the formats say
        return source
    if choice is None:
        return source
    tried = set[str]()
    for each in _candidates(source, options, choice):
        if each.column in tried:
            continue
        tried.add(each.column)
        found = _count(source, each.column, _MOST_FOUND)
        if found is not None and found.n_groups > 1 and not (_lazy(source) and not found.is_sorted):
            return in_sections(source, each.column, found, each.why, _needed(source.catalog, options))
    return source


def _candidates(
    source: AnnDataSource, options: ExportOptions, choice: EmbeddingChoice
) -> Iterator[_Candidate]:
    groups = {info.name: info for info in source.catalog.obs if info.kind != "float"}
    if options.arrange_by in groups:
        yield _Candidate(options.arrange_by, "by which they are laid out")
    if options.labels in groups and len(source.catalog.inputs) > 1:
        yield _Candidate(options.labels, "which says which input a cell is from")
    library = _library_column(source)
    if library is not None:
        yield _Candidate(library, "which names the libraries of uns['spatial']")
    for info in sure_columns(_few(source.catalog)):
        yield _Candidate(info.name, "as its name says")
    overlapping = named_overlapping(source, choice)
    if overlapping is not None:
        yield _Candidate(overlapping.column, "whose groups lie on top of each other")


def _needed(catalog: Catalog, options: ExportOptions) -> Needed:
    """What an export reads."""
    graphs = {choose_graph(catalog, options.graph), choose_neighbourhoods(catalog, options.neighbourhoods)}
    matrices = [] if options.genes == "none" else [options.matrix]
    matrices += [options.summed_matrix] if options.pseudobulk else []
    matrices += [f"obsp/{key}" for key in sorted(filter(None, graphs))]
    return Needed(tuple(dict.fromkeys(matrices)), None if "anndata" in options.formats else DRAWN)


def _library_column(source: AnnDataSource) -> str | None:
    libraries = source.catalog.libraries
    if len(libraries) < 2:
        return None
    every = Selection("", None, source.catalog.n_cells, np.zeros(0, np.int64), (), (), ())
    return library_column(libraries, named_columns(source, every, only_sections=False))


def _few(catalog: Catalog) -> list[ColumnInfo]:
    """Columns that may have few groups."""
    return [info for info in catalog.obs if (info.n_categories or 0) <= _MOST_FOUND]


def _count(source: AnnDataSource, name: str, most: int) -> Counted | None:
    """The sections of a column; None if there are too many."""
    try:
        with damage_of(f"obs/{name}"), source.kept_open():
            return count_sections(source.parts.obs.columns[name], most)
    except TooManyError:
        return None


def _lazy(source: AnnDataSource) -> list[str]:
    """Matrices that are Dask arrays, whose rows stay where they are."""
    return [name for name, reader in source.parts.matrices.items() if reader.lazy() is not None]


def _refuse_lazy(source: AnnDataSource, name: str, found: Counted) -> None:
    lazy = _lazy(source)
    if lazy and not found.is_sorted:
        raise BadOptionError(
            f"--section {name}: cells of a Dask array ({lazy[0]}) stay in their order, and the sections are "
            "not one after another in it; sort the AnnData by this column first, or leave out --section"
        )

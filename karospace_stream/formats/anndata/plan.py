"""Decisions for an AnnData store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from karospace_stream.encode.zarr.chunks import ZLIB_LEVEL
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.anndata.costs import stage_costs
from karospace_stream.formats.anndata.entries import Entry, Table, choose_entries, choose_latent
from karospace_stream.formats.anndata.layout.archive import ROOTS
from karospace_stream.formats.anndata.layout.arrays import PER_SHARD, SLICED
from karospace_stream.formats.anndata.layout.identity import Identity
from karospace_stream.formats.anndata.layout.keys import StoredKeys
from karospace_stream.formats.anndata.layout.names import GENE_SETS, OWNED, ROOT_DOCUMENTS
from karospace_stream.formats.anndata.left_out import left_out
from karospace_stream.formats.anndata.matrix.costs import dense_cost, value_cost, writing_nbytes
from karospace_stream.formats.anndata.matrix.graph_plan import GraphRows, plan_rows
from karospace_stream.formats.anndata.options import AnnDataOptions
from karospace_stream.formats.anndata.select import (
    Texts,
    count_texts,
    further_texts,
    identity_of,
    logarithms_of,
    overlap_of,
    refuse_tables,
    variable_of,
    varm_of,
)
from karospace_stream.formats.anndata.shown_first import choose_shown_first
from karospace_stream.formats.anndata.tables.files import other_files
from karospace_stream.formats.anndata.tables.size import other_size
from karospace_stream.formats.anndata.tables.statistics_names import (
    ROW_NBYTES,
    files_if_summed,
    groupings_of,
    neighbour_keys,
    ranking_files,
    uns_keys,
    varm_keys,
)
from karospace_stream.formats.anndata.unstructured import (
    ARRANGED,
    OWN,
    SECTIONS,
    choose_arrays,
    color_key,
)
from karospace_stream.formats.cellucid.options import CellucidOptions
from karospace_stream.formats.columns.column_colors import ColorsOfLabels, colors_by_terms
from karospace_stream.formats.cost import FormatCost
from karospace_stream.formats.facts import PlanFacts
from karospace_stream.formats.genes.file_markers import file_markers_cost, file_rankings
from karospace_stream.formats.layout.checksums import CHECKSUMS
from karospace_stream.formats.registry import anno_of
from karospace_stream.model.catalog import Catalog, ColumnInfo, EmbeddingInfo, RankingInfo
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import LeftOut
from karospace_stream.model.selection import EmbeddingChoice, Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select import choose_columns
from karospace_stream.select.obs_columns.choose import with_scores
from karospace_stream.select.relations import choose_graph
from karospace_stream.targets import BundleLayout

_CHUNK_NBYTES = 8 * SLICED
_GRAPH = "connectivities"


@dataclass(frozen=True, slots=True)
class AnnDataPlan:
    """Columns, entries of obsm, the graph and the identity of an AnnData store.

    Attributes
    ----------
    colors
        Colours of columns that the input has only by their terms.
    rankings
        Markers that the input has.
    computed
        Keys of uns for the markers of each column that is compared.
    """

    source: Source
    options: ExportOptions
    selection: Selection
    identity: Identity
    columns: tuple[ColumnInfo, ...]
    var_columns: tuple[ColumnInfo, ...]
    texts: Texts
    entries: tuple[Entry, ...]
    tables: tuple[Table, ...]
    sparse: tuple[GraphRows, ...]
    graph: GraphRows | None
    latent: Entry | None
    uns: tuple[str, ...]
    colors: Mapping[str, ColorsOfLabels]
    keys: StoredKeys
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]
    rankings: tuple[RankingInfo, ...] = ()
    computed: tuple[str, ...] = ()
    first: EmbeddingChoice | None = None
    varm: tuple[EmbeddingInfo, ...] = ()

    name = "anndata"

    @property
    def points(self) -> tuple[EmbeddingChoice, ...]:
        """The coordinates that a viewer shows first."""
        return () if self.first is None else (self.first,)

    @property
    def own(self) -> AnnDataOptions:
        """The options of this format."""
        return self.options.of(AnnDataOptions)

    @property
    def min_points(self) -> int:
        """Cells that a category needs for outliers to be found in it."""
        return self.options.of(CellucidOptions).centroid_min_points

    @property
    def layout(self) -> BundleLayout:
        """The names that a target needs."""
        entries = (CHECKSUMS, *ROOT_DOCUMENTS[self.own.zarr_format])
        return BundleLayout(entries, OWNED, marks=ROOTS, fixed=True)

    @property
    def demand(self) -> FormatCost:
        """The cost of the store."""
        n_cells, n_genes = self.selection.n_cells, len(self.selection.genes)
        n_texts, own = self.texts.most, self.options.of(CellucidOptions)
        shapes = dict(self.source.catalog.uns)
        n_marker_files, marker_size = ranking_files(self.rankings, self.own.zarr_format)
        dtypes = {info.key: info.dtype for info in self.source.catalog.obsm}
        return FormatCost(
            costs=(
                *stage_costs(
                    n_cells,
                    columns=self.columns,
                    n_texts=n_texts,
                    entries=self.entries,
                    tables=self.tables,
                    sparse=self.sparse,
                    n_genes=n_genes,
                    graph=self.graph,
                    shard=self.own.shard,
                    latent=self.latent,
                    min_points=own.centroid_min_points,
                ),
                *file_markers_cost(self.rankings, n_genes),
            ),
            objects_per_gene=1,
            n_objects=n_marker_files
            + other_files(
                n_cells,
                n_genes,
                columns=self.columns,
                var_columns=self.var_columns,
                widths=[each.n_columns for each in self.entries],
                tables=self.tables,
                matrices=[self.source.matrix(rows.name).info for rows in self._rows()],
                n_uns=len(self.uns) + len(self.colors) + len(self.varm) + self._n_set_arrays,
                identity=self.identity,
                outliers=self.latent is not None,
                zarr_format=self.own.zarr_format,
                n_matrix_arrays=(1 if self.is_dense else 3) if self.selection.matrix else 0,
            ),
            part_nbytes=_CHUNK_NBYTES,
            value_nbytes=4,
            per_value=(
                dense_cost((n_cells, n_genes), self.level, self.per_shard)
                if self.is_dense
                else value_cost(self.level, self.per_shard)
            ),
            n_categories=sum(n_texts),
            other_size=marker_size
            + other_size(
                n_cells,
                n_genes,
                columns=self.columns,
                var_columns=self.var_columns,
                n_texts=sum(n_texts),
                arrays=[(each.n_columns, dtypes.get(each.key, "float64")) for each in self.entries],
                tables=self.tables,
                matrices=[self.source.matrix(rows.name).info for rows in self._rows()],
                uns=[
                    *(prod(shapes[key]) for key in self.uns),
                    *map(len, self.colors.values()),
                    *self._of_genes(),
                ],
                outliers=self.latent is not None,
                zarr_format=self.own.zarr_format,
                n_matrix_arrays=(1 if self.is_dense else 3) if self.selection.matrix else 0,
            ),
            edges=False,
            exact=True,
            statistics=files_if_summed(self.options, self.own.zarr_format),
            statistics_row_nbytes=ROW_NBYTES,
            pseudobulk=True,
            writing_nbytes=writing_nbytes((n_cells, n_genes), "float64", self.per_shard, dense=self.is_dense),
        )

    def facts(self) -> PlanFacts:
        """The decisions of the plan, as plain data."""
        return PlanFacts(
            columns=[info.name for info in self.columns],
            embeddings=[entry.key for entry in self.entries],
            more={
                "zarr_format": self.own.zarr_format,
                "tables": [table.key for table in self.tables],
                "sparse": [rows.key for rows in self.sparse],
                "var_columns": [info.name for info in self.var_columns],
                "graph": None if self.graph is None else self.graph.key,
                "latent": None if self.latent is None else self.latent.key,
                "uns": [*self.uns, *map(color_key, self.colors)],
            },
        )

    @property
    def _n_set_arrays(self) -> int:
        """Columns of the data frame of gene sets."""
        return 3 if self.selection.gene_sets.sets else 0

    def _of_genes(self) -> Iterator[int]:
        """Values of gene sets and of varm."""
        n_pairs = sum(len(each.genes) + len(each.missing) for each in self.selection.gene_sets.sets)
        yield from (n_pairs for _ in range(self._n_set_arrays))
        yield from (each.n_columns * len(self.selection.genes) for each in self.varm)

    def _rows(self) -> Iterator[GraphRows]:
        yield from self.sparse
        if self.graph is not None:
            yield self.graph

    @property
    def level(self) -> int:
        """Zlib level of chunks."""
        return ZLIB_LEVEL if self.options.compression is None else self.options.compression

    @property
    def per_shard(self) -> int:
        """Most chunks along the first axis in one object."""
        return PER_SHARD if self.own.shard else 1

    @property
    def is_dense(self) -> bool:
        """Whether the matrix of the source is dense; then X is too."""
        return (
            bool(self.selection.matrix) and self.source.matrix(self.selection.matrix).info.layout == "dense"
        )


def _graph(source: Source, selection: Selection, options: ExportOptions) -> GraphRows | None:
    wanted = options.graph
    if wanted == "auto":  # others, such as those of tissue, are usually not symmetric
        wanted = _GRAPH if _GRAPH in source.catalog.obsp else "none"
    key = choose_graph(source.catalog, wanted)
    if key is None:
        return None
    return plan_rows(source, selection, "obsp", key, shard=options.of(AnnDataOptions).shard)


def _about_computed(
    catalog: Catalog, rankings: Sequence[RankingInfo], columns: Sequence[str], computed: Sequence[str]
) -> Iterator[Finding]:
    """Where computed markers are beside those of the file, and what they replace."""
    if rankings and computed:
        kept = " and ".join(f"uns[{each.key!r}]" for each in rankings)
        made = " and ".join(
            f"those of {column} that are computed in uns[{key!r}]"
            for column, key in zip(columns, computed, strict=True)
        )
        yield Finding("markers-beside", f"markers of the file are in {kept}, {made}")
    there = _keys_of_uns(catalog)
    for key in computed:
        if key in there:
            yield Finding("markers-replaced", f"uns[{key!r}] of the file is replaced by the computed markers")


def _about_replaced(catalog: Catalog, computed: Sequence[str]) -> Iterator[Finding]:
    """Statistics of neighbours in the file that computed ones replace."""
    for key in sorted(_keys_of_uns(catalog).intersection(computed)):
        yield Finding("neighbours-replaced", f"uns[{key!r}] of the file is replaced by the computed one")


def _keys_of_uns(catalog: Catalog) -> set[str]:
    there = {path.split("/")[1] for path in catalog.others if path.startswith("uns/")}
    there |= {path.removeprefix("uns/") for path, _ in catalog.unreadable}
    return there | {key for key, _ in catalog.uns}


def plan_anndata(
    source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool
) -> AnnDataPlan:
    """Decide everything about a store of the chosen cells and genes.

    Parameters
    ----------
    genes_known
        Whether the genes are final; their names do not matter here.
    """
    if not options.gzip:
        raise BadOptionError(
            "--no-gzip does not apply to an AnnData store, whose chunks are always compressed; leave it out"
        )
    if chosen.variable is not None and chosen.matrix:
        source = source.with_var(chosen.variable.columns, raw=options.raw)
    catalog = source.catalog
    wanted = with_scores(choose_columns(catalog.obs, anno_of(options, "anndata")), chosen)
    infos = {info.name: info for info in catalog.obs}
    columns = tuple(infos[name] for name in wanted)
    var = (catalog.raw_var if options.raw else catalog.var) if chosen.matrix else ()
    found = choose_entries(catalog, options.vectors)
    shown = choose_shown_first(catalog, options.coords, options.vectors)
    latent = choose_latent(found, options.of(CellucidOptions).latent)
    selection = replace(chosen, columns=wanted, embeddings=())
    refuse_tables(selection, found.tables)
    graph = _graph(source, selection, options)
    groupings = groupings_of(options.group_by) if selection.matrix else ()
    rankings = file_rankings(catalog, selection)
    of_file = [each.key for each in rankings]
    computed = uns_keys(groupings, of_file) if options.markers != "none" else ()
    near = neighbour_keys(groupings, options.neighbourhoods) if selection.matrix else []
    wanted_uns = choose_arrays(catalog, options.of(AnnDataOptions).uns)
    uns = tuple(key for key in wanted_uns if key not in (*computed, *near))
    shard = options.of(AnnDataOptions).shard
    sparse = tuple(
        plan_rows(source, selection, "obsm", info.name.partition("/")[2], shard=shard)
        for info in catalog.sparse
    )
    obsm = [each.key for each in found.entries] + [each.key for each in found.tables]
    obsm += [each.key for each in sparse]
    arranged: tuple[str, ...] = () if selection.arrangement is None else (ARRANGED,)
    arranged += () if catalog.sections is None else (SECTIONS,)
    groups = {**overlap_of(selection), **variable_of(selection), **logarithms_of(selection)}
    own_sets = (GENE_SETS,) if selection.gene_sets.sets else ()
    varm = varm_of(catalog, options, selection)
    with source.kept_open():
        colors, about_colors = colors_by_terms(source, selection, columns)
    keys = StoredKeys.of(
        {
            "obs": wanted,
            "var": [info.name for info in var],
            "obsm": [*(each.key for each in shown.added), *obsm],
            "obsp": [] if graph is None else [graph.key],
            "uns": [*computed, *near, *of_file, *uns, *map(color_key, colors)],
            "varm": [*varm_keys(groupings), *(each.key for each in varm)],
        },
        reserved={"uns": (*OWN, *further_texts(selection.about), *arranged, *groups, *own_sets)},
    )
    with source.kept_open():
        texts = count_texts(source, selection, columns, found.tables)
    return AnnDataPlan(
        source=source,
        options=options,
        selection=selection,
        identity=replace(
            identity_of(catalog, options, selection.about, latent, chosen.names_from, keys, shown.default),
            groups=groups,
        ),
        columns=columns,
        var_columns=var,
        texts=texts,
        entries=(*shown.added, *found.entries),
        tables=found.tables,
        sparse=sparse,
        graph=graph,
        latent=latent,
        uns=uns,
        colors=colors,
        keys=keys,
        left_out=left_out(
            catalog,
            options,
            selection,
            var=var,
            entries=obsm,
            graph=None if graph is None else graph.key,
            uns=(*uns, *of_file),
            varm=[each.key for each in varm],
        ),
        findings=(
            *(Finding("other-keys", text) for text in keys.notes()),
            *about_colors,
            *_about_computed(catalog, rankings, groupings, computed),
            *_about_replaced(catalog, near),
            *shown.findings,
        ),
        first=shown.first,
        rankings=rankings,
        computed=computed,
        varm=varm,
    )

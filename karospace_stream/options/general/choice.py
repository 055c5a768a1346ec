"""Options that decide what is exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.options.moot_reasons import (
    by_points,
    without_downsample,
    without_flavor,
    without_genes,
    without_variable,
)
from karospace_stream.options.option import names, names_or_none, option
from karospace_stream.options.readers import read_genes, read_names_column, read_where

if TYPE_CHECKING:
    from karospace_stream.select.given_genes import GeneMask

_CHOICE = "What is exported"
HvgFlavor = Literal["auto", "seurat", "cell_ranger", "seurat_v3", "none"]
HVG_FLAVORS: tuple[HvgFlavor, ...] = get_args(HvgFlavor)


@dataclass(frozen=True, slots=True)
class ChoiceOptions(InputOptions):
    """Cells, genes, columns, coordinates. The declaration of each field documents the option.

    Attributes
    ----------
    targets
        Path or URL of each format; None until `pipeline.targets.with_targets` has resolved it.
    """

    formats: tuple[str, ...] = option(
        ("karospace",),
        "karospace (default), cellucid or anndata; repeat for several, into folders of TARGET or at PATH.",
        kind="list",
        section=_CHOICE,
        keyword="format",
        metavar="NAME[=PATH]",
        shown_default="karospace",
        decides_bytes=False,
        doc='``"karospace"``, ``"cellucid"``, ``"anndata"`` (a Zarr store), or several of them from one '
        'reading of the matrix. ``"cellucid=PATH"`` writes a format to a target of its own.',
    )
    targets: tuple[str | None, ...] = (None,)
    genes: str | tuple[str, ...] | GeneMask = option(
        "all",
        "all, hvgs:N, top_mean:N, list:PATH (one name a line), or none (cellucid and anndata only).",
        kind="text",
        section=_CHOICE,
        metavar="MODE",
        type="str, sequence of str, or mask",
        doc='``"all"``, ``"hvgs:N"``, ``"top_mean:N"``, ``"list:PATH"`` (one name a line), or ``"none"``; '
        "or the names of genes, in a list, an array or an index; or a mask over ``var``.",
        read=read_genes,
        names_parts=True,
    )
    gene_names: str | None = option(
        "auto",
        "Column of var with the names of genes, index, or auto: symbols if the index has accession numbers.",
        kind="text",
        section=_CHOICE,
        metavar="COLUMN",
        moot=without_genes,
        old_name="gene_ids",
        doc='Column of ``var`` with the names of genes; ``"index"`` for the index. ``"auto"`` takes a column '
        "such as ``feature_name`` if the index has accession numbers, else the index.",
        read=read_names_column,
        names_parts=True,
    )
    hvg_flavor: HvgFlavor = option(
        "auto",
        "How hvgs:N finds genes: seurat, cell_ranger, seurat_v3 (counts), none, or auto: as var says, else "
        "seurat for logarithms.",
        kind="choice",
        section=_CHOICE,
        metavar="NAME",
        choices=HVG_FLAVORS,
        moot=without_variable,
        doc="How ``hvgs:N`` finds the most variable genes, as ``scanpy.pp.highly_variable_genes`` does: "
        '``"seurat"``, ``"cell_ranger"``, or ``"seurat_v3"``, which takes counts and needs scikit-misc. '
        '``"auto"`` takes those that ``var["highly_variable"]`` names; without it ``"seurat"`` if the values '
        'are logarithms, else the genes of the highest means, as ``"none"`` does.',
    )
    hvg_batch: str | None = option(
        None,
        "Find variable genes within each batch: column of obs.",
        kind="text",
        section=_CHOICE,
        metavar="COLUMN",
        moot=without_flavor,
        doc="Column of ``obs``: variable genes are found within each of its groups, and those come first "
        "that are variable in most.",
        names_parts=True,
    )
    anno: tuple[str, ...] | None = option(
        None,
        "Column of obs; repeat for several, or 'all'. Default: karospace, the best labels and the "
        "usual numbers; cellucid and anndata, all.",
        kind="list",
        section=_CHOICE,
        metavar="COLUMN",
        doc='Columns of ``obs``; ``"all"`` takes every one. By default a KaroSpace bundle has the labels '
        "that rank best by name and number of categories, at most 8, and the usual numbers, such as counts, "
        "at most 6; the other formats have all.",
        read=names,
        names_parts=True,
    )
    as_labels: tuple[str, ...] | None = option(
        None,
        "Column of obs with whole numbers to show as categories; repeat for several, or none. Default: "
        "karospace, those called like clusters or cell types; cellucid, none.",
        kind="list",
        section=_CHOICE,
        metavar="COLUMN",
        formats=("karospace", "cellucid"),
        doc="Columns of ``obs`` with whole numbers that are labels, shown as categories and not as numbers; "
        '``"none"`` takes none. By default a KaroSpace bundle takes those that are called like clusters or '
        "cell types, such as ``leiden``, and have 2 to 100 values; a Cellucid export takes none.",
        read=names,
        names_parts=True,
    )
    coords: str = option(
        "auto",
        "auto, obsm:KEY, obs:X,Y for two columns, or table:X,Y for two or three of an --obs-table.",
        kind="text",
        section=_CHOICE,
        metavar="WHERE",
        moot=by_points,
        doc='``"auto"``, ``"obsm:KEY"``, ``"obs:X,Y"``, or ``"table:X,Y"`` for two or three columns of '
        "``obs_table``: the coordinates to show first; in a "
        "Cellucid export, the points of that dimension. In an AnnData store, columns of ``obs`` become an "
        "entry of ``obsm``.",
        names_parts=True,
    )
    arrange_by: str | None = option(
        None,
        "Lay out the sections of a tissue side by side: column of obs, such as section.",
        kind="text",
        section=_CHOICE,
        metavar="COLUMN",
        doc="Column of ``obs`` whose groups, the sections of a tissue, are laid out in a grid: the "
        "coordinates of each are shifted, and images with them. The report tells by how much. Embeddings "
        "such as UMAP stay as they are.",
        names_parts=True,
    )
    section: str = option(
        "auto",
        "Column of obs with the sections of a tissue, whose cells are then stored together; auto, or none.",
        kind="text",
        section=_CHOICE,
        metavar="COLUMN",
        doc="Column of ``obs`` with the sections of a tissue. Cells are stored section by section, so that a "
        'page can show each in a panel of its own. ``"auto"`` takes a column for a KaroSpace bundle if it '
        "surely holds sections, such as the libraries of ``uns['spatial']``; "
        '``"none"`` leaves the cells in their order.',
        read=lambda value: "none" if value is None else value,
        names_parts=True,
    )
    graph: str = option(
        "auto",
        "Neighbour graph in obsp: a key, none, or auto (connectivities, else spatial_connectivities).",
        kind="text",
        section=_CHOICE,
        metavar="KEY",
        doc='Key of ``obsp``. ``"auto"`` takes ``connectivities``, else ``spatial_connectivities``, else no '
        'graph; ``"none"`` takes none.',
        names_parts=True,
    )
    vectors: tuple[str, ...] | None = option(
        None,
        "Vector field in obsm; repeat for several, or none. Default: those like velocity_umap.",
        kind="list",
        section=_CHOICE,
        metavar="KEY",
        doc='Keys of ``obsm``, 1 to 3 columns wide; ``"none"`` takes none. By default, those whose names '
        "have a word for movement and end in the name of an embedding, such as ``velocity_umap``.",
        read=names,
        names_parts=True,
    )
    layer: str | None = option(
        None,
        "Export a layer instead of X.",
        kind="text",
        section=_CHOICE,
        metavar="NAME",
        moot=without_genes,
        names_parts=True,
    )
    raw: bool = option(
        False,
        "Export raw instead of X.",
        kind="switch",
        section=_CHOICE,
        moot=without_genes,
        names_parts=True,
    )
    leave_out: tuple[str, ...] = option(
        (),
        "Part to leave out, such as obsm:protein, var:feature_name or uns; repeat for several.",
        kind="list",
        section=_CHOICE,
        metavar="PART",
        shown_default=None,
        doc='Parts of the input to leave out:  ``"obsm:protein"``, ``"obs:batch"``, '
        '``"var:feature_name"``, ``"layers:spliced"``, ``"obsp:distances"``, ``"uns:spatial"`` and so on; '
        '``"uns"`` for all of uns.',
        read=names_or_none,
        names_parts=True,
    )
    where: str | None = option(
        None,
        "Export only cells for which this holds, such as \"tissue == 'lung' and n_counts > 500\".",
        kind="text",
        section=_CHOICE,
        metavar="EXPR",
        doc="Export only the cells for which an expression over ``obs`` holds, as in ``adata.obs.query``: "
        "comparisons, ``in``, ``not in``, ``isna(column)``, ``notna(column)``, ``and``, ``or``, ``not``; "
        "names of columns with spaces or signs in backticks, ``obs_names`` for the names of the cells. It is "
        "never executed as Python.",
        read=read_where,
        names_parts=True,
    )
    downsample: int | None = option(
        None,
        "Export N random cells (fixed seed).",
        kind="integer",
        section=_CHOICE,
        metavar="N",
        doc="Export this many random cells (fixed seed), in file order; of those that ``where`` selects.",
    )
    downsample_by: str | None = option(
        None,
        "Keep small groups in the sample: column of obs, such as cell_type.",
        kind="text",
        section=_CHOICE,
        metavar="COLUMN",
        moot=without_downsample,
        doc="Column of ``obs`` for ``downsample``: each of its groups gives the same number of cells, or all "
        "that it has if these are fewer.",
        names_parts=True,
    )

    @property
    def matrix(self) -> str:
        """Name of the matrix in the source."""
        if self.raw:
            return "raw"
        return "X" if self.layer is None else f"layers/{self.layer}"

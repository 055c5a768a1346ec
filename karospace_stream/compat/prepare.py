"""`prepare`: a Cellucid export from separate arrays."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from warnings import warn

from karospace_stream.compat.gene_list import gene_list
from karospace_stream.compat.prepare_arguments import (
    check_widths,
    embeddings_by_key,
    folder_name,
    gzip_level,
    in_words_of_python,
    only_defaults,
    require_arguments,
    vectors_by_key,
    whole_number,
)
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cellucid.options import CellucidOptions
from karospace_stream.formats.options import make_options
from karospace_stream.model.source import Source
from karospace_stream.options.keywords import ExportKeywords
from karospace_stream.pipeline.report import Report
from karospace_stream.pipeline.run import run_export
from karospace_stream.plan.lazy_source import OpenedSource
from karospace_stream.progress.shown import python_progress
from karospace_stream.runtime.events import Listener, Note, ignore
from karospace_stream.source.memory.arrays_source import GRAPH, ArrayInputs, open_arrays

_LATENT = "latent_space"


def prepare(
    latent_space: Any = None,
    obs: Any = None,
    var: Any = None,
    gene_expression: Any = None,
    var_gene_id_column: str | None = "index",
    gene_identifiers: Sequence[str] | None = None,
    connectivities: Any = None,
    out_dir: str | os.PathLike[str] = "exports",
    obs_keys: Sequence[str] | None = None,
    centroid_outlier_quantile: float | None = 0.95,
    centroid_min_points: int = 10,
    obs_manifest_filename: str = "obs_manifest.json",
    obs_binary_dirname: str = "obs",
    var_manifest_filename: str = "var_manifest.json",
    var_binary_dirname: str = "var",
    connectivity_manifest_filename: str = "connectivity_manifest.json",
    connectivity_binary_dirname: str = "connectivity",
    force: bool = False,
    var_quantization: int | None = None,
    obs_continuous_quantization: int | None = None,
    obs_categorical_dtype: str = "auto",
    compression: int | None = None,
    dataset_name: str | None = None,
    dataset_description: str | None = None,
    dataset_id: str | None = None,
    source_name: str | None = None,
    source_url: str | None = None,
    source_citation: str | None = None,
    X_umap_1d: Any = None,  # noqa: N803 - the name that users know
    X_umap_2d: Any = None,  # noqa: N803
    X_umap_3d: Any = None,  # noqa: N803
    X_umap_4d: Any = None,  # noqa: N803
    vector_fields: Mapping[str, Any] | None = None,
    *,
    memory: str | int | None = None,
    workers: int | None = None,
    scheduler: Any = "threads",
    scratch: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    listener: Listener | None = None,
    progress: bool | None = None,
) -> Report:
    """Write a Cellucid export from arrays, without loading them whole.

    An array may be a NumPy, SciPy (any sparse format) or Dask array, an array of h5py or Zarr, or a member of
    a backed or lazy AnnData. Rows are cells, in the same order in all arrays.

    Parameters
    ----------
    latent_space
        Array ``(n_cells, k)`` of numbers, in which the outliers of each category are found. Required.
    obs
        Columns of the cells: a pandas data frame, or ``obs`` of a lazy AnnData. Required.
    var
        Data frame of the genes. Required with ``gene_expression``.
    gene_expression
        Array ``(n_cells, n_genes)`` of numbers; None for no genes.
    var_gene_id_column
        Column of ``var`` with the names of the genes; ``"index"`` or None for its index.
    gene_identifiers
        Names of the genes to export, in this order; None for all. A name that is not in ``var`` is left out
        with a note.
    connectivities
        Neighbour graph ``(n_cells, n_cells)``; weights are not exported.
    out_dir
        Folder to write. It appears when the export is complete.
    obs_keys
        Columns of ``obs`` to export, in this order; None for all.
    centroid_outlier_quantile
        Above 0.5 and below 1: cells that are farther from the mean of their category than this quantile are
        ignored in its centroid. None for no centroids.
    centroid_min_points
        Smallest number of cells of a category with a centroid.
    obs_manifest_filename, obs_binary_dirname, var_manifest_filename, var_binary_dirname
        Must be the default, because readers look for these names.
    connectivity_manifest_filename, connectivity_binary_dirname
        Must be the default, too.
    force, overwrite
        Either of them replaces an existing export, as a whole.
    var_quantization
        Bits for each value of a gene: 8 or 16; None for float32.
    obs_continuous_quantization
        Bits for each number of a column and each outlier quantile: 8 or 16; None for float32.
    obs_categorical_dtype
        Type of category codes: ``"uint8"``, ``"uint16"``, or ``"auto"`` for the smaller one that fits.
    compression
        Level of gzip, 1 (fast) to 9 (small); None or 0 for none.
    dataset_name
        Name of the data set; None for the name of the folder.
    dataset_description
        Description of the data set; None for none.
    dataset_id
        Id of the data set; None for the name, in the form of a file name.
    source_name, source_url, source_citation
        Where the data come from.
    X_umap_1d, X_umap_2d, X_umap_3d
        Embeddings ``(n_cells, 1)``, ``(n_cells, 2)`` and ``(n_cells, 3)``; at least one is required.
    X_umap_4d
        Must be None: the format has no points of four dimensions.
    vector_fields
        Displacements ``(n_cells, d)`` by name: ``<field>_umap_<d>d``, or ``<field>_umap`` with d columns. A
        value of None is ignored.
    memory
        Memory budget: bytes, or text such as ``"2GB"``. It does not include arrays that you hold in memory.
    workers, scheduler, scratch
        As for `export`.
    listener
        Called with each progress event.
    progress
        As for `export`. With neither a progress display nor a listener, notes are issued as warnings.

    Returns
    -------
    Report
        Size (bytes), time (seconds) and memory (bytes) of the export, and the findings.

    Raises
    ------
    KaroSpaceError
        If the arguments, the target or the budget do not allow the export. Nothing is written then.

    Examples
    --------
    >>> adata = anndata.read_h5ad("atlas.h5ad", backed="r")  # doctest: +SKIP
    >>> report = prepare(
    ...     latent_space=adata.obsm["X_pca"],
    ...     obs=adata.obs,
    ...     var=adata.var,
    ...     gene_expression=adata.X,
    ...     X_umap_2d=adata.obsm["X_umap"],
    ...     out_dir="my_export",
    ...     compression=6,
    ...     var_quantization=8,
    ...     memory="2GB",
    ... )  # doctest: +SKIP
    """
    only_defaults(
        obs_manifest_filename=obs_manifest_filename,
        obs_binary_dirname=obs_binary_dirname,
        var_manifest_filename=var_manifest_filename,
        var_binary_dirname=var_binary_dirname,
        connectivity_manifest_filename=connectivity_manifest_filename,
        connectivity_binary_dirname=connectivity_binary_dirname,
    )
    require_arguments(latent_space=latent_space, obs=obs)
    points = embeddings_by_key({1: X_umap_1d, 2: X_umap_2d, 3: X_umap_3d}, X_umap_4d)
    vectors = vectors_by_key(vector_fields, taken=(*points, _LATENT))
    if gene_expression is not None and var is None:
        raise BadOptionError("gene_expression needs var, which names the genes; give both")
    level = gzip_level(compression)
    ids = "index" if var_gene_id_column is None else var_gene_id_column
    source = open_arrays(
        ArrayInputs(
            obs=obs,
            obs_keys=obs_keys,
            var=var,
            gene_expression=gene_expression,
            gene_ids=ids,
            connectivities=connectivities,
            obsm={**points, _LATENT: latent_space, **vectors},
            arguments={key: f"vector_fields[{key!r}]" for key in vectors},
            name=folder_name(out_dir),
        )
    )
    check_widths(points, vectors, {entry.key: entry.n_columns for entry in source.catalog.obsm})
    keywords: ExportKeywords = {
        "format": "cellucid",
        "anno": [column.name for column in source.catalog.obs],
        "points": list(points),
        "latent": _LATENT,
        "vectors": list(vectors) or "none",
        "graph": "none" if connectivities is None else GRAPH,
        "image": False,
        "var_quantization": whole_number("var_quantization", var_quantization),
        "obs_quantization": whole_number("obs_continuous_quantization", obs_continuous_quantization),
        "categorical_dtype": obs_categorical_dtype,
        "centroid_min_points": centroid_min_points,
        "centroid_outlier_quantile": centroid_outlier_quantile,
        "gene_names": "index",  # the source names its genes by that column
        "dataset_id": dataset_id,
        "name": dataset_name,
        "description": dataset_description,
        "source_name": source_name,
        "source_url": source_url,
        "source_citation": source_citation,
        "gzip": level is not None,
        "compression": level or 1,
        "memory": memory,
        "workers": workers,
        "scheduler": scheduler,
        "scratch": scratch,
        "overwrite": force or overwrite,
    }
    with python_progress(progress, listener) as hear:
        report = _export(source, out_dir, keywords, gene_identifiers, var_gene_id_column, hear)
    if hear is ignore:
        for note in report.notes:
            warn(note, stacklevel=3)  # behind the door of words/door.py
    return report


def _export(
    source: Source,
    out_dir: str | os.PathLike[str],
    keywords: ExportKeywords,
    identifiers: Sequence[str] | None,
    ids: str | None,
    tell: Listener,
) -> Report:
    genes = gene_list(source.var_names(), identifiers)
    with in_words_of_python():
        options = make_options({**keywords, "genes": genes.value})
        options = options.with_own(
            "cellucid", replace(options.of(CellucidOptions), strict=True, gene_ids=ids)
        )
        for each in genes.findings:
            tell(Note(each.text, each))
        report = run_export(OpenedSource(source), out_dir, options, tell)
    return replace(report, findings=(*genes.findings, *report.findings))

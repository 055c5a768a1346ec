"""The Python surface of exporting: thin, typed doors to the plan and the run."""

from __future__ import annotations

import os
from dataclasses import fields
from typing import Any, Unpack

from karospace_stream.options.export_options import ExportKeywords, read_options
from karospace_stream.pipeline.report import Report
from karospace_stream.pipeline.run import lazy_export, run_export
from karospace_stream.pipeline.targets import with_targets
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.plan.export_plan import plan_export as plan
from karospace_stream.runtime.events import Listener, ignore


class Plan(ExportPlan):
    """An `ExportPlan` that knows the way to Dask."""

    __slots__ = ()

    def to_dask(self, target: str | os.PathLike[str]) -> Any:
        """The whole export as one lazy Dask task; computing it writes and seals the bundle.

        A plan that counts means first does so now.
        """
        return lazy_export(self, target)


def export(
    source: Any,
    target: str | os.PathLike[str],
    *,
    listener: Listener = ignore,
    **options: Unpack[ExportKeywords],
) -> Report:
    """Export an AnnData into a bundle that a browser explores, within a memory budget.

    Parameters
    ----------
    source
        Path of a ``.h5ad`` file or ``.zarr`` store, an ``AnnData`` (in memory, backed or lazy),
        or what `open_source` gave.
    target
        Folder or URL to write. The export appears when it is whole. Several formats go into folders of it
        that are named after them.
    listener
        Called with progress events.
    **options
        All of the following, by name.

    Other Parameters
    ----------------
    format : str or sequence of str, default "karospace"
        ``"karospace"``, ``"cellucid"``, ``"anndata"`` (a Zarr store), or several of them from one reading
        of the matrix. ``"cellucid=PATH"`` writes a format to a place of its own.
    genes : str or sequence of str, default "all"
        ``"all"``, ``"hvgs:N"``, ``"top_mean:N"``, ``"list:PATH"`` (one name a line), or ``"none"``;
        or the names of genes.
    anno : str or sequence of str, optional
        Columns of ``obs``; ``"all"`` takes every one. By default a KaroSpace bundle has the first
        four of kind category, string or bool, and the other formats all.
    coords : str, default "auto"
        ``"auto"``, ``"obsm:KEY"`` or ``"obs:X,Y"``: the coordinates that are shown first; of a
        Cellucid export, the points of that dimension. In an AnnData store, columns of ``obs`` become
        an entry of ``obsm``.
    graph : str, default "auto"
        Key of ``obsp``. ``"auto"`` takes ``connectivities``, else ``spatial_connectivities``, else
        no graph; ``"none"`` takes none.
    vectors : str or sequence of str, optional
        Keys of ``obsm``, 1 to 3 columns wide; ``"none"`` takes none. By default, those whose names
        have a word for movement and end in the name of an embedding, such as ``velocity_umap``.
    layer : str, optional
        Name of a layer to take instead of ``X``.
    raw : bool, default False
        Take ``raw`` instead of ``X``.
    leave_out : str or sequence of str, optional
        Parts of the input that are not exported: ``"obsm:protein"``, ``"obs:batch"``, ``"var:feature_name"``,
        ``"layers:spliced"``, ``"obsp:distances"``, ``"uns:spatial"`` and so on; ``"uns"`` for all of uns.
    downsample : int, optional
        Export this many cells, drawn with a fixed seed, in file order.
    name : str, optional
        Name of the data set; by default the input's, without its ending.
    gzip : bool, default True
        Whether files are compressed.
    compression : int, optional
        Level of gzip, 1 to 9: 1 to 3 are fast, 6 to 9 small. By default 1, and 6 in a Zarr store.
    overwrite : bool, default False
        Replace an older export, once the new one is whole.
    resume : bool, default False
        Continue an export to this target that was cut off, and keep what is done if this one is.
    public_read : bool, default False
        Let anybody read the objects (S3).
    headers : str or sequence of str, optional
        ``"Name: value"``, which the store sends with every object.
    memory : str or int, optional
        Budget of the whole process tree: bytes, or text such as ``"2GB"``. By default half of what
        is free. On a cluster, that of each worker process; by default a share of its own limit.
    workers : int, optional
        Tasks at once; by default one for each core. On a cluster, in each worker process; by default one for
        each of its threads.
    scheduler : str or distributed.Client, default "threads"
        Of Dask: ``"threads"``, ``"processes"`` or ``"sync"``; or a cluster, by the address of its
        scheduler or a client of it.
    strategy : str, optional
        Force how the matrix is turned: ``"pass"``, ``"memory"`` or ``"spill"``. By default the
        cheapest that fits.
    scratch : path, optional
        Folder or URL for fragments; by default the system's folder for temporary files, and on a cluster the
        place of the target, where that is a URL.
    storage_options : dict, optional
        How to get into the stores of URLs: credentials, endpoint and the like, by the names that
        fsspec's filesystems have for them. By name for all URLs, ``{"anon": True}``, or by protocol
        for those of one, ``{"s3": {"anon": True}}``. By default they are found as the stores' own
        tools do. Written nowhere.
    image : path or False, optional
        KaroSpace: tissue image; by default the one of ``uns["spatial"]``. False takes none.
    image_placement : tuple of 4 floats, optional
        KaroSpace: ``(sx, sy, ox, oy)`` with image pixel = coordinate x s + o; goes with ``image``.
    preview : bool, default True
        KaroSpace: draw ``preview.png``.
    max_asset_mb : float, default 16
        KaroSpace: largest part before compression, MiB.
    points : str or sequence of str, optional
        Cellucid: keys of ``obsm``, one for each of 1, 2 and 3 dimensions; ``"KEY=2"`` takes the
        first two columns. By default the usual ones.
    latent : str, optional
        Cellucid: key of ``obsm`` in which the outliers of categories are sought. By default
        ``X_pca`` or the like, else the points of most dimensions. AnnData: the same, and the launch
        default; none by default.
    var_quantization, obs_quantization : int, optional
        Cellucid: 8 or 16 bits for genes, and for columns of numbers and outlier quantiles; by
        default float32.
    categorical_dtype : str, default "auto"
        Cellucid: of codes, ``"uint8"``, ``"uint16"``, or ``"auto"`` for the smaller that fits.
    centroid_min_points : int, default 10
        Cellucid: categories of fewer cells have neither centroid nor outliers. AnnData: no outliers.
    centroid_outlier_quantile : float or None, default 0.95
        Cellucid: above 0.5 and below 1. Cells farther from their category's mean than this quantile
        do not count for its centroid. None writes no centroids.
    gene_ids : str, default "index"
        Cellucid: column of ``var`` with the names of genes. AnnData: the one that is shown first.
    dataset_id, description, source_name, source_url, source_citation : str, optional
        Cellucid, AnnData: what the export says of itself. The id comes from the name by default.
    zarr_format : int, default 2
        AnnData: Zarr v2 or v3.
    shard : bool, default False
        AnnData: several chunks in one object (Zarr v3), so that there are few objects.
    uns : str or sequence of str, optional
        AnnData: arrays of uns to keep, or ``"all"``; none by default.

    Returns
    -------
    Report
        Sizes, time and memory of the run.

    Raises
    ------
    BadInputError
        If the input cannot be read, or not exported as wished.
    BadOptionError
        If an option is wrong, or names what is not in the input.
    BudgetError
        If the budget is too small; says the smallest that works. Nothing was read then.
    TargetError
        If the target cannot be written, or there is an export already.

    Examples
    --------
    >>> report = export("atlas.h5ad", "bundle", genes="hvgs:500", memory="2GB")  # doctest: +SKIP
    >>> report = export(
    ...     "atlas.h5ad", "exports/atlas", format="cellucid", var_quantization=8, memory="2GB"
    ... )  # doctest: +SKIP
    """
    return run_export(source, target, read_options(options), listener)


def plan_export(
    source: Any, target: str | os.PathLike[str] | None = None, **options: Unpack[ExportKeywords]
) -> Plan:
    """Decide everything about an export, and write nothing.

    Parameters
    ----------
    source
        As for `export`.
    target
        As for `export`, where it is known: writing to a store takes more memory. Nothing is looked up there.
    **options
        As for `export`.

    Returns
    -------
    Plan
        An `ExportPlan`: strategy, memory, scratch, objects. Its ``to_dask(target)`` is the lazy graph.

    Raises
    ------
    KaroSpaceError
        As `export`, but for what concerns the target.

    Examples
    --------
    >>> plan = plan_export("atlas.h5ad", genes="all", memory="2GB")  # doctest: +SKIP
    >>> plan.transpose.strategy, plan.peak_nbytes, plan.n_objects  # doctest: +SKIP
    """
    wishes = read_options(options)
    made = plan(source, wishes if target is None else with_targets(wishes, target))
    return Plan(**{field.name: getattr(made, field.name) for field in fields(made)})

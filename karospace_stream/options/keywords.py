"""The keywords of `karospace_stream.export`, for type checkers; their meaning is declared elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from karospace_stream.measures.request import Test
from karospace_stream.model.plan import Strategy
from karospace_stream.options.general.choice import HvgFlavor
from karospace_stream.options.general.joining import Arrange, Join, Merge


class ExportKeywords(TypedDict, total=False):
    """The user's keywords; a test compares them with the declared options."""

    join: Join
    merge: Merge
    batch_column: str | None
    index_unique: str | None
    arrange: Arrange
    feature_type: str | Sequence[str]
    genome: str | None
    obs_table: Any
    obs_table_key: str | Sequence[str]
    format: str | Sequence[str]
    modality: str | Sequence[str]
    genes: str | Iterable[str] | Iterable[bool]
    gene_names: str | None
    hvg_flavor: HvgFlavor
    hvg_batch: str | None
    anno: str | Sequence[str] | None
    as_labels: str | Sequence[str] | None
    coords: str
    arrange_by: str | None
    section: str | None
    graph: str
    vectors: str | Sequence[str] | None
    layer: str | None
    raw: bool
    leave_out: str | Sequence[str]
    where: str | None
    downsample: int | None
    downsample_by: str | None
    normalize: float | str | None
    log1p: bool
    table: str | None
    gene_sets: Any
    set_scores: bool
    group_by: str | Sequence[str] | None
    markers: Test
    reference: str | Sequence[str] | Mapping[str, str]
    marker_genes: int | str | None
    tie_correct: bool
    pseudobulk: str | Sequence[str] | None
    pseudobulk_layer: str | None
    neighbourhoods: str
    permutations: int
    seed: int
    image: str | os.PathLike[str] | Mapping[str | None, Any] | Sequence[str] | bool | None
    image_placement: tuple[float, float, float, float] | None
    transcripts: str | os.PathLike[str] | None
    transcript_columns: str | Sequence[str] | None
    image_mode: str
    pixel_size: float | None
    layout: str
    gene_bits: int
    order: str
    order_by: str | None
    shapes: str | os.PathLike[str] | bool | None
    gzip: bool
    compression: int | None
    max_asset_mb: float
    preview: bool
    memory: str | int | None
    workers: int | None
    scheduler: str | Any
    strategy: Strategy | None
    scratch: str | os.PathLike[str] | None
    overwrite: bool
    resume: bool
    public_read: bool
    headers: str | Sequence[str]
    name: str | None
    title: str | None
    description: str | None
    license: str | None
    source_name: str | None
    source_url: str | None
    source_citation: str | None
    storage_options: Mapping[str, Any] | None
    points: str | Sequence[str] | None
    latent: str | None
    var_quantization: int | None
    obs_quantization: int | None
    categorical_dtype: str
    centroid_min_points: int
    centroid_outlier_quantile: float | None
    dataset_id: str | None
    zarr_format: int
    shard: bool
    uns: str | Sequence[str]

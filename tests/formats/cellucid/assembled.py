"""A whole export in memory, put together from the format's parts: what each file holds, inflated."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from karospace_stream.derive.centroids import centroids
from karospace_stream.derive.groups import count_categories
from karospace_stream.derive.outliers_v1 import outlier_quantiles
from karospace_stream.derive.points import join_point_ranges, normalisation, point_range
from karospace_stream.encode.quantise import float32_sparse, quantised, quantised_sparse, value_range
from karospace_stream.formats.cellucid.layout.graph import graph_manifest, index_dtype
from karospace_stream.formats.cellucid.layout.identity import ObsField, Settings, dataset, identity
from karospace_stream.formats.cellucid.layout.names import Layout, check_names
from karospace_stream.formats.cellucid.layout.obs import (
    CategoricalField,
    ContinuousField,
    Label,
    obs_manifest,
)
from karospace_stream.formats.cellucid.layout.stored import Stored, codes_dtype
from karospace_stream.formats.cellucid.layout.var import Gene, var_manifest
from karospace_stream.formats.cellucid.layout.vectors import VectorFields, vector_fields
from karospace_stream.model.blob import Blob

CUTS = (0, 100, 170, 333, 1_000, 1 << 62)  # tiles of cells


def tiles(*arrays: np.ndarray) -> Iterator[Any]:
    for start, stop in pairwise(CUTS):
        if start < len(arrays[0]):
            parts = tuple(array[start:stop] for array in arrays)
            yield parts if len(parts) > 1 else parts[0]


class Export:
    """``files`` holds the bytes of each path."""

    def __init__(self, folder: str, **given: Any) -> None:
        self.given = given
        self.layout = Layout(gzip=bool(given["compression"]))
        self.var, self.obs = Stored(given["var_quantization"]), Stored(given["obs_continuous_quantization"])
        self.files: dict[str, bytes] = {}
        self.points = {dim: self._points(dim) for dim in (1, 2, 3) if f"X_umap_{dim}d" in given}
        self.n_cells = len(given["obs"])
        fields = self._obs()
        n_genes = self._genes() if "gene_expression" in given else 0
        n_edges = self._graph() if "connectivities" in given else None
        settings = Settings(
            given["compression"], self.var, self.obs, given.get("obs_categorical_dtype", "auto")
        )
        keys = ("dataset_name", "dataset_id", "dataset_description")
        about = {key.removeprefix("dataset_"): given.get(key) for key in keys}
        source = {key: given.get(key) for key in ("source_name", "source_url", "source_citation")}
        self._put(
            identity(
                self.layout,
                dataset(folder, **about, **source),
                n_cells=self.n_cells,
                n_genes=n_genes,
                n_edges=n_edges,
                dimensions=list(self.points),
                obs_fields=fields,
                vectors=self._vectors().kept,
                settings=settings,
                created_at="2026-01-01T00:00:00Z",
                generator="0.0.9",
            )
        )

    def _put(self, blob: Blob) -> None:
        assert blob.key not in self.files
        self.files[blob.key] = blob.data

    def _put_array(self, path: str, array: np.ndarray) -> None:
        self._put(Blob(path, array.astype(array.dtype.newbyteorder("<")).tobytes(), ""))

    def _points(self, dim: int) -> np.ndarray:
        raw = self.given[f"X_umap_{dim}d"]
        how = normalisation(join_point_ranges(map(point_range, tiles(raw))), "X_umap")
        points = np.concatenate([how.points(tile) for tile in tiles(raw)])
        self._put_array(self.layout.points(dim), points)
        return points

    def _vectors(self) -> VectorFields:
        arrays = {
            key: array for key, array in self.given.get("vector_fields", {}).items() if array is not None
        }
        widths = {key: array.reshape(len(array), -1).shape[1] for key, array in arrays.items()}
        found = vector_fields(widths, list(self.points))
        for one in found.kept:
            raw = self.given[f"X_umap_{one.n_dims}d"]
            how = normalisation(point_range(raw), "X_umap")
            self._put_array(self.layout.vectors(one.field, one.n_dims), how.vectors(arrays[one.key]))
        return found

    def _obs(self) -> list[ObsField]:
        obs = self.given["obs"]
        names = list(self.given.get("obs_keys") or obs.columns)
        kinds = {name: kind_of(obs[name]) for name in names}
        check_names([name for name in names if kinds[name] == "continuous"], "column")
        check_names([name for name in names if kinds[name] != "continuous"], "column")
        fields = [
            self._continuous(name) if kinds[name] == "continuous" else self._categorical(name)
            for name in names
        ]
        manifest = obs_manifest(
            self.layout,
            self.n_cells,
            fields,
            stored=self.obs,
            compression=self.given["compression"],
            centroid_quantile=self.given.get("centroid_outlier_quantile", 0.95),
        )
        self._put(manifest)
        return [
            ObsField(one.key, len(one.categories) if isinstance(one, CategoricalField) else None)
            for one in fields
        ]

    def _continuous(self, name: str) -> ContinuousField:
        values = self.given["obs"][name].to_numpy(np.float32, na_value=np.nan)
        path = self.layout.obs_values(name, self.obs.extension)
        if self.obs.bits is None:
            self._put_array(path, values)
            return ContinuousField(name)
        low, high = value_range(values)
        self._put_array(path, quantised(values, self.obs.bits, low, high))
        return ContinuousField(name, low, high)

    def _categorical(self, name: str) -> CategoricalField:
        column = self.given["obs"][name].astype("category").cat
        codes, categories = column.codes.to_numpy(np.int32), tuple(map(str, column.categories))
        stored = codes_dtype(name, len(categories), self.given.get("obs_categorical_dtype", "auto"))
        typed = np.where(codes < 0, stored.missing, codes).astype(stored.dtype)
        self._put_array(self.layout.obs_codes(name, stored.extension), typed)
        counts = np.zeros(len(categories), np.int64)
        count_categories(counts, codes)
        low, high = self._outliers(name, codes, counts)
        quantile, least = self.given.get("centroid_outlier_quantile", 0.95), self._least()
        labels = {
            dim: []
            if quantile is None
            else [
                Label(categories[one.category], one.position, one.n_points)
                for one in centroids(
                    lambda points=points: tiles(codes, points),  # type: ignore[misc]
                    counts,
                    dim,
                    quantile=quantile,
                    min_points=least,
                    what=name,
                )
            ]
            for dim, points in self.points.items()
        }
        return CategoricalField(name, categories, stored, labels, low, high)

    def _least(self) -> int:
        return int(self.given.get("centroid_min_points", 10))

    def _outliers(self, name: str, codes: np.ndarray, counts: np.ndarray) -> tuple[Any, Any]:
        latent = self.given["latent_space"]
        latent = (latent.toarray() if sparse.issparse(latent) else latent).astype(np.float32)
        kept = outlier_quantiles(
            lambda: tiles(codes, latent), counts, latent.shape[1], min_points=self._least(), what="latent"
        )
        low, high = value_range(kept.values) if self.obs.bits else (None, None)
        taken = [kept.take(tile) for tile in tiles(codes)]
        if self.obs.bits:
            taken = [quantised(tile, self.obs.bits, low, high) for tile in taken]
        self._put_array(self.layout.obs_outliers(name, self.obs.extension), np.concatenate(taken))
        return low, high

    def _genes(self) -> int:
        matrix, var = self.given["gene_expression"], self.given["var"]
        id_column = self.given.get("var_gene_id_column", "index")
        ids = list(var.index if id_column == "index" else var[id_column])
        wanted = [gene for gene in self.given.get("gene_identifiers", ids) if gene in ids]
        check_names(wanted, "gene")
        genes = []
        for gene in wanted:
            content, *limits = self._gene(matrix, ids.index(gene))
            self._put_array(self.layout.gene(gene, self.var.extension), content)
            genes.append(Gene(gene, *limits))
        self._put(
            var_manifest(
                self.layout,
                self.n_cells,
                genes,
                stored=self.var,
                compression=self.given["compression"],
                id_column=id_column,
            )
        )
        return int(matrix.shape[1])

    def _gene(self, matrix: Any, at: int) -> tuple[Any, ...]:
        bits = self.var.bits
        if sparse.issparse(matrix):
            column = matrix.tocsc()[:, [at]]
            rows, values = column.indices, column.data.astype(np.float32)
            if bits is None:
                return (float32_sparse(self.n_cells, rows, values),)
            return quantised_sparse(self.n_cells, rows, values, bits)
        values = matrix[:, at].astype(np.float32)
        if bits is None:
            return (values,)
        low, high = value_range(values)
        return quantised(values, bits, low, high), low, high

    def _graph(self) -> int:
        graph = self.given["connectivities"].tocsr()
        both = (graph + graph.T).tocsr()
        both.sort_indices()
        source, target = both.nonzero()
        one_way = source < target
        for end, cells in (("src", source), ("dst", target)):
            self._put_array(self.layout.edges(end), cells[one_way].astype(index_dtype(self.n_cells)))  # type: ignore[arg-type]
        n_edges = int(one_way.sum())
        self._put(
            graph_manifest(
                self.layout,
                self.n_cells,
                n_edges=n_edges,
                max_neighbours=int(np.diff(both.indptr).max()),
                compression=self.given["compression"],
            )
        )
        return n_edges


def kind_of(column: pd.Series[Any]) -> str:
    types = pd.api.types
    numeric = types.is_numeric_dtype(column) and not types.is_bool_dtype(column)
    return "continuous" if numeric else "category"

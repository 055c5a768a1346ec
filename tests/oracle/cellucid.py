"""A Cellucid export, read after ``docs/formats/cellucid.md``. Shares no code with the package."""

from __future__ import annotations

import re
import string
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.oracle.strict import Folder, parse_json

PLAIN = set(string.ascii_letters + string.digits + "._-")
WIDTHS = {"f32": 4, "u8": 1, "u16": 2}
OBS_KEYS = [
    "_format", "n_points", "centroid_outlier_quantile", "latent_key", "compression", "_obsSchemas",
    "_continuousFields", "_categoricalFields",
]  # fmt: skip
VAR_KEYS = [
    "_format",
    "n_points",
    "var_gene_id_column",
    "compression",
    "quantization",
    "_varSchema",
    "fields",
]
IDENTITY_KEYS = [
    "version", "id", "name", "description", "created_at", "cellucid_data_version", "stats", "embeddings",
    "obs_fields", "export_settings",
]  # fmt: skip
GRAPH_KEYS = [
    "format", "n_cells", "n_edges", "max_neighbors", "index_bytes", "index_dtype", "sourcesPath",
    "destinationsPath", "compression",
]  # fmt: skip


def file_name(key: str) -> str:
    """The key as a file name, one character after another."""
    name = ""
    for character in key:
        name += character if character in PLAIN else "\0"
    while "\0\0" in name:
        name = name.replace("\0\0", "\0")
    return name.replace("\0", "_").strip("._") or "field"


@dataclass(frozen=True)
class Numbers:
    """Values as float64, NaN where missing, and how far each may be from the source's."""

    values: np.ndarray
    step: float


@dataclass(frozen=True)
class Categories:
    """Labels (None where missing), outlier quantiles, centroids: ``{dim: {label: (position, n)}}``."""

    labels: np.ndarray
    categories: list[str]
    outliers: Numbers
    centroids: dict[int, list[tuple[str, tuple[float, ...], int]]]


class CellucidExport:
    """What a reader of the format sees.

    The constructor reads every file, and checks that nothing else lies in the folder and that the
    identity says what the manifests say.

    Parameters
    ----------
    ours
        Whether gzip members must hold no time, as ours do.
    """

    def __init__(self, root: Path, *, ours: bool = True) -> None:
        self.folder, self._ours = Folder(Path(root)), ours
        self.identity: dict[str, Any] = self._json("dataset_identity.json", IDENTITY_KEYS)
        assert self.identity["version"] == 2
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", self.identity["created_at"])
        self.stats: dict[str, Any] = self.identity["stats"]
        self.n_cells: int = self.stats["n_cells"]
        self.compression = self.identity["export_settings"]["compression"]
        self.suffix = ".gz" if self.compression else ""
        self.points = self._points()
        self.obs = self._obs()
        self.genes = self._genes()
        self.edges = self._edges()
        self.vectors = self._vectors()
        assert self.folder.files() == self.folder.read, "files that no manifest names"

    def _json(self, path: str, keys: list[str]) -> Any:
        content = parse_json(self.folder.stored(path))
        extra = {"source", "vector_fields"} & set(content)
        assert [key for key in content if key not in extra] == keys, path
        return content

    def _has(self, path: str) -> bool:
        return (self.folder.root / path).exists()

    def _array(self, path: str, dtype: str, length: int) -> np.ndarray:
        assert path.endswith(".gz") == bool(self.suffix), path
        if self._ours or not self.suffix:
            data = self.folder.inflated(path)
        else:
            data = zlib.decompress(self.folder.stored(path), wbits=31)
        array = np.frombuffer(data, dtype)
        assert len(array) == length, f"{path}: {len(array)} numbers, not {length}"
        return array

    def _points(self) -> dict[int, np.ndarray]:
        meta = self.identity["embeddings"]
        dims = meta["available_dimensions"]
        assert dims == sorted(set(dims) & {1, 2, 3})
        assert meta["default_dimension"] == max(dims)
        assert meta["files"] == {f"{dim}d": f"points_{dim}d.bin{self.suffix}" for dim in dims}
        return {dim: self._rows(f"points_{dim}d.bin{self.suffix}", dim) for dim in dims}

    def _rows(self, path: str, dim: int) -> np.ndarray:
        return self._array(path, "<f4", self.n_cells * dim).reshape(-1, dim)

    def _numbers(self, path: str, extension: str, limits: list[float]) -> Numbers:
        """Decode one continuous file."""
        array = self._array(path, f"<{extension[0]}{WIDTHS[extension]}", self.n_cells)
        if extension == "f32":
            assert not limits
            return Numbers(array.astype(np.float64), 0.0)
        low, high = limits
        assert low < high
        missing = np.iinfo(array.dtype).max
        step = (high - low) / (missing - 1)
        return Numbers(np.where(array == missing, np.nan, low + array * step), step)

    def _schema(self, schema: dict[str, Any], extension: str) -> None:
        bits = {"f32": None, "u8": 8, "u16": 16}[extension]
        assert schema["ext"] == extension
        assert schema["dtype"] == {"f32": "float32", "u8": "uint8", "u16": "uint16"}[extension]
        assert schema["quantized"] is (bits is not None)
        assert schema.get("quantizationBits") == bits

    def _obs(self) -> dict[str, Numbers | Categories]:
        manifest = self._json("obs_manifest.json", OBS_KEYS)
        assert manifest["_format"] == "compact_v1"
        assert (manifest["n_points"], manifest["compression"]) == (self.n_cells, self.compression)
        schemas = manifest["_obsSchemas"]
        found: dict[str, Numbers | Categories] = {}
        for key, *limits in manifest["_continuousFields"]:
            schema = schemas["continuous"]
            self._schema(schema, schema["ext"])
            path = schema["pathPattern"].replace("{key}", file_name(key))
            found[key] = self._numbers(path, schema["ext"], limits)
        for key, *entry in manifest["_categoricalFields"]:
            found[key] = self._categorical(key, schemas["categorical"], *entry)
        order = [(field["key"], field.get("n_categories")) for field in self.identity["obs_fields"]]
        assert {key for key, _ in order} == set(found)
        for key, n in order:
            column = found[key]
            assert n == (len(column.categories) if isinstance(column, Categories) else None)
        n_continuous = len(manifest["_continuousFields"])
        assert self.stats["n_obs_fields"] == len(found) == len(order)
        assert self.stats["n_continuous_fields"] == n_continuous
        assert self.stats["n_categorical_fields"] == len(found) - n_continuous
        return {key: found[key] for key, _ in order}

    def _categorical(
        self,
        key: str,
        schema: dict[str, Any],
        names: list[str],
        dtype: str,
        missing: int,
        centroids: dict[str, list[dict[str, Any]]],
        *limits: float,
    ) -> Categories:
        extension = {"uint8": "u8", "uint16": "u16"}[dtype]
        assert missing == {"uint8": 255, "uint16": 65_535}[dtype]
        path = schema["codesPathPattern"].replace("{key}", file_name(key)).replace("{ext}", extension)
        codes = self._array(path, f"<u{WIDTHS[extension]}", self.n_cells).astype(int)
        assert ((codes == missing) | (codes < len(names))).all()
        labels = np.array([*names, None], object)[np.where(codes == missing, len(names), codes)]
        by_dim = {
            int(dim): [(one["category"], tuple(one["position"]), one["n_points"]) for one in of_dim]
            for dim, of_dim in centroids.items()
        }
        assert sorted(by_dim) == sorted(self.points)
        assert all(len(position) == dim for dim in by_dim for _, position, _ in by_dim[dim])
        outlier_path = schema["outlierPathPattern"].replace("{key}", file_name(key))
        assert schema["outlierQuantized"] is (schema["outlierExt"] != "f32")
        outliers = self._numbers(outlier_path, schema["outlierExt"], list(limits))
        return Categories(labels, names, outliers, by_dim)

    def _genes(self) -> dict[str, Numbers]:
        if not self._has("var_manifest.json"):
            assert self.stats["n_genes"] == 0
            return {}
        manifest = self._json("var_manifest.json", VAR_KEYS)
        assert manifest["_format"] == "compact_v1"
        assert (manifest["n_points"], manifest["compression"]) == (self.n_cells, self.compression)
        schema = manifest["_varSchema"]
        assert schema["kind"] == "continuous"
        self._schema(schema, schema["ext"])
        assert manifest["quantization"] == schema.get("quantizationBits")
        assert manifest["quantization"] == self.identity["export_settings"]["var_quantization"]
        genes = {
            key: self._numbers(schema["pathPattern"].replace("{key}", file_name(key)), schema["ext"], limits)
            for key, *limits in manifest["fields"]
        }
        assert len(genes) == len(manifest["fields"]) <= self.stats["n_genes"]
        return genes

    def _edges(self) -> np.ndarray | None:
        """``(n_edges, 2)``, in the order of the files."""
        assert self.stats["has_connectivity"] is self._has("connectivity_manifest.json")
        if not self.stats["has_connectivity"]:
            assert self.stats["n_edges"] is None
            return None
        manifest = self._json("connectivity_manifest.json", GRAPH_KEYS)
        assert (manifest["format"], manifest["n_cells"]) == ("edge_pairs", self.n_cells)
        assert manifest["compression"] == self.compression
        n, width = manifest["n_edges"], manifest["index_bytes"]
        assert manifest["index_dtype"] == f"uint{8 * width}"
        assert width == (2 if self.n_cells <= 65_535 else 4)
        ends = [self._array(manifest[key], f"<u{width}", n) for key in ("sourcesPath", "destinationsPath")]
        edges = np.stack(ends, axis=1).astype(np.int64)
        assert (edges[:, 0] < edges[:, 1]).all()
        number = edges[:, 0] * self.n_cells + edges[:, 1]
        assert (np.diff(number) > 0).all(), "edges are ordered and each is there once"
        assert self.stats["n_edges"] == n
        assert np.bincount(edges.ravel()).max(initial=0) <= manifest["max_neighbors"]
        return edges

    def _vectors(self) -> dict[tuple[str, int], np.ndarray]:
        if "vector_fields" not in self.identity:
            return {}
        entry = self.identity["vector_fields"]
        assert entry["default_field"] in entry["fields"]
        found = {}
        for field, of in entry["fields"].items():
            dims = of["available_dimensions"]
            assert dims == sorted(dims)
            assert (of["default_dimension"], set(dims)) == (max(dims), set(dims) & set(self.points))
            assert (of.get("basis") == "umap") == field.endswith("_umap")
            assert of["label"]
            for dim in dims:
                found[field, dim] = self._rows(of["files"][f"{dim}d"], dim)
        return found


def datasets(root: Path) -> tuple[str, list[CellucidExport]]:
    """The default id and the exports that ``datasets.json`` lists, each read whole."""
    content = parse_json((Path(root) / "datasets.json").read_bytes())
    assert list(content) == ["version", "default", "datasets"]
    assert content["version"] == 1
    exports = []
    for entry in content["datasets"]:
        assert entry["path"].endswith("/")
        export = CellucidExport(Path(root) / entry["path"])
        assert (entry["id"], entry["name"]) == (export.identity["id"], export.identity["name"])
        assert entry.get("n_cells", 0) == export.n_cells
        assert entry.get("n_genes", 0) == export.stats["n_genes"]
        exports.append(export)
    ids = [entry["id"] for entry in content["datasets"]]
    assert content["default"] in ids
    assert len(set(ids)) == len(ids)
    return content["default"], exports

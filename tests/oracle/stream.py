"""The stream layer of a bundle, read from ``atlas.json`` alone."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from tests.oracle.strict import Folder, parse_json

NUMBER_TYPES = {"int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"}
MISSING = {"uint8": 255, "uint16": 65_535, "uint32": 4_294_967_295}
OPTIONAL = {
    "about", "image", "images", "shapes", "notes", "overlapping_sections", "preview_path", "vectors", "graph",
    "statistics", "markers_of_file", "neighbourhoods", "gene_sets", "varm", "pseudobulk",
    "sections", "slides", "transcripts",
}  # fmt: skip
REQUIRED = {
    "format", "version", "dataset_name", "created_at", "generator", "n_cells", "n_genes", "cell_ids",
    "embeddings", "columns", "genes",
}  # fmt: skip


class Stream:
    """``atlas.json`` and what it points to.

    Categories come as object arrays of ``str`` or None, booleans as ``True``, ``False`` or
    None, strings as ``str`` or None, numbers as the stored array.
    """

    def __init__(self, folder: Folder, path: str) -> None:
        self.folder = folder
        data = folder.stored(path)
        assert b"\n" not in data.strip(b"\n"), "atlas.json is one line"
        self.atlas: dict[str, Any] = parse_json(data)
        keys = set(self.atlas)
        assert keys >= REQUIRED, f"atlas.json lacks {REQUIRED - keys}"
        assert keys <= REQUIRED | OPTIONAL, "atlas.json has keys that are not specified"
        assert self.atlas["format"] == "karospace-stream"
        assert self.atlas["version"] == 1
        self.n_cells: int = self.atlas["n_cells"]
        self.n_genes: int = self.atlas["n_genes"]
        self.genes: dict[str, list[Any]] = self._gene_table()

    def _parts(self, parts: list[dict[str, Any]]) -> list[tuple[bytes, int]]:
        """Content and number of cells of every part."""
        assert parts, "an array without parts"
        read, reached = [], 0
        for part in parts:
            assert set(part) == {"path", "start", "end", "size_bytes"}
            assert part["start"] == reached, f"{part['path']}: parts are not contiguous"
            assert part["end"] > part["start"] or self.n_cells == 0
            reached = part["end"]
            content = self.folder.inflated(part["path"], part["size_bytes"])
            read.append((content, part["end"] - part["start"]))
        assert reached == self.n_cells, f"{parts[-1]['path']}: the last cells are not there"
        return read

    def _array(self, parts: list[dict[str, Any]], dtype: str, width: int = 1) -> np.ndarray:
        pieces = []
        for content, n_cells in self._parts(parts):
            values = np.frombuffer(content, np.dtype(dtype).newbyteorder("<"))
            assert len(values) == n_cells * width, "a part is longer or shorter than its cells"
            pieces.append(values)
        return np.concatenate(pieces)

    def _strings(self, parts: list[dict[str, Any]]) -> np.ndarray:
        found: list[str | None] = []
        for content, n_cells in self._parts(parts):
            offsets = np.frombuffer(content[: 4 * (n_cells + 1)], "<u4").astype(int)
            text = content[4 * (n_cells + 1) :]
            assert len(offsets) == n_cells + 1
            assert offsets[0] == 0
            assert (np.diff(offsets) >= 0).all()
            assert offsets[-1] == len(text)
            for low, high in pairwise(offsets):
                value = text[low:high]
                found.append(None if value == b"\0" else value.decode("utf-8"))
        return np.array(found, dtype=object)

    def cell_ids(self) -> list[str]:
        assert set(self.atlas["cell_ids"]) == {"parts"}
        return list(self._strings(self.atlas["cell_ids"]["parts"]))

    def embedding(self, index: int) -> np.ndarray:
        """Coordinates in the source's system, float64; NaN where a cell has none."""
        entry = self.atlas["embeddings"][index]
        assert set(entry) - {"spot_diameter", "microns_per_unit", "arranged"} == {
            "key", "label", "source", "dims", "dtype", "y_axis", "origin", "minimum", "maximum", "parts",
        }  # fmt: skip
        assert entry.get("spot_diameter", 1) > 0  # of a slide only
        assert entry.get("microns_per_unit", 1) > 0
        assert entry["dtype"] == "float32"
        assert entry["dims"] in (2, 3)
        assert entry["y_axis"] in ("up", "down")
        dims = entry["dims"]
        relative = self._array(entry["parts"], "float32", dims).reshape(-1, dims)
        assert len(entry["origin"]) == len(entry["minimum"]) == len(entry["maximum"]) == dims
        return relative.astype(np.float64) + np.array(entry["origin"])

    def vectors(self, index: int) -> np.ndarray:
        """One displacement a cell, float32."""
        entry = self.atlas["vectors"][index]
        assert set(entry) == {"key", "label", "embedding", "dims", "dtype", "parts"}
        assert entry["dtype"] == "float32"
        assert entry["dims"] == self.atlas["embeddings"][entry["embedding"]]["dims"]
        return self._array(entry["parts"], "float32", entry["dims"]).reshape(-1, entry["dims"])

    def edges(self) -> np.ndarray:
        """Pairs of cells, ``(n_edges, 2)``."""
        graph = self.atlas["graph"]
        assert set(graph) == {"key", "n_edges", "max_neighbors", "dtype", "sources", "targets"}
        assert graph["dtype"] == ("uint16" if self.n_cells <= 65_535 else "uint32")
        ends = []
        for end in ("sources", "targets"):
            pieces, reached = [np.zeros(0, graph["dtype"])], 0
            for part in graph[end]:
                assert part["start"] == reached
                reached = part["end"]
                content = self.folder.inflated(part["path"], part["size_bytes"])
                pieces.append(np.frombuffer(content, np.dtype(graph["dtype"]).newbyteorder("<")))
            ends.append(np.concatenate(pieces).astype(np.int64))
            assert reached == graph["n_edges"] == len(ends[-1])
        return np.stack(ends, axis=1)

    def column(self, index: int) -> np.ndarray:
        entry = self.atlas["columns"][index]
        read = {
            "category": self._category,
            "number": self._number,
            "bool": self._bool,
            "string": lambda entry: self._strings(entry["parts"]),
        }
        return read[entry["kind"]](entry)

    def _category(self, entry: dict[str, Any]) -> np.ndarray:
        categories, dtype = entry["categories"], entry["dtype"]
        assert set(entry) - {"colors"} == {"name", "kind", "dtype", "missing", "categories", "parts"}
        assert entry["missing"] == MISSING[dtype]
        smallest = next(name for name, most in MISSING.items() if len(categories) <= most)
        assert dtype == smallest
        assert len(set(categories)) == len(categories)
        assert all(isinstance(label, str) for label in categories)
        assert len(entry.get("colors", categories)) == len(categories)
        codes = self._array(entry["parts"], dtype).astype(np.int64)
        codes[codes == entry["missing"]] = len(categories)
        return np.array([*categories, None], dtype=object)[codes]

    def _number(self, entry: dict[str, Any]) -> np.ndarray:
        assert set(entry) == {"name", "kind", "dtype", "minimum", "maximum", "parts"}
        assert entry["dtype"] in NUMBER_TYPES
        values = self._array(entry["parts"], entry["dtype"])
        finite = values[np.isfinite(values)]
        if len(finite):
            assert float(finite.min()) == entry["minimum"]
            assert float(finite.max()) == entry["maximum"]
        else:
            assert entry["minimum"] is None
            assert entry["maximum"] is None
        return values

    def _bool(self, entry: dict[str, Any]) -> np.ndarray:
        assert set(entry) == {"name", "kind", "dtype", "missing", "parts"}
        assert entry["missing"] == 255
        codes = self._array(entry["parts"], "uint8")
        assert set(np.unique(codes)) <= {0, 1, 255}
        return np.array([False, True, None], dtype=object)[np.minimum(codes, 2)]

    def _gene_table(self) -> dict[str, list[Any]]:
        table = self.atlas["genes"]["table"]
        genes = parse_json(self.folder.inflated(table["path"], table["size_bytes"]))
        groups = genes.pop("groups", None)
        if groups is not None:
            assert set(groups) == {"column", "names", "codes"}
            assert len(groups["codes"]) == self.n_genes
            assert set(groups["codes"]) == set(range(len(groups["names"])))
        assert set(genes) - {"id"} == {"name", "source_index", "minimum", "maximum", "mean", "share"}
        assert {len(values) for values in genes.values()} == {self.n_genes}
        assert all(genes["name"]), "an empty label"
        assert len(set(genes["name"])) == self.n_genes, "a label is there twice"
        return genes

    def expression(self, gene: int) -> np.ndarray:
        """One gene, float32, by the path pattern."""
        spec = self.atlas["genes"]["expression"]
        assert set(spec) == {"dtype", "path", "gene_digits", "part_digits", "cuts"}
        assert spec["dtype"] == "float32"
        cuts = spec["cuts"]
        assert cuts[0] == 0
        assert cuts[-1] == self.n_cells
        pieces = []
        for part, (start, end) in enumerate(pairwise(cuts)):
            path = spec["path"].replace("{gene}", str(gene).zfill(spec["gene_digits"]))
            path = path.replace("{part}", str(part).zfill(spec["part_digits"]))
            values = np.frombuffer(self.folder.inflated(path), "<f4")
            assert len(values) == end - start
            pieces.append(values)
        return np.concatenate(pieces)

"""A KaroSpace bundle, read after ``docs/formats/karospace.md``. Shares no code with the package."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from tests.oracle.stream import Stream
from tests.oracle.strict import Folder, parse_json

PATHS = {
    "obs_csv": r"assets/obs_\d{3,}\.csv(\.gz)?",
    "obs_json": r"assets/obs_records_\d{3,}\.json(\.gz)?",
    "coords_json": r"assets/coords_\d{3,}\.json(\.gz)?",
    "var_csv": r"assets/var_\d{3,}\.csv(\.gz)?",
    "expression_chunk": r"assets/expression/gene_\d{5,}_part_\d{3,}\.bin(\.gz)?",
    "image": r"assets/image\.\w+",
    "library_image": r"assets/image_\d{3,}\.\w+",
    "preview": r"preview\.png",
    "atlas": r"atlas\.json",
    "obs_array": r"assets/.+",
    "coords_array": r"assets/.+",
    "cell_ids": r"assets/.+",
    "vector_array": r"assets/.+",
    "graph_array": r"assets/.+",
    "gene_table": r"assets/genes\.json(\.gz)?",
    "sections": r"assets/sections/(\d{5,}|rows_part_\d{3,})\.bin(\.gz)?",
    "slide_tile": r"assets/slides/\d{3,}/(c\d{2,}/)?\d+/\d+_\d+\.(jpg|png|bin(\.gz)?)",
    "shapes": r"assets/shapes/\d{3,}/(index\.json(\.gz)?|pack_\d{3,}\.bin)",
    "transcripts": r"assets/transcripts/(genes\.json(\.gz)?|pack_\d{3,}\.bin)",
    "varm": r"assets/stream/varm_\d{3,}_part_\d{3,}\.bin(\.gz)?",
    "statistics": r"assets/statistics/\w+\.(bin|json)(\.gz)?",
}
ONE_A_LISTING = {"image", "preview", "atlas", "gene_table"}


class Bundle:
    """What a reader of schema 1.0.0 sees, and in ``stream`` what a newer one sees.

    The constructor checks the manifest, that every listed file is there in the size that is
    said, and that nothing else lies in the folder.
    """

    def __init__(self, root: Path) -> None:
        self.folder = Folder(Path(root))
        data = self.folder.stored("manifest.json")
        assert b"\n  " in data, "manifest.json is indented by 2"
        self.manifest: dict[str, Any] = parse_json(data)
        self._check_manifest()
        self.assets: dict[str, list[str]] = defaultdict(list)
        for asset in self.manifest["asset_files"]:
            assert set(asset) == {"kind", "path", "size_bytes"}
            assert re.fullmatch(PATHS[asset["kind"]], asset["path"]), asset
            self.folder.checked(asset["path"], asset["size_bytes"])
            self.assets[asset["kind"]].append(asset["path"])
        listed = [asset["path"] for asset in self.manifest["asset_files"]]
        assert len(set(listed)) == len(listed), "a file is listed twice"
        unlisted = {"index.html", "manifest.json"}
        assert self.folder.files() == set(listed) | unlisted, "listed and there are not the same"
        for kind in ONE_A_LISTING & set(self.assets):
            assert len(self.assets[kind]) == 1
        assert self.manifest["stream"] == {"version": 1, "path": "atlas.json"}
        self.stream = Stream(self.folder, self.manifest["stream"]["path"])
        self._check_sections()
        self._check_page()
        report = parse_json(self.folder.checked("report.json").read_bytes())
        assert report["format"] == "karospace-report"

    def _check_manifest(self) -> None:
        required = {
            "dataset_name", "n_cells", "n_genes_exported", "coordinate_source", "annotation_columns",
            "gene_list", "asset_files", "expression", "schema_version", "created_at", "stream",
        }  # fmt: skip
        assert set(self.manifest) >= required, required - set(self.manifest)
        assert set(self.manifest) <= required | {"preview_path", "image", "arranged"}
        assert self.manifest["schema_version"] == "1.0.0"
        assert datetime.fromisoformat(self.manifest["created_at"]).utcoffset().total_seconds() == 0
        self.n_cells: int = self.manifest["n_cells"]
        self.labels: list[str] = self.manifest["gene_list"]
        assert len(self.labels) == self.manifest["n_genes_exported"]
        assert len(set(self.labels)) == len(self.labels)
        expression = self.manifest["expression"]
        assert set(expression) == {"format", "dtype", "n_cells", "gzip", "genes"}
        assert expression["format"] == "per_gene_float32_v1"
        assert expression["dtype"] == "float32"
        assert expression["n_cells"] == self.n_cells
        assert [gene["gene"] for gene in expression["genes"]] == self.labels
        assert [gene["index"] for gene in expression["genes"]] == list(range(len(self.labels)))

    def _check_sections(self) -> None:
        """Images of libraries, and how sections are laid out."""
        atlas = self.stream.atlas
        images = atlas.get("images", [])
        assert not (images and "image" in atlas)
        assert {image["path"] for image in images} == set(self.assets.get("library_image", []))
        columns = {column["name"] for column in atlas["columns"]}
        for image in images:
            cells = {"library", "path", "width", "height", "placement", "column", "category", "embedding"}
            assert set(image) == cells
            assert atlas["embeddings"][image["embedding"]]["y_axis"] == "down"
            laid = atlas["embeddings"][image["embedding"]].get("arranged", {})
            assert image["column"] in {None, *columns} or image["column"] == laid["column"]
        first = atlas["embeddings"][0].get("arranged")
        assert self.manifest.get("arranged") == first
        for laid in filter(None, (embedding.get("arranged") for embedding in atlas["embeddings"])):
            assert set(laid) == {"column", "groups"}
            assert all(set(group) == {"category", "shift"} for group in laid["groups"])

    def _check_page(self) -> None:
        page = self.folder.stored("index.html").decode("utf-8")
        assert page.lstrip().lower().startswith("<!doctype html>")
        addresses = re.findall(r"""<[^>]+\s(?:src|href)=["']([^"']+)["']""", page)
        outside = [a for a in addresses if re.match(r"([a-z]+:)?//|/", a) and not a.startswith("data:")]
        assert not outside, f"index.html is not self-contained: {outside}"

    def _tables(self, kind: str) -> list[bytes]:
        gz = self.manifest["expression"]["gzip"]
        assert all(path.endswith(".gz") == gz for path in self.assets[kind])
        numbers = [int(re.search(r"_(\d+)\.", path)[1]) for path in self.assets[kind]]
        assert numbers == list(range(len(numbers))), f"{kind}: parts are not numbered in order"
        return [self.folder.inflated(path) for path in self.assets[kind]]

    @property
    def table_header(self) -> list[str]:
        """Columns of the obs tables; an obs column called ``cell_id`` gives way to the cells' names."""
        return ["cell_id", *(name for name in self.manifest["annotation_columns"] if name != "cell_id")]

    def obs_csv(self) -> list[list[str]]:
        """Rows of text; header checked in every part and left out."""
        return self._csv("obs_csv", self.table_header)

    def var(self) -> list[tuple[str, int]]:
        """``(gene, source_index)`` in exported order."""
        return [(gene, int(index)) for gene, index in self._csv("var_csv", ["gene", "source_index"])]

    def _csv(self, kind: str, header: list[str]) -> list[list[str]]:
        rows = []
        for part in self._tables(kind):
            read = list(csv.reader(io.StringIO(part.decode("utf-8"), newline=""), strict=True))
            assert read[0] == header
            assert all(len(row) == len(header) for row in read)
            rows += read[1:]
        return rows

    def _records(self, kind: str) -> list[dict[str, Any]]:
        return [row for part in self._tables(kind) for row in parse_json(part)]

    def obs_json(self) -> list[dict[str, Any]]:
        rows = self._records("obs_json")
        assert all(list(row) == self.table_header for row in rows)
        return rows

    def coords(self) -> tuple[list[str], np.ndarray]:
        """Cell names, and float64 ``(n_cells, 2)``; NaN where null."""
        rows = self._records("coords_json")
        assert all(list(row) == ["cell_id", "x", "y"] for row in rows)
        points = [[np.nan if row[axis] is None else row[axis] for axis in "xy"] for row in rows]
        return [row["cell_id"] for row in rows], np.array(points, dtype=np.float64).reshape(-1, 2)

    def cuts(self, gene: int) -> list[tuple[int, int]]:
        return [(c["start"], c["end"]) for c in self.manifest["expression"]["genes"][gene]["chunks"]]

    def expression(self, gene: int) -> np.ndarray:
        """One gene, float32 ``(n_cells,)``, by the chunks that the manifest lists."""
        chunks = self.manifest["expression"]["genes"][gene]["chunks"]
        pieces, reached = [], 0
        for part, chunk in enumerate(chunks):
            assert set(chunk) == {"path", "start", "end", "size_bytes"}
            assert f"/gene_{gene:05d}_part_{part:03d}.bin" in chunk["path"]
            assert chunk["path"].endswith(".gz") == self.manifest["expression"]["gzip"]
            assert chunk["start"] == reached
            reached = chunk["end"]
            values = np.frombuffer(self.folder.inflated(chunk["path"], chunk["size_bytes"]), "<f4")
            assert len(values) == chunk["end"] - chunk["start"]
            pieces.append(values)
        assert reached == self.n_cells
        return np.concatenate(pieces)

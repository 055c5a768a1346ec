"""A plain reader of transcripts in a bundle, written from the specification alone."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_FIELDS = (("depth", "u1"), ("column", "<u4"), ("row", "<u4"), ("pack", "<u2"))
_FIELDS += (("offset", "<u4"), ("nbytes", "<u4"), ("n", "<u2"))


@dataclass(frozen=True)
class BundleTranscripts:
    """Transcripts of a bundle on a disk."""

    folder: Path
    entry: dict[str, Any]
    genes: dict[str, list[Any]]

    @classmethod
    def of(cls, folder: Path) -> BundleTranscripts:
        """Read atlas and genes."""
        entry = json.loads((folder / "atlas.json").read_text())["transcripts"]
        data = (folder / entry["genes"]["path"]).read_bytes()
        genes = json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
        return cls(folder, entry, genes)

    @property
    def side(self) -> float:
        """Side of the root square."""
        low, high = (np.asarray(self.entry[name]) for name in ("minimum", "maximum"))
        return float((high - low).max()) or 1.0

    def member(self, pack: int, offset: int, nbytes: int) -> bytes:
        """One gzip member of a pack."""
        with (self.folder / self.entry["packs"][pack]["path"]).open("rb") as file:
            file.seek(offset)
            return gzip.decompress(file.read(nbytes))

    def nodes(self, gene: str) -> list[dict[str, int]]:
        """The list of nodes of a gene."""
        data = self.member(*self.genes["nodes"][self.genes["name"].index(gene)])
        m, at, columns = len(data) // 21, 0, {}
        for name, kind in _FIELDS:
            columns[name] = np.frombuffer(data, kind, m, at)
            at += m * np.dtype(kind).itemsize
        assert at == len(data)
        return [{name: int(values[each]) for name, values in columns.items()} for each in range(m)]

    def points(self, node: dict[str, int]) -> npt.NDArray[np.float64]:
        """The points of a node."""
        data = self.member(node["pack"], node["offset"], node["nbytes"])
        steps = np.frombuffer(data, "<u2").reshape(2, node["n"]).T
        side = self.side / 2 ** node["depth"]
        corner = np.asarray(self.entry["minimum"]) + side * np.array([node["column"], node["row"]])
        return corner + steps / 65535 * side

    def all_points(self, gene: str) -> npt.NDArray[np.float64]:
        """All points of a gene."""
        return np.concatenate([self.points(node) for node in self.nodes(gene)])

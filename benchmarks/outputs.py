"""What each program wrote, read back gene by gene. Shares no code with the writers."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]


class Output(Protocol):
    """A finished export of any program."""

    @property
    def genes(self) -> list[str]:
        """Names of all genes, in exported order."""
        ...

    def gene(self, name: str) -> Values:
        """The values of one gene, float32 ``(n_cells,)``."""
        ...


class Bundle(Output, Protocol):
    """An export of ours, in any format."""

    n_cells: int
    dtype: np.dtype[Any]

    def chunks(self, number: int) -> list[dict[str, Any]]:
        """Path, start, end and size of each part of a gene."""
        ...

    def stored(self, number: int) -> npt.NDArray[Any]:
        """The values of a gene as they lie in its parts, ``dtype``, ``(n_cells,)``."""
        ...


def open_bundle(folder: Path) -> Bundle:
    """Read the manifest of an export of ours."""
    return KaroSpaceOutput(folder) if (folder / "manifest.json").exists() else CellucidOutput(folder)


def stored_nbytes(bundle: Bundle, number: int) -> int:
    """Bytes of a gene as written."""
    return sum(chunk["size_bytes"] for chunk in bundle.chunks(number))


class KaroSpaceOutput:
    """A KaroSpace bundle, by its manifest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        manifest = json.loads((folder / "manifest.json").read_bytes())
        self.n_cells: int = manifest["n_cells"]
        self.genes: list[str] = manifest["gene_list"]
        self.dtype = np.dtype("<f4")
        self._numbers = {name: number for number, name in enumerate(self.genes)}
        self._listed: list[dict[str, Any]] = manifest["expression"]["genes"]

    def chunks(self, number: int) -> list[dict[str, Any]]:
        """Path, start, end and size of each part of a gene."""
        chunks: list[dict[str, Any]] = self._listed[number]["chunks"]
        return chunks

    def stored(self, number: int) -> npt.NDArray[Any]:
        """The values of a gene as they lie in its parts."""
        parts = [inflated(self._folder / chunk["path"]) for chunk in self.chunks(number)]
        return np.frombuffer(b"".join(parts), self.dtype)

    def gene(self, name: str) -> Values:
        """The values of one gene."""
        return self.stored(self._numbers[name])


class CellucidOutput:
    """An export in the Cellucid format, ours or of ``cellucid`` up to 0.9.4: one file a gene."""

    def __init__(self, folder: Path) -> None:
        manifest = json.loads((folder / "var_manifest.json").read_bytes())
        schema = manifest["_varSchema"]
        self._folder = folder
        self._pattern: str = schema["pathPattern"]
        self.n_cells: int = manifest["n_points"]
        self.dtype = np.dtype(schema["dtype"]).newbyteorder("<")
        self.genes: list[str] = [field[0] for field in manifest["fields"]]
        self._numbers = {name: number for number, name in enumerate(self.genes)}

    def path(self, number: int) -> str:
        """File of a gene."""
        key = re.sub(r"[^A-Za-z0-9._-]+", "_", self.genes[number]).strip("._") or "field"
        return self._pattern.format(key=key)

    def chunks(self, number: int) -> list[dict[str, Any]]:
        """The one file of a gene."""
        path = self.path(number)
        size = (self._folder / path).stat().st_size
        return [{"path": path, "start": 0, "end": self.n_cells, "size_bytes": size}]

    def stored(self, number: int) -> npt.NDArray[Any]:
        """The values of a gene as they lie in its file: codes, where it is quantised."""
        return np.frombuffer(inflated(self._folder / self.path(number)), self.dtype)

    def gene(self, name: str) -> Values:
        """The values of one gene, which must not be quantised."""
        assert self.dtype == np.float32, self.dtype
        return self.stored(self._numbers[name])


class GeneMajorOutput:
    """A gene-major AnnData store: ``cellucid`` 0.9.5 and later."""

    def __init__(self, store: Path) -> None:
        import zarr

        root: Any = zarr.open_group(store, mode="r")
        var, matrix = root["var"], root["X"]
        self.genes: list[str] = [str(name) for name in var[var.attrs["_index"]][:]]
        self._numbers = {name: number for number, name in enumerate(self.genes)}
        self._n_cells = int(matrix.attrs["shape"][0])
        self._matrix, self._indptr = matrix, np.asarray(matrix["indptr"][:])

    def gene(self, name: str) -> Values:
        """The values of one gene."""
        number = self._numbers[name]
        stored = slice(int(self._indptr[number]), int(self._indptr[number + 1]))
        values = np.zeros(self._n_cells, np.float32)
        values[np.asarray(self._matrix["indices"][stored])] = self._matrix["data"][stored]
        return values


class BaselineOutput:
    """What `benchmarks.baseline` writes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        listed: dict[str, str] = json.loads((folder / "genes.json").read_bytes())
        self._listed = listed
        self.genes = list(listed)

    def gene(self, name: str) -> Values:
        """The values of one gene."""
        return np.frombuffer(inflated(self._folder / self._listed[name]), "<f4")


def inflated(path: Path) -> bytes:
    """What a file holds, inflated where it is a gzip member."""
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data

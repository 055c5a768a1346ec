"""Ways in which a matrix of 10x Genomics can be damaged: in HDF5, and as text."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import anndata as ad
import h5py
import numpy as np
import pandas as pd
from scipy import sparse
from scipy.io import mmread

from tests.damage.hdf5_bytes import BYTE_KINDS, Kind, Rng
from tests.damage.hdf5_kinds import KINDS as HDF5_KINDS
from tests.made.tenx import counts, write_mtx, write_v2, write_v3

_OF_ANY_FILE = {"type", "shape", "type and shape", "attribute", "no node", "moved node", "swapped nodes"} | {
    "another node",
    "link",
    "values elsewhere",
    "odd names",
}


def build_h5(path: Path, rng: Rng) -> None:
    """A small file of Cell Ranger 2 or 3."""
    made = counts(several=bool(rng.integers(2)), n_cells=40)
    if rng.integers(3):
        write_v3(path, made)
    else:
        write_v2(path, {"GRCh38": made})


def read_h5(path: Path) -> ad.AnnData:
    """As scanpy reads it."""
    with h5py.File(path) as file:
        group = file["matrix"] if "matrix" in file else file[next(iter(file))]
        arrays = [group[name][()] for name in ("data", "indices", "indptr")]
        matrix = sparse.csr_matrix(tuple(arrays), shape=tuple(group["shape"][()][::-1]))
        matrix.check_format()
        names = group["features/name"][()] if "features" in group else group["gene_names"][()]
        adata = ad.AnnData(matrix, obs=pd.DataFrame(index=group["barcodes"][()].astype(str)))
        adata.var_names = names.astype(str)
        if "features" in group:
            types = group["features/feature_type"][()].astype(str)
            genes = types == "Gene Expression"
            adata = adata[:, genes] if genes.any() and len(set(types)) > 1 else adata
    return _plain(adata)


def build_mtx(path: Path, rng: Rng) -> None:
    """A folder of Cell Ranger 2 or 3, packed or not."""
    version = int(rng.integers(2, 4))
    write_mtx(path, counts(several=version == 3, n_cells=40), version=version, packed=bool(rng.integers(2)))


def read_mtx(path: Path) -> ad.AnnData:
    """As scanpy reads it."""
    texts = {
        each.name.removesuffix(".gz"): gzip.decompress(each.read_bytes())
        if each.read_bytes()[:2] == b"\x1f\x8b"
        else each.read_bytes()
        for each in path.iterdir()
    }
    from io import BytesIO

    matrix = sparse.csr_matrix(mmread(BytesIO(texts["matrix.mtx"])).T)
    features = [
        line.split("\t") for line in (texts.get("features.tsv") or texts["genes.tsv"]).decode().splitlines()
    ]
    adata = ad.AnnData(matrix, obs=pd.DataFrame(index=texts["barcodes.tsv"].decode().splitlines()))
    adata.var_names = [each[1] for each in features]
    if min(map(len, features)) > 2:
        types = np.array([each[2] for each in features])
        genes = types == "Gene Expression"
        adata = adata[:, genes] if genes.any() and len(set(types)) > 1 else adata
    return _plain(adata)


def _plain(adata: ad.AnnData) -> ad.AnnData:
    """Only what has values of its own: names that repeat become others."""
    return ad.AnnData(sparse.csr_matrix(adata.X).astype(np.float32), obs=pd.DataFrame(index=adata.obs_names))


def _one_file(change: Callable[[bytes, Rng], bytes], *, unpacked: bool = False) -> Kind:
    def damage(folder: Path, rng: Rng) -> None:
        # The matrix more often than the tables.
        paths = sorted(folder.iterdir())
        path = paths[int(rng.choice(len(paths), p=[0.2, 0.2, 0.6]))]
        data = path.read_bytes()
        packed = unpacked and data[:2] == b"\x1f\x8b"
        changed = change(gzip.decompress(data) if packed else data, rng)
        path.write_bytes(gzip.compress(changed) if packed else changed)

    return damage


def _flip(data: bytes, rng: Rng) -> bytes:
    changed = bytearray(data)
    for _ in range(int(rng.integers(1, 9))):
        changed[int(rng.integers(len(changed)))] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _cut(data: bytes, rng: Rng) -> bytes:
    return data[: int(rng.integers(len(data)))]


def _on_lines(change: Callable[[list[bytes], int, Rng], list[bytes]]) -> Kind:
    def on_text(data: bytes, rng: Rng) -> bytes:
        lines = data.split(b"\n")
        return b"\n".join(change(lines, int(rng.integers(len(lines))), rng))

    return _one_file(on_text, unpacked=True)


def _word(lines: list[bytes], at: int, rng: Rng) -> list[bytes]:
    words = lines[at].split(b" ")
    odd = [b"", b"0", b"-1", b"x", b"1e9", b"99999999999999999999", b"1.5", b"nan", b"\xff", b"\0", b"1 1"]
    words[int(rng.integers(len(words)))] = odd[int(rng.integers(len(odd)))]
    return [*lines[:at], b" ".join(words), *lines[at + 1 :]]


H5_KINDS: list[tuple[str, Kind]] = [
    *((name, kind) for name, kind in HDF5_KINDS if name in _OF_ANY_FILE),
    *BYTE_KINDS,
]
MTX_KINDS: list[tuple[str, Kind]] = [
    ("flipped bits", _one_file(_flip)),
    ("truncated", _one_file(_cut)),
    ("flipped bits of the text", _one_file(_flip, unpacked=True)),
    ("truncated text", _one_file(_cut, unpacked=True)),
    ("no line", _on_lines(lambda lines, at, rng: [*lines[:at], *lines[at + 1 :]])),
    ("twice a line", _on_lines(lambda lines, at, rng: [*lines[:at], lines[at], *lines[at:]])),
    ("odd word", _on_lines(_word)),
    (
        "odd word at the start",
        _on_lines(lambda lines, at, rng: _word(lines, min(at % 4, len(lines) - 1), rng)),
    ),
    ("no file", lambda folder, rng: sorted(folder.iterdir())[int(rng.integers(3))].unlink()),
    ("empty file", _one_file(lambda data, rng: b"")),
    ("packed twice", _one_file(lambda data, rng: gzip.compress(data))),
    ("damaged checksum", _one_file(lambda data, rng: data[:-8] + zlib.crc32(data).to_bytes(8, "little"))),
]

"""What people have that is no AnnData: what it is, and the line that converts it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from pathlib import Path

import h5py
import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.source import open_source

HDF5 = b"\x89HDF\r\n\x1a\n" + b"\0" * 500
MTX = b"%%MatrixMarket matrix coordinate integer general\n"


def refusal(path: Path) -> str:
    with pytest.raises(BadInputError) as caught:
        open_source(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def packed_folder() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("x.h5ad"), io.BytesIO())
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [gzip.compress(b"X\n\0\0\0\3"), b"X\n\0\0\0\3", b"RDX3\nX\n", bz2.compress(b"X\n")],
    ids=("gzip", "plain", "rdx3", "bz2"),  # a gzip member has the time in it: no name that two workers share
)
def test_objects_of_r(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "pbmc.rds"
    path.write_bytes(data)
    target = tmp_path / "pbmc.h5ad"
    message = refusal(path)
    assert message.startswith(f"{path} is an R object, not an AnnData; write it as .h5ad in R. ")
    assert f"A Seurat object: anndataR::write_h5ad(readRDS('{path}'), '{target}')" in message
    assert f"a SingleCellExperiment: zellkonverter::writeH5AD(readRDS('{path}'), '{target}')" in message


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.h5ad.gz", gzip.compress(HDF5), "is a .h5ad compressed with gzip, .*: gunzip -k {path}"),
        ("x.h5ad.bz2", bz2.compress(HDF5), "is compressed with bzip2, .*: bunzip2 -k {path}"),
        ("x.h5ad.xz", lzma.compress(HDF5), "is compressed with xz, .*: unxz -k {path}"),
        ("x.h5ad.zst", b"\x28\xb5\x2f\xfd" + b"\0" * 9, "is compressed with zstd, .*: unzstd -k {path}"),
        ("x.h5ad.gz", b"\x1f\x8b\x08\0broken", "is compressed with gzip, .*: gunzip -k {path}"),
        ("x.tar.gz", packed_folder(), "is a tar archive; unpack it with tar -xf"),
        ("x", packed_folder(), "is a tar archive; unpack it with tar -xf"),
        (
            "x.mtx.gz",
            gzip.compress(MTX),
            "without names of cells and genes; put it into a folder as matrix.mtx.gz",
        ),
        ("matrix.mtx", MTX, "is a Matrix Market file, not an AnnData$"),
        ("s1_matrix.mtx", MTX, "is a Matrix Market file, not an AnnData$"),
        (
            "x.csv",
            b"cell,gene\nA,1\n",
            r"a text file.*scanpy.read_csv\('{path}'\).write_h5ad\('{folder}/x.h5ad'\)",
        ),
        ("x.parquet", b"PAR1\0\0", "is a Parquet table, not an AnnData"),
        ("x.npy", b"\x93NUMPY\1\0", "is a NumPy table, not an AnnData"),
        ("x.pkl", b"\x80\x04\x95\0", "is a Python pickle, not an AnnData"),
        ("x.png", b"\x89PNG\r\n\x1a\n", "is an image, not an AnnData; .* with --image"),
    ],
    ids=lambda value: "data" if isinstance(value, bytes) else None,
)
def test_other_files(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BadInputError, match=words.format(path=path, folder=tmp_path)):
        open_source(path)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["matrix.mtx.gz", "barcodes.tsv.gz", "features.tsv.gz"], "a 10x Genomics matrix as text, not an A"),
        (["GSM1_matrix.mtx", "GSM1_barcodes.tsv"], "a folder with a 10x Genomics matrix as text"),
        (["filtered_feature_bc_matrix.h5"], "is a folder with a 10x Genomics matrix, not an AnnData$"),
        (["notes.txt"], r"is a folder but not a Zarr store \(it has no zarr.json and no .zgroup\)$"),
        (["a.h5ad", "notes.txt"], "; it contains a.h5ad$"),
    ],
)
def test_folders(tmp_path: Path, names: list[str], words: str) -> None:
    path = tmp_path / "sample"
    path.mkdir()
    for name in names:
        (path / name).touch()
    with pytest.raises(BadInputError, match=words.format(path=path)):
        open_source(path)


def test_other_hdf5(tmp_path: Path) -> None:
    tenx, misnamed = tmp_path / "x.h5", tmp_path / "y.h5ad"
    for path in (tenx, misnamed):
        with h5py.File(path, "w") as root:
            for name in ("barcodes", "data", "indices", "indptr"):
                root.create_group(f"matrix/{name}")
    assert refusal(tenx) == f"{tenx} is a 10x Genomics matrix, not an AnnData"
    assert refusal(misnamed) == f"{misnamed} is a 10x Genomics matrix, not an AnnData"

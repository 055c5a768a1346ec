"""``verify`` on gene-major AnnData stores: folders and zips."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.errors import BadInputError
from tests.e2e.test_verify import kinds, relist

Synth = Callable[..., Path]


@pytest.fixture(scope="module")
def source(shared: Path) -> Path:
    return shared / "data" / "cellrank50_velocity_umap.h5ad"


@pytest.fixture(scope="module")
def whole(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("whole") / "store.zarr"
    karospace_stream.export(source, target, format="anndata")
    return target


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Path:
    """A copy to be spoiled."""
    return Path(shutil.copytree(whole, tmp_path / "store.zarr"))


def test_damage(store: Path) -> None:
    (store / "X" / "data" / "0").unlink()
    short = store / "X" / "indices" / "0"
    short.write_bytes(short.read_bytes()[:-1])
    flipped = bytearray((store / "var" / "_index" / "0").read_bytes())
    flipped[len(flipped) // 2] ^= 1
    (store / "var" / "_index" / "0").write_bytes(flipped)
    found = kinds(karospace_stream.verify(store))
    assert found == {"X/data/0": "missing", "X/indices/0": "size", "var/_index/0": "checksum"}


@pytest.mark.parametrize("document", [".zmetadata", ".zgroup", "X/data/.zarray", "obs/.zattrs"])
def test_documents(document: str, store: Path) -> None:
    (store / document).unlink()
    assert kinds(karospace_stream.verify(store))[document] == "missing"


def test_a_chunk_of_no_array(store: Path) -> None:
    (store / "X" / "data" / "99").write_bytes(b"x")
    relist(store, "X/data/99")
    assert kinds(karospace_stream.verify(store)) == {"X/data/99": "manifest"}


def test_one_other_value(store: Path, source: Path) -> None:
    path = store / "X" / "data" / "0"
    raw = np.frombuffer(zlib.decompress(path.read_bytes()), "<f4").copy()
    raw[17] += 1
    path.write_bytes(zlib.compress(raw.tobytes(), 6))
    relist(store, "X/data/0")
    assert karospace_stream.verify(store), "without its source nobody can know"
    for sample in (None, 3):  # X is one array: a sample of genes is all of it
        verified = karospace_stream.verify(store, source=source, sample=sample)
        assert kinds(verified) == {"X/data/0": "value"}


def test_another_compression_is_no_other_value(store: Path, source: Path) -> None:
    path = store / "X" / "data" / "0"
    path.write_bytes(zlib.compress(zlib.decompress(path.read_bytes()), 1))
    relist(store, "X/data/0")
    assert karospace_stream.verify(store, source=source)


def test_another_source(whole: Path, source: Path, tmp_path: Path) -> None:
    adata = anndata.read_h5ad(source)
    adata.X.data[5] += 1
    for key in [key for key in adata.uns if not key.endswith("_colors")]:  # which a store keeps
        del adata.uns[key]
    adata.write_h5ad(tmp_path / source.name)
    assert kinds(karospace_stream.verify(whole, source=tmp_path / source.name)) == {"X/data/0": "value"}


def test_options_that_were_changed(store: Path, source: Path) -> None:
    listing = json.loads((store / "checksums.json").read_bytes())
    listing["options"]["anndata"] = {"zarr_format": "__import__:os"}
    (store / "checksums.json").write_text(json.dumps(listing))
    with pytest.raises(BadInputError, match="options"):
        karospace_stream.verify(store, source=source)


def test_a_zip(source: Path, tmp_path: Path) -> None:
    packed = tmp_path / "store.zarr.zip"
    karospace_stream.export(source, packed, format="anndata", latent="X_pca")
    verified = karospace_stream.verify(packed, source=source)
    assert verified, verified.faults
    data = bytearray(packed.read_bytes())
    at = data.index(b"X/data/0") + 8 + 40
    data[at] ^= 1
    packed.write_bytes(data)
    assert kinds(karospace_stream.verify(packed)) == {"X/data/0": "checksum"}


@pytest.mark.parametrize(
    "options",
    [
        {"group_by": ["sample", "cell_type"], "markers": "wilcoxon", "tie_correct": True},
        {"group_by": ["cell_type", "sample"], "reference": "rest"},
        {"group_by": ["cell_type"], "markers": "none"},
        {"genes": "hvgs:7", "hvg_flavor": "seurat", "hvg_batch": "sample"},
        {"pseudobulk": ["sample", "cell_type"]},
    ],
    ids=str,
)
def test_statistics_of_a_zip(options: dict[str, Any], synth: Synth, tmp_path: Path) -> None:
    """A zip records no options: what was computed shows in it."""
    source, target = synth(600, 12, chunk_values=500), tmp_path / "store.zarr.zip"
    karospace_stream.export(source, target, format="anndata", progress=False, **options)
    found = karospace_stream.verify(target, source=source, progress=False)
    assert (found.faults, found.notes) == ((), ())

"""Stores in one file beside those of cellucid 0.9.5: the same bytes, but for our comment at the end."""

from __future__ import annotations

import io
import secrets
import zipfile
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.storage import Store, location_of
from tests.oracle.gene_major.beyond import not_of_the_peer
from tests.oracle.others import ROOT, made_once

DATA = ROOT.parent / "shared" / "data"
PEER = "cellucid 0.9.5"
REAL = ("cellrank50_velocity_umap", "squidpy_visium_test_data")


def many_chunks() -> anndata.AnnData:
    """More than ten chunks along an axis, and columns with names that a path must stand."""
    rng = np.random.default_rng(0)
    n_cells = 6_000
    x = sparse.random(n_cells, 300, 0.4, "csr", np.float32, random_state=rng)
    names = ("cell type", "type cellulaire (é)", "細胞", "a#b", "a+b", "100% sure", "a%20b", "c", "10", "9")
    obs = {name: rng.random(n_cells) for name in names[:5]}
    obs |= {name: pd.Categorical(rng.choice(["x y", "é"], n_cells)) for name in names[5:]}
    made = anndata.AnnData(x, pd.DataFrame(obs, index=[f"c{i}" for i in range(n_cells)]))
    made.obsm["X_umap"] = rng.random((n_cells, 2), np.float32)
    return made


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run of the other program over all files, whatever the number of test processes."""

    def files(folder: Path) -> list[Path]:
        many_chunks().write_h5ad(folder / "many.h5ad")
        return [folder / "many.h5ad", *(DATA / f"{name}.h5ad" for name in REAL if DATA.is_dir())]

    return made_once(tmp_path_factory, "zipped-peer", PEER, ROOT / "tests/oracle/zipped/run.py", files)


@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize("name", ["many", *REAL])
def test_the_same_bytes(name: str, zarr_format: int, peer: Path, tmp_path: Path) -> None:
    file = peer / "many.h5ad" if name == "many" else DATA / f"{name}.h5ad"
    if not file.exists():
        pytest.skip(f"the shared test data is not at {DATA}")
    wanted = (peer / f"{name}.v{zarr_format}.zarr.zip").read_bytes()
    left_out = not_of_the_peer(karospace_stream.plan_export(file, format="anndata"))
    for target in (tmp_path / "x.zarr.zip", f"memory://{secrets.token_hex(4)}/x.zarr.zip"):
        karospace_stream.export(
            file,
            target,
            format="anndata",
            zarr_format=zarr_format,
            dataset_id="d",
            name="Dâta",
            leave_out=left_out,
        )
        url = target if isinstance(target, str) else f"file://{target}"
        made = Store(location_of(url)).read("")
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            comment = archive.comment
        assert made.removesuffix(len(comment).to_bytes(2, "little") + comment) + b"\0\0" == wanted

"""Vendor folders are read as scanpy, squidpy and spatialdata-io read them, value by value."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy import sparse

from karospace_stream.inputs.open import open_input
from karospace_stream.options.general.inputs import InputOptions
from tests.made.tenx_folders import picture, write_tenx_h5, write_visium, write_visium_hd, write_xenium
from tests.oracle.others import ROOT, made_once

DATA = ROOT.parent / "shared" / "data"
#: Sources of these packages have small folders of Space Ranger for their own tests.
PUBLIC = {
    "visium-scanpy": ("scanpy==1.11.5", "tests/_data/visium_data/1.0.0"),
    "visium-squidpy": ("squidpy==1.8.2", "tests/_data"),
}


def public(folder: Path) -> list[Path]:
    """Real folders, if the package index can be reached."""
    found = []
    for name, (requirement, inner) in PUBLIC.items():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        if subprocess.run([*pip, "--dest", folder, requirement], check=False).returncode:
            continue
        (archive,) = folder.glob(f"{requirement.replace('==', '-')}*.tar.gz")
        with tarfile.open(archive) as packed:
            top = packed.next().name.partition("/")[0]  # type: ignore[union-attr]
            wanted = [each for each in packed if each.name.startswith(f"{top}/{inner}/")]
            packed.extractall(folder / "unpacked", wanted, filter="data")
        (folder / name).symlink_to(folder / "unpacked" / top / inner, target_is_directory=True)
        found.append(folder / name)
    return found


def shared(folder: Path) -> list[Path]:
    """Real positions and an image, laid out as Space Ranger does."""
    path = DATA / "soma_visium.h5ad"
    if not path.exists():
        return []
    adata = anndata.read_h5ad(path)
    outs = folder / "visium-soma"
    (outs / "spatial").mkdir(parents=True)
    values = sparse.csr_matrix(adata.X)
    write_tenx_h5(
        outs / "filtered_feature_bc_matrix.h5", values, list(adata.obs_names), list(adata.var_names)
    )
    library = adata.uns["spatial"]["visium_sample"]
    table = adata.obs[["in_tissue", "array_row", "array_col"]].rename_axis("barcode")
    table = table.assign(
        pxl_row_in_fullres=adata.obsm["spatial"][:, 1], pxl_col_in_fullres=adata.obsm["spatial"][:, 0]
    )
    table.sample(frac=1, random_state=1).to_csv(outs / "spatial" / "tissue_positions.csv")
    scales = {name: float(value) for name, value in library["scalefactors"].items()}
    pd.Series(scales).to_json(outs / "spatial" / "scalefactors_json.json")
    pixels = (library["images"]["lowres"] * 255).round().astype(np.uint8)
    Image.fromarray(pixels).save(outs / "spatial" / "tissue_lowres_image.png")
    picture(outs / "spatial" / "tissue_hires_image.png", 300, 200)
    return [outs]


def sources(folder: Path) -> list[Path]:
    write_visium(folder / "visium-header")
    write_visium(folder / "visium-none", has_header=False, positions="tissue_positions_list.csv")
    made = [folder / "visium-header", folder / "visium-none"]
    for size in (2, 8, 16):
        write_visium_hd(folder / f"hd-{size}", size, side=40)
        made.append(folder / f"hd-{size}")
    for ids in ("text", "bytes"):
        write_xenium(folder / f"xenium-{ids}", ids=ids, n_cells=200)
        made.append(folder / f"xenium-{ids}")
    return [*made, *shared(folder), *public(folder)]


def dense(source: Any) -> np.ndarray:
    block = source.matrix("X").read_rows(0, source.catalog.n_cells)
    return sparse.csr_matrix((block.data, block.indices, block.indptr), source.catalog.matrix.shape).toarray()


def check_column(source: Any, name: str, expected: pd.Series) -> None:
    column = source.obs_column(name, 0, len(expected))
    values = column.values
    if column.categories is not None:
        values = np.array([*column.categories, ""], object)[values]
    if column.missing is not None:
        values = np.where(column.missing, np.nan, values)
    np.testing.assert_array_equal(values, expected.to_numpy(), name)


def check_images(source: Any, adata: anndata.AnnData) -> int:
    ((library, about),) = adata.uns["spatial"].items()
    assert source.catalog.libraries == (library,)
    for info in source.catalog.images:
        pixels = source.image(library, info.resolution)
        expected = np.asarray(about["images"][info.resolution])
        if expected.dtype.kind == "f":  # matplotlib's range
            expected = (expected * 255).round().astype(np.uint8)
        if pixels.ndim == 3 and expected.shape[2] < pixels.shape[2]:
            pixels = pixels[:, :, : expected.shape[2]]
        np.testing.assert_array_equal(pixels, expected)
        assert info.scale == about["scalefactors"][f"tissue_{info.resolution}_scalef"]
        assert info.spot_diameter == about["scalefactors"]["spot_diameter_fullres"]
    return len(source.catalog.images)


@pytest.mark.big
@pytest.mark.filterwarnings("ignore")
def test_vendor_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    script = Path(__file__).with_name("vendor") / "run.py"
    peer = made_once(
        tmp_path_factory, "vendor", "spatialdata-io", script, lambda folder: list(map(str, sources(folder)))
    )
    compared = sorted(peer.glob("*.h5ad"))
    assert len(compared) >= 9
    n_images = 0
    for path in compared:
        name, reader, _ = path.name.split(".")
        adata, folder = anndata.read_h5ad(path), peer / name
        source = open_input(str(folder), InputOptions())
        n = adata.n_obs
        assert source.obs_names(0, n).tolist() == adata.obs_names.tolist(), path
        assert source.var_names().tolist() == adata.var_names.tolist()
        np.testing.assert_array_equal(dense(source), adata.X.toarray())
        np.testing.assert_array_equal(source.obsm("spatial", 0, n, 2), adata.obsm["spatial"])
        ours = {info.name for info in source.catalog.obs}
        theirs = set(adata.obs) - {"region", "location_id", "cell_labels", "cell_id"}
        assert theirs <= ours, (path, theirs - ours)
        for column in sorted(theirs):
            check_column(source, column, adata.obs[column])
        if reader in ("scanpy", "squidpy"):
            n_images += check_images(source, adata)
    assert n_images >= 4

"""Folders of Space Ranger: every value of the matrix, the positions, the images and the analyses."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from PIL import Image

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.inputs.open import open_input
from karospace_stream.options.general.inputs import InputOptions
from tests.made.tenx_folders import SCALES, Made, write_mtx, write_visium, write_visium_hd


def opened(path: Path) -> Any:
    return open_input(str(path), InputOptions())


def check_matrix(source: Any, made: Made) -> None:
    block = source.matrix("X").read_rows(0, len(made.barcodes))
    dense = np.zeros(made.matrix.shape)
    rows = np.repeat(np.arange(len(made.barcodes)), np.diff(block.indptr))
    dense[rows, block.indices] = block.data
    np.testing.assert_array_equal(dense, made.matrix.toarray())
    assert source.obs_names(0, len(made.barcodes)).tolist() == made.barcodes
    assert source.var_names().tolist() == made.genes


def check_positions(source: Any, table: pd.DataFrame) -> None:
    n = len(table)
    expected = table[["pxl_col_in_fullres", "pxl_row_in_fullres"]].to_numpy(np.float64)
    np.testing.assert_array_equal(source.obsm("spatial", 0, n, 2), expected)
    for name in ("in_tissue", "array_row", "array_col"):
        np.testing.assert_array_equal(source.obs_column(name, 0, n).values, table[name])


@pytest.mark.parametrize(
    ("positions", "has_header"),
    [
        ("tissue_positions.csv", True),
        ("tissue_positions_list.csv", False),
        ("tissue_positions_list.csv", True),
        ("tissue_positions.csv.gz", True),
        ("tissue_positions_list.csv.gz", False),
        ("tissue_positions.parquet", True),
    ],
)
def test_visium(tmp_path: Path, positions: str, has_header: bool) -> None:
    made = write_visium(tmp_path / "brain" / "outs", positions=positions, has_header=has_header)
    source = opened(made.path)
    catalog = source.catalog
    assert (catalog.kind, catalog.name, catalog.libraries) == ("Visium folder", "brain", ("sample1",))
    assert (catalog.spot_diameter, catalog.microns_per_pixel) == (8.5, None)
    assert not catalog.findings
    assert not catalog.unreadable
    check_matrix(source, made)
    check_positions(source, made.table)
    for info in catalog.images:
        name = f"tissue_{info.resolution}_image.png"
        pixels = np.asarray(Image.open(made.path / "spatial" / name))
        np.testing.assert_array_equal(source.image("sample1", info.resolution), pixels)
        assert (info.height, info.width) == pixels.shape[:2]
        assert info.scale == SCALES[f"tissue_{info.resolution}_scalef"]
    assert [info.resolution for info in catalog.images] == ["hires", "lowres"]


def test_the_folder_above_and_other_names(tmp_path: Path) -> None:
    made = write_visium(tmp_path / "brain" / "outs")
    assert opened(tmp_path / "brain").catalog.n_cells == len(made.barcodes)
    matrix = made.path / "filtered_feature_bc_matrix.h5"
    matrix.rename(made.path / "V1_Brain_filtered_feature_bc_matrix.h5")
    check_matrix(opened(made.path), made)
    (made.path / "V1_Brain_filtered_feature_bc_matrix.h5").rename(made.path / "raw_feature_bc_matrix.h5")
    check_matrix(opened(made.path), made)


def test_matrix_as_text(tmp_path: Path) -> None:
    """Read where there is no HDF5 file; its rows are sorted before the export."""
    made = write_visium(tmp_path / "brain" / "outs", analysis=True)
    (made.path / "filtered_feature_bc_matrix.h5").unlink()
    write_mtx(made.path / "filtered_feature_bc_matrix", made)
    source = opened(made.path)
    assert (source.catalog.kind, source.catalog.libraries) == ("Visium folder", ("brain",))
    assert source.preparation is not None
    check_positions(source, made.table)
    karospace_stream.export(made.path, tmp_path / "store.zarr", format="anndata")
    store = anndata.read_zarr(tmp_path / "store.zarr")
    np.testing.assert_array_equal(store.X.toarray(), made.matrix.toarray())
    expected = made.table[["pxl_col_in_fullres", "pxl_row_in_fullres"]].to_numpy()
    np.testing.assert_array_equal(store.obsm["spatial"], expected)


def test_analyses(tmp_path: Path) -> None:
    made = write_visium(tmp_path / "outs", analysis=True)
    source, n = opened(made.path), len(made.barcodes)
    for name in ("graphclust", "kmeans_2_clusters"):
        path = made.path / "analysis" / "clustering" / f"gene_expression_{name}" / "clusters.csv"
        expected = pd.read_csv(path, index_col=0).loc[made.barcodes, "Cluster"].astype(str)
        column = source.obs_column(name, 0, n)
        assert [column.categories[code] for code in column.values] == expected.tolist()
        assert list(column.categories) == sorted(set(expected), key=int)
    for key, inner in (("X_umap", "umap/gene_expression_2"), ("X_pca", "pca/gene_expression_4")):
        table = pd.read_csv(
            made.path / "analysis" / f"{inner}_components" / "projection.csv",
            index_col=0,
            float_precision="round_trip",
        )
        expected = table.loc[made.barcodes].to_numpy()
        np.testing.assert_array_equal(source.obsm(key, 0, n, expected.shape[1]), expected)


def test_cells_without_rows_and_rows_without_cells(tmp_path: Path) -> None:
    made = write_visium(tmp_path / "outs", analysis=True)
    path = made.path / "spatial" / "tissue_positions.csv"
    table = pd.read_csv(path, index_col="barcode")
    gone = [made.barcodes[0], made.barcodes[5]]
    table = table.drop(gone)
    more = table.iloc[[0, 1, 2]].assign(in_tissue=[1, 1, 0]).set_axis(["A-1", "B-1", "C-1"])
    pd.concat([table, more]).rename_axis("barcode").to_csv(path)
    source, n = opened(made.path), len(made.barcodes)
    found = {each.code: each.text for each in source.catalog.findings}
    assert found["rows-missing"].startswith("2 spots have no row in ")
    assert found["rows-unused"].startswith("2 spots in the tissue by ")
    xy, expected = source.obsm("spatial", 0, n, 2), made.table.set_index("barcode")
    lost = np.isin(made.barcodes, gone)
    assert np.isnan(xy[lost]).all()
    np.testing.assert_array_equal(
        xy[~lost], expected.loc[~lost, ["pxl_col_in_fullres", "pxl_row_in_fullres"]]
    )
    column = source.obs_column("array_row", 0, n)
    np.testing.assert_array_equal(column.missing, lost)
    np.testing.assert_array_equal(column.values[~lost], expected.loc[~lost, "array_row"])


@pytest.mark.parametrize("size", [2, 8, 16])
def test_bins(tmp_path: Path, size: int) -> None:
    made = write_visium_hd(tmp_path / "lung" / "outs", size)
    source = opened(made.path)
    catalog = source.catalog
    assert (catalog.kind, catalog.name) == ("Visium HD folder", f"lung_{size:03d}um")
    assert catalog.microns_per_pixel == 0.2736
    assert catalog.spot_diameter == size / 0.2736
    assert not catalog.findings
    check_matrix(source, made)
    check_positions(source, made.table)
    assert len(catalog.images) == 2


def test_eight_micrometres_are_read_of_a_folder_with_several_sizes(tmp_path: Path) -> None:
    outs = tmp_path / "lung" / "outs"
    made = {size: write_visium_hd(outs, size) for size in (2, 8, 16)}
    for given in (outs / "binned_outputs", outs, tmp_path / "lung"):
        source = opened(given)
        check_matrix(source, made[8])
        (finding,) = source.catalog.findings
        assert finding.code == "bin-size"
        assert finding.text.startswith("bins of 8 µm are read; for others, give their folder: ")
        assert finding.text.endswith("square_016um")
    (outs / "segmented_outputs").mkdir()
    assert [each.code for each in opened(outs).catalog.findings] == ["bin-size", "segmented-cells"]


def test_bins_of_the_raw_matrix_have_all_rows(tmp_path: Path) -> None:
    made = write_visium_hd(tmp_path / "outs", 16, tissue_only=False)
    check_positions(opened(made.path), made.table)


def test_memory_of_what_was_read_is_counted(tmp_path: Path) -> None:
    made = write_visium_hd(tmp_path / "outs", 2)
    assert opened(made.path).catalog.held_nbytes == len(made.barcodes) * (16 + 1 + 4 + 4)


def test_other_barcodes_in_parquet(tmp_path: Path) -> None:
    """Rows that do not say their numbers are joined by the whole barcode."""
    made = write_visium_hd(tmp_path / "outs", 8)
    path = made.path / "spatial" / "tissue_positions.parquet"
    table = pd.read_parquet(path)
    table["array_row"] += 1
    table.iloc[::-1].to_parquet(path, index=False)
    check_positions(opened(made.path), made.table.assign(array_row=made.table["array_row"] + 1))


def test_segmented_cells_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "segmented_outputs"
    folder.mkdir()
    (folder / "filtered_feature_cell_matrix.h5").touch()
    (folder / "cell_segmentations.geojson").touch()
    with pytest.raises(BadInputError, match="holds segmented cells of Space Ranger"):
        opened(folder)


def test_options_of_other_kinds_are_refused(tmp_path: Path) -> None:
    made = write_visium(tmp_path / "outs")
    for options in (InputOptions(table="table"), InputOptions(modality=("rna",))):
        with pytest.raises(BadOptionError, match=r"but .* is Visium folder; leave it out"):
            open_input(str(made.path), options)


def test_travels_and_notices_changes(tmp_path: Path) -> None:
    made = write_visium(tmp_path / "outs")
    source = pickle.loads(pickle.dumps(opened(made.path)))
    check_positions(source, made.table)
    source.check()
    assert opened(made.path).catalog.fingerprint == source.catalog.fingerprint
    image = made.path / "spatial" / "tissue_hires_image.png"
    image.write_bytes(image.read_bytes() + b" ")
    with pytest.raises(BadInputError, match="changed while it was read"):
        source.check()


def test_export(tmp_path: Path) -> None:
    """The bundle of a folder is that of the same data in a file."""
    made = write_visium(tmp_path / "brain" / "outs")
    spatial = made.path / "spatial"
    images = {
        name: np.asarray(Image.open(spatial / f"tissue_{name}_image.png")) for name in ("hires", "lowres")
    }
    xy = made.table[["pxl_col_in_fullres", "pxl_row_in_fullres"]].to_numpy(np.float64)
    adata = anndata.AnnData(
        made.matrix,
        made.table.set_index("barcode")[["array_row", "array_col"]].astype(np.int32),
        pd.DataFrame(index=made.genes),
        obsm={"spatial": xy},
        uns={"spatial": {"sample1": {"images": images, "scalefactors": SCALES}}},
    )
    adata.write_h5ad(tmp_path / "brain.h5ad")
    targets = []
    for name, source in (("folder", made.path), ("file", tmp_path / "brain.h5ad")):
        targets.append(tmp_path / name)
        karospace_stream.export(source, targets[-1], coords="obsm:spatial", anno=["array_row", "array_col"])
    files = [sorted(p.relative_to(t) for p in t.rglob("*") if p.is_file()) for t in targets]
    assert files[0] == files[1]
    same = [path for path in files[0] if path.suffix in (".gz", ".png")]
    assert {path.suffix for path in same} == {".gz", ".png"}
    for path in same:
        assert (targets[0] / path).read_bytes() == (targets[1] / path).read_bytes(), path


def test_several_slides_keep_their_images(tmp_path: Path) -> None:
    made = [write_visium(tmp_path / name / "outs", library=f"library_{name}") for name in "ab"]
    found = open_input([str(each.path) for each in made], InputOptions())
    assert found.catalog.n_cells == sum(len(each.barcodes) for each in made)
    assert found.catalog.libraries == ("library_a", "library_b")
    assert [info.library for info in found.catalog.images] == ["library_a"] * 2 + ["library_b"] * 2
    assert found.catalog.held_nbytes == sum(opened(each.path).catalog.held_nbytes for each in made)
    check_positions(found, pd.concat([each.table for each in made]))
    for info in found.catalog.images:
        pixels = found.image(info.library, info.resolution)
        path = made[info.library == "library_b"].path / "spatial" / f"tissue_{info.resolution}_image.png"
        np.testing.assert_array_equal(pixels, np.asarray(Image.open(path)))


@pytest.mark.parametrize("scheduler", ["sync", pytest.param("processes", marks=pytest.mark.big)])
def test_bins_in_other_processes(tmp_path: Path, scheduler: str) -> None:
    made = write_visium_hd(tmp_path / "outs", 8, side=40)
    target = tmp_path / "store.zarr"
    karospace_stream.export(made.path, target, format="anndata", scheduler=scheduler)
    store = anndata.read_zarr(target)
    np.testing.assert_array_equal(store.X.toarray(), made.matrix.toarray())
    expected = made.table[["pxl_col_in_fullres", "pxl_row_in_fullres"]].to_numpy(np.float32)
    np.testing.assert_array_equal(store.obsm["spatial"], expected)
    np.testing.assert_array_equal(store.obs["array_col"], made.table["array_col"])

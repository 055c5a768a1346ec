"""Exports of several inputs: the same bytes however they are cut, resumed, verified, laid out."""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from karospace_stream import export, verify
from karospace_stream.errors import BadInputError, TargetError
from karospace_stream.inputs.open import open_input
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.shared_paths import required_paths
from tests.e2e.resume.cutting import cut_off, small


def slide(key: str, n: int = 60, **uns: Any) -> anndata.AnnData:
    """A slide of spatial data with an image; every slide calls its library the same."""
    random = np.random.default_rng(list(key.encode()))
    values = sparse.random(n, 20, 0.3, "csr", np.float32, random_state=1)
    types = pd.Categorical(random.choice(list("TBN")[: 2 + ord(key) % 2], n))
    adata = anndata.AnnData(
        values,
        obs=pd.DataFrame({"type": types}, index=[f"c{number}" for number in range(n)]),
        var=pd.DataFrame(index=[f"G{number}" for number in range(20)]),
    )
    adata.obsm["spatial"] = random.random((n, 2)) * 1000
    adata.uns["type_colors"] = np.array(["#ff0000", "#00ff00", "#0000ff"][: len(types.categories)], object)
    factors = {"tissue_hires_scalef": 0.03, "spot_diameter_fullres": 9.0}
    image = random.random((30, 30, 3)).astype(np.float32)
    adata.uns["spatial"] = {"slide": {"images": {"hires": image}, "scalefactors": factors}}
    adata.uns.update(uns)
    return adata


@pytest.fixture(scope="module")
def slides(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("slides")
    for key in "abc":
        slide(key).write_h5ad(folder / f"{key}.h5ad")
    return [str(folder / f"{key}.h5ad") for key in "abc"]


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in TIMES)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


#: Files that say when and how an export was made.
TIMES = {"report.json", "manifest.json", "checksums.json", "atlas.json", "index.html"}


def test_bytes_do_not_depend_on_how_the_work_is_cut(slides: list[str], tmp_path: Path) -> None:
    ways = {
        "threads": {},
        "sync": {"scheduler": "sync", "workers": 1},
        "spill": {"strategy": "spill"},
        "processes": {"scheduler": "processes", "workers": 2},
    }
    for way, options in ways.items():
        export(slides, str(tmp_path / way), **options)  # type: ignore[arg-type]
    found = {way: digests(tmp_path / way) for way in ways}
    assert len(found["threads"]) > 20
    assert all(each == found["threads"] for each in found.values())


def test_the_bundle_is_that_of_the_joined_file(tmp_path: Path) -> None:
    given = {key: slide(key) for key in "ab"}
    for key, adata in given.items():
        del adata.uns["spatial"]
        adata.write_h5ad(tmp_path / f"{key}.h5ad")
    whole = anndata.concat(given, merge="unique", uns_merge="first", index_unique="-", label="file")
    whole.write_h5ad(tmp_path / "whole.h5ad")
    paths = [str(tmp_path / f"{key}.h5ad") for key in given]
    export(paths, str(tmp_path / "out"), index_unique="-", batch_column="file", name="slides")
    export(str(tmp_path / "whole.h5ad"), str(tmp_path / "whole"), name="slides", section="file")
    assert len(digests(tmp_path / "out")) > 20
    assert digests(tmp_path / "out") == digests(tmp_path / "whole")


def test_verify_takes_the_same_list(slides: list[str], tmp_path: Path) -> None:
    export(slides, str(tmp_path / "out"), join="outer", batch_column="file")
    done = verify(str(tmp_path / "out"), source=slides)
    assert not done.faults
    assert done.n_compared > 20


def test_inputs_are_laid_out_in_a_grid_with_their_images(slides: list[str], tmp_path: Path) -> None:
    export(slides, str(tmp_path / "out"), arrange="grid")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    text = json.dumps(manifest)
    assert '"batch"' in text
    source = open_input(slides, ExportOptions(arrange="grid"))
    assert source.catalog.libraries == ("a", "b", "c")
    assert [image.library for image in source.catalog.images] == ["a", "b", "c"]
    assert source.obs_categories("batch").values.tolist() == ["a", "b", "c"]


def test_slides_have_a_column_for_their_library(slides: list[str]) -> None:
    source = open_input(slides, ExportOptions())
    assert source.obs_categories("library_id").values.tolist() == ["a", "b", "c"]


def test_colours_are_united_by_category(slides: list[str]) -> None:
    source = open_input(slides, ExportOptions())
    assert source.obs_categories("type").values.tolist() == ["B", "N", "T"]
    colors = {each: source.uns_colors("type")[number] for number, each in enumerate("BNT")}  # type: ignore[index]
    assert colors == {"B": "#ff0000", "N": "#00ff00", "T": "#0000ff"}


@pytest.mark.parametrize("layouts", [("csr", "csr"), ("csr", "csc")])
def test_an_interrupted_export_resumes(tmp_path: Path, layouts: tuple[str, str]) -> None:
    for key, layout in zip("ab", layouts, strict=True):
        adata = slide(key, 300)
        adata.X = adata.X.asformat(layout)
        adata.write_h5ad(tmp_path / f"{key}.h5ad")
    paths = [str(tmp_path / f"{key}.h5ad") for key in "ab"]
    cut_off(paths, tmp_path / "out", n_tasks=3, strategy="spill")
    export(paths, str(tmp_path / "out"), **small(resume=True, strategy="spill"))
    export(paths, str(tmp_path / "whole"), **small())
    assert digests(tmp_path / "out") == digests(tmp_path / "whole")
    assert not verify(str(tmp_path / "out"), source=paths).faults
    before = (tmp_path / "out" / "manifest.json").stat().st_mtime_ns
    export(paths, str(tmp_path / "out"), **small(resume=True))
    assert (tmp_path / "out" / "manifest.json").stat().st_mtime_ns == before


def test_no_input_is_overwritten_and_a_cluster_must_see_all(slides: list[str], tmp_path: Path) -> None:
    mine = [str(shutil.copy(path, tmp_path)) for path in slides]
    with pytest.raises(TargetError, match="must not be the input"):
        export(mine, mine[2], format="anndata", overwrite=True)
    assert set(mine) <= set(required_paths(open_input(mine, ExportOptions())))


def test_a_file_that_changes_is_noticed(tmp_path: Path) -> None:
    for key in "ab":
        slide(key).write_h5ad(tmp_path / f"{key}.h5ad")
    source = open_input([str(tmp_path / f"{key}.h5ad") for key in "ab"], ExportOptions())
    source.check()
    slide("b", 61).write_h5ad(tmp_path / "b.h5ad")
    with pytest.raises(BadInputError, match=r"b\.h5ad"):
        source.check()


def test_counts_beside_logarithms_are_a_finding(tmp_path: Path) -> None:
    one, two = slide("a"), slide("b")
    one.X = (one.X * 100).floor()
    for key, adata in {"one": one, "two": two}.items():
        adata.write_h5ad(tmp_path / f"{key}.h5ad")
    found = open_input(
        [str(tmp_path / "one.h5ad"), str(tmp_path / "two.h5ad")], ExportOptions()
    ).catalog.findings
    text = next(each.text for each in found if each.code == "mixed-values")
    assert "counts in one and normalised values in two" in text


def test_very_many_files_are_one_source(tmp_path: Path) -> None:
    slide("a", 4).write_h5ad(tmp_path / "0.h5ad")
    first = tmp_path / "0.h5ad"
    paths = [first, *(tmp_path / f"{number}.h5ad" for number in range(1, 200))]
    for path in paths[1:]:
        path.hardlink_to(first)
    source = open_input([str(path) for path in paths], ExportOptions(batch_column="file"))
    assert source.catalog.n_cells == 800
    assert len(source.catalog.locations) == 200
    assert len(pickle.dumps(source)) < 3_000_000
    block = source.matrix("X").read_rows(0, 800)
    assert len(block.indptr) == 801  # type: ignore[union-attr]
    assert source.obs_column("file", 8, 9).categories[2] == "2"  # type: ignore[index]


@pytest.mark.parametrize("options", [{}, {"normalize": "1e4", "log1p": True}, {"where": "file == 'b'"}])
def test_mixed_layouts_go_with_other_options(tmp_path: Path, options: dict[str, Any]) -> None:
    given = {key: slide(key) for key in "ab"}
    for key, adata in given.items():
        adata.X = adata.X.ceil()
        adata.X = adata.X.tocsc() if key == "b" else adata.X
        adata.write_h5ad(tmp_path / f"{key}.h5ad")
    paths = [str(tmp_path / f"{key}.h5ad") for key in given]
    export(paths, str(tmp_path / "out"), format="anndata", batch_column="file", index_unique="-", **options)
    ours = anndata.read_zarr(tmp_path / "out")
    whole = anndata.concat(given, label="file", index_unique="-")
    theirs = whole[ours.obs_names].X.toarray()
    if "normalize" in options:
        theirs = np.log1p(theirs / theirs.sum(axis=1, keepdims=True) * 1e4)
    assert ours.n_obs == (60 if "where" in options else 120)
    np.testing.assert_allclose(ours.X.toarray(), theirs, rtol=1e-6)

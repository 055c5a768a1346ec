"""What cannot be exported is refused with one sentence, and nothing is left behind."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import h5py
import numpy as np
import pytest

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError, BudgetError, KaroSpaceError
from tests.e2e.support import run

Synth = Callable[..., Path]


def refused(source: Any, target: Path, kind: type[KaroSpaceError], **options: Any) -> str:
    """The sentence with which an export is refused; checks that it left nothing."""
    before = set(target.parent.iterdir())
    with pytest.raises(kind) as caught:
        karospace_stream.export(source, target, **options)
    assert set(target.parent.iterdir()) == before, "something was left behind"
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert 20 < len(sentence) < 1_000
    return sentence


UNFIT = {
    "localsc_pbmc3k_processed.h5ad": "truncated",
    "muon_rna_atac.h5ad": "coordinates",
    "scp_indexed_by_gene_id.h5ad": "coordinates",
    "scp_dup_feature.h5ad": "coordinates",
}


@pytest.mark.parametrize("name", UNFIT)
def test_real_files(name: str, shared: Path, tmp_path: Path) -> None:
    path = shared / "data" / name
    sentence = refused(path, tmp_path / "bundle", BadInputError)
    assert UNFIT[name] in sentence
    assert name in sentence


@pytest.mark.parametrize("name", UNFIT)
def test_on_the_command_line(name: str, shared: Path, tmp_path: Path) -> None:
    done = run("export", shared / "data" / name, tmp_path / "bundle")
    assert done.returncode == BadInputError.exit_code
    assert UNFIT[name] in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_something_else(tmp_path: Path, synth: Synth) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    text = inputs / "text.h5ad"
    text.write_text("gene,cell,count\nA,1,2\n")
    empty = inputs / "empty.h5ad"
    empty.touch()
    other = inputs / "other.h5ad"
    with h5py.File(other, "w") as file:
        file["measurements"] = np.arange(3)
    zipped = inputs / "folder.zarr"
    zipped.mkdir()
    (zipped / "readme.txt").write_text("nothing")
    cut = inputs / "cut.h5ad"
    cut.write_bytes(synth(700, 90).read_bytes()[:60_000])
    gone = inputs / "gone.h5ad"
    for path in (text, empty, other, zipped, cut, gone):
        assert path.name in refused(path, tmp_path / "bundle", KaroSpaceError)


def test_a_chunk_that_was_damaged(tmp_path: Path, synth: Synth) -> None:
    path = tmp_path / "damaged.h5ad"
    shutil.copy(synth(3_000, 400, chunk_values=20_000), path)
    with h5py.File(path) as file:
        chunk = file["X/data"].id.get_chunk_info(2)
    with path.open("r+b") as file:
        file.seek(chunk.byte_offset + 100)
        file.write(bytes(1_000))
    sentence = refused(path, tmp_path / "bundle", BadInputError, genes="all")
    assert "X/data" in sentence or "damaged.h5ad" in sentence


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"genes": "best:5"}, ["best:5", "hvgs:N"]),
        ({"genes": "top_mean:0"}, ["top_mean"]),
        ({"anno": ["cell_typ"]}, ["cell_typ", "cell_type"]),
        ({"coords": "obsm:X_umpa"}, ["X_umpa", "did you mean 'X_umap'"]),
        ({"coords": "obs:a,b"}, ["a"]),
        ({"coords": "obs:cell_type,sample"}, ["cell_type"]),
        ({"layer": "counts"}, ["counts"]),
        ({"raw": True}, ["raw"]),
        ({"layer": "counts", "raw": True}, ["layer", "raw"]),
        ({"memory": "lots"}, ["lots"]),
        ({"downsample": 0}, ["downsample"]),
        ({"max_asset_mb": 0}, ["max_asset_mb"]),
        ({"max_asset_mb": float("nan")}, ["max_asset_mb"]),
        ({"compression": 99}, ["compression"]),
        ({"scheduler": "slurm"}, ["slurm", "threads"]),
        ({"strategy": "guess"}, ["guess"]),
        ({"strategy": "pass"}, ["pass"]),
        ({"image": "no/such/picture.png"}, ["picture.png"]),
        ({"workers": 0}, ["workers"]),
    ],
    ids=str,
)
def test_options(options: dict[str, Any], words: list[str], synth: Synth, tmp_path: Path) -> None:
    sentence = refused(synth(700, 90), tmp_path / "bundle", KaroSpaceError, **options)
    assert all(word in sentence for word in words), sentence


@pytest.mark.parametrize("layout", ["csr", "csc", "dense"])
def test_a_budget_that_cannot_work(layout: str, synth: Synth, tmp_path: Path) -> None:
    source = synth(6_000, 300, layout=layout)
    with pytest.raises(BudgetError) as caught:
        karospace_stream.export(source, tmp_path / "bundle", genes="all", memory="1MB")
    error = caught.value
    assert error.budget_nbytes == 1_000_000
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(BudgetError):
        karospace_stream.plan_export(source, genes="all", memory=int(error.needed_nbytes * 0.98))
    # The smallest budget that it names does work.
    plan = karospace_stream.plan_export(source, genes="all", memory=error.needed_nbytes)
    assert plan.peak_nbytes <= error.needed_nbytes
    assert f"{error.needed_nbytes // 1_000_000}MB" in str(error)
    karospace_stream.export(source, tmp_path / "bundle", genes="all", memory=error.needed_nbytes)


def test_no_cells_or_no_genes(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    for shape in ((0, 5), (5, 0)):
        adata = anndata.AnnData(np.zeros(shape, np.float32), obsm={"X_umap": np.zeros((shape[0], 2))})
        path = inputs / f"{shape[0]}.h5ad"
        adata.write_h5ad(path)
        refused(path, tmp_path / "bundle", KaroSpaceError, genes="all")


def test_a_file_without_a_matrix(tmp_path: Path) -> None:
    path = tmp_path / "no_x.h5ad"
    adata = anndata.AnnData(obsm={"X_umap": np.zeros((5, 2))}, layers={"counts": np.ones((5, 3), np.float32)})
    adata.write_h5ad(path)
    assert "layer" in refused(path, tmp_path / "bundle", KaroSpaceError)
    karospace_stream.export(path, tmp_path / "bundle", layer="counts", genes="all")


def test_wrong_kind_of_option_is_told_before_the_input_is_opened(tmp_path: Path) -> None:
    with pytest.raises(BadOptionError):
        karospace_stream.export(tmp_path / "gone.h5ad", tmp_path / "bundle", genes="nonsense")

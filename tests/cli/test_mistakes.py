"""What people type on their first day, and the sentence that helps them on."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest

from tests.cli.test_commands import Done, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file, its export, and what lies in people's folders beside such."""
    made = tmp_path_factory.mktemp("home")
    rng = np.random.default_rng(0)
    adata = anndata.AnnData(
        rng.random((30, 4), np.float32),
        obs=pd.DataFrame(
            {"cell_type": ["a", "b"] * 15, "batch": ["1"] * 30}, index=[f"c{k}" for k in range(30)]
        ),
        var=pd.DataFrame(index=["CD3D", "CD4", "MS4A1", "NKG7"]),
        obsm={"X_umap": rng.random((30, 2)), "X_pca": rng.random((30, 5))},
    )
    adata.write_h5ad(made / "sample.h5ad")
    assert run("export", made / "sample.h5ad", made / "bundle", "-q").returncode == 0
    (made / "sample.h5ad.gz").write_bytes(gzip.compress((made / "sample.h5ad").read_bytes()))
    (made / "seurat.rds").write_bytes(gzip.compress(b"X\n\0\0\0\3"))
    (made / "genes.txt").write_text("CD3D\n")
    (made / "mtx").mkdir()
    (made / "mtx" / "matrix.mtx.gz").touch()
    (made / "empty").mkdir()
    return made


@pytest.fixture
def typed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Done]:
    """Types a command line in that folder; nothing of it may change."""
    monkeypatch.chdir(folder)
    before = sorted(folder.rglob("*"))

    def type_it(line: str) -> Done:
        done = run(*line.split())
        assert sorted(folder.rglob("*")) == before
        assert "Traceback" not in done.stderr
        assert "should not happen" not in done.stderr
        return done

    return type_it


EXPORT = "export sample.h5ad out"


def test_inspect_knows_an_export(typed: Callable[[str], Done]) -> None:
    done = typed("inspect bundle")
    assert done.returncode == 3
    assert "bundle is an export, not an AnnData; show it with: karospace-stream serve bundle" in done.stderr


def test_all_columns_stand_alone(typed: Callable[[str], Done]) -> None:
    done = typed(f"{EXPORT} --anno all --anno batch")
    assert done.returncode == 2
    assert "--anno all takes every column; give it alone, or name the columns" in done.stderr


@pytest.mark.parametrize(
    ("line", "code", "sentence"),
    [
        ("exprt sample.h5ad out", 2, "there is no command 'exprt'; did you mean 'export'?"),
        ("view bundle", 2, "there is no command 'view'; did you mean 'serve'?"),
        ("help", 2, "did you mean '--help'?"),
        ("wibble", 2, "there is no command 'wibble'; there are export, plan, inspect"),
        (
            "sample.h5ad out",
            2,
            "the first argument must be a command, got 'sample.h5ad'; "
            "did you mean 'karospace-stream export sample.h5ad out'?",
        ),
        (
            "--memory 2GB export a b",
            2,
            "there is no option '--memory'; options of a command come after its name",
        ),
        ("--verion", 2, "Did you mean '--version'?"),
        ("export sample.h5ad", 2, "Missing argument 'TARGET'"),
        (
            "export smaple.h5ad out",
            3,
            "smaple.h5ad does not exist (looked from {here}); did you mean sample.h5ad",
        ),
        ("inspect sample", 3, "did you mean sample.h5ad"),
        ("inspect bundel/index.html", 3, "did you mean bundle/index.html?"),
        (
            "export out sample.h5ad",
            3,
            "out does not exist (looked from {here}); are input and target swapped?",
        ),
        (
            "export bundle out",
            3,
            "bundle is an export, not an AnnData; show it with: karospace-stream serve bundle",
        ),
        ("plan bundle/index.html", 3, "bundle/index.html is an export, not an AnnData; show it with"),
        ("inspect sample.h5ad.gz", 3, "unpack it first: gunzip -k sample.h5ad.gz"),
        ("export seurat.rds out", 3, "anndataR::write_h5ad(readRDS('seurat.rds'), 'seurat.h5ad')"),
        ("export mtx out", 3, "mtx/matrix.mtx.gz has no features beside it: there must be features.tsv.gz"),
        ("serve mtx", 3, "mtx/matrix.mtx.gz has no features beside it"),
        (
            "serve empty",
            3,
            "empty must be an export, a folder of exports, a .h5ad or a .zarr, but is none of them",
        ),
        ("serve bundl", 3, "bundl does not exist (looked from {here}); did you mean bundle?"),
        ("verify bundl", 3, "bundl does not exist; did you mean bundle?"),
        ("clean bundl", 3, "has left anything; did you mean bundle?"),
        (
            "verify sample.h5ad",
            3,
            "sample.h5ad must be the folder of an export, but is a file; make an export with",
        ),
        (
            "verify empty",
            3,
            "empty must be an export with a checksums.json, but has none; it is not an export",
        ),
        ("verify .", 3, ". is a folder of exports; verify each by itself, such as ./bundle"),
        ("export sample.h5ad sample.h5ad", 4, "the target must not be the input"),
        (
            "export sample.h5ad s3:/bucket/x",
            2,
            "a URL must have two slashes, got 's3:/bucket/x'; did you mean s3://",
        ),
        ("doctor lab.org/atlas", 2, "did you mean https://lab.org/atlas?"),
        ("doctor bundle", 2, "to check a local folder, start karospace-stream serve"),
        (
            "synth sample.h5ad --cells 9 --genes 9",
            4,
            "sample.h5ad already exists; add --overwrite to replace it",
        ),
        ("synth new --cells 9 --genes 9", 2, "the name must end in .h5ad or .zarr, got 'new'"),
        (f"{EXPORT} --memory 2", 2, "--memory: a size must have a unit, such as 2GB or 512MiB, got '2'"),
        (f"{EXPORT} --memory 2PB", 2, "--memory: a size must be a number with a unit, such as 2GB"),
        (
            f"{EXPORT} --image missing.png",
            2,
            "--image missing.png: cannot be read: No such file or directory",
        ),
        (
            f"{EXPORT} --image sample.h5ad",
            2,
            "sample.h5ad is not an image; give a PNG, JPEG, GIF or WebP file",
        ),
        (f"{EXPORT} --format anndata --image missing.png", 2, "--image is for --format karospace"),
        (f"{EXPORT} --format celucid", 2, "got 'celucid'; did you mean cellucid?"),
        (f"{EXPORT} --scheduler thread", 2, "got 'thread'; did you mean threads?"),
        (f"{EXPORT} --genes 500", 2, "did you mean hvgs:500?"),
        (f"{EXPORT} --genes genes.txt", 2, "did you mean list:genes.txt?"),
        (f"{EXPORT} --genes list:gens.txt", 2, "did you mean genes.txt?"),
        (f"{EXPORT} --genes CD3D", 2, "to name genes, write one a line into a file and give list:PATH"),
        (f"{EXPORT} --anno celltype", 2, "the file has no obs column 'celltype'; did you mean 'cell_type'?"),
        (f"{EXPORT} --anno cell_type,batch", 2, "give each name by itself: 'cell_type', 'batch'"),
        (f"{EXPORT} --coords X_umap", 2, "did you mean obsm:X_umap?"),
        (f"{EXPORT} --coords umap", 2, "did you mean obsm:X_umap?"),
        (f"{EXPORT} --coords obsm:umap", 2, "did you mean 'X_umap'?"),
        (f"{EXPORT} --coords tsne", 2, "the file has obsm:X_pca, obsm:X_umap"),
        (f"{EXPORT} --leave-out X_pca", 2, "did you mean 'obsm:X_pca'?"),
    ],
)
def test_mistakes(line: str, code: int, sentence: str, typed: Callable[[str], Done], folder: Path) -> None:
    done = typed(line)
    assert sentence.format(here=folder) in " ".join(done.stderr.split())
    assert done.returncode == code


@pytest.mark.parametrize("name", ["index.html", "manifest.json"])
def test_the_page_stands_for_its_folder(typed: Callable[[str], Done], name: str) -> None:
    done = typed(f"verify bundle/{name}")
    assert done.returncode == 0
    assert done.stdout.startswith("bundle: karospace, no faults")


def test_serving_the_page_serves_its_folder(folder: Path) -> None:
    from karospace_stream import serve

    with serve(folder / "bundle" / "index.html", port=0) as server:
        assert server.location == str(folder / "bundle")

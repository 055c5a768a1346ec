"""The command, flags and Python names of ``karospace-export`` 0.1.0, on this engine."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import karospace_stream
from karospace_stream.errors import BadOptionError
from tests.e2e.support import command, contents, run
from tests.oracle.compare import assert_true
from tests.oracle.reader import Bundle
from tests.oracle.truth import read, truth_of

Synth = Callable[..., Path]


def test_every_flag(synth: Synth, tmp_path: Path) -> None:
    source, picture = synth(700, 90), tmp_path / "tissue.png"
    Image.fromarray(np.arange(12 * 9 * 3, dtype=np.uint8).reshape(12, 9, 3)).save(picture)
    genes = tmp_path / "genes.txt"
    genes.write_text("Gene00050\nGene00020\n\nGene00050\n")
    done = run(
        "--h5ad", source, "--outdir", tmp_path / "out", "--coords", "obsm:spatial", "--anno", "leiden",
        "--anno", "cell_type", "--genes", f"list:{genes}", "--image", picture, "--downsample", "300",
        "--gzip", "false", "--max-asset-mb", "0.01", "--no-preview", legacy=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    bundle = Bundle(tmp_path / "out")
    truth = truth_of(
        read(source),
        genes=f"list:{genes}",
        anno=["leiden", "cell_type"],
        coords="obsm:spatial",
        downsample=300,
    )
    assert_true(bundle, truth)
    assert bundle.labels == ["Gene00050", "Gene00020"]
    assert bundle.manifest["expression"]["gzip"] is False
    assert "preview_path" not in bundle.manifest
    image = bundle.manifest["image"]
    assert (image["path"], image["width"], image["height"]) == ("assets/image.png", 9, 12)
    assert "placement" not in image
    assert bundle.folder.stored("assets/image.png") == picture.read_bytes()


@pytest.mark.parametrize(("flag", "gzip"), [("True", True), ("0", False)])
def test_gzip_takes_a_word(flag: str, gzip: bool, synth: Synth, tmp_path: Path) -> None:
    done = run(
        "--h5ad", synth(700, 90), "--outdir", tmp_path / "out", "--genes", "top_mean:2", "--gzip", flag,
        legacy=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert Bundle(tmp_path / "out").manifest["expression"]["gzip"] is gzip


def test_centroids(tmp_path: Path, synth: Synth) -> None:
    adata = read(synth(700, 90))
    adata.obs["centroid_x"], adata.obs["centroid_y"] = adata.obsm["spatial"].T
    del adata.obsm["spatial"]
    source = tmp_path / "centroids.h5ad"
    adata.write_h5ad(source)
    words = ("--h5ad", source, "--coords", "obs:centroid_x_y", "--genes", "hvgs:4", "--outdir")
    done = run(*words, tmp_path / "out", legacy=True)
    assert done.returncode == 0, done.stderr
    bundle = Bundle(tmp_path / "out")
    assert bundle.manifest["coordinate_source"] == "obs:centroid_x_y"
    assert_true(bundle, truth_of(adata, genes="hvgs:4", coords="obs:centroid_x_y"))


def test_what_is_missing_is_said(tmp_path: Path, synth: Synth) -> None:
    assert run("--outdir", tmp_path / "out", legacy=True).returncode == 2
    assert run("--h5ad", synth(700, 90), legacy=True).returncode == 2
    wrong = run("--h5ad", synth(700, 90), "--outdir", tmp_path / "out", "--anno", "celltype", legacy=True)
    assert wrong.returncode == 2
    assert "cell_type" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_python_names(synth: Synth, tmp_path: Path) -> None:
    from karospace_stream import ExportConfig, export_h5ad

    config = ExportConfig(
        h5ad_path=synth(700, 90),
        outdir=tmp_path / "export",
        genes_mode="top_mean:30",
        annotation_columns=["cell_type", "leiden"],
    )
    manifest = export_h5ad(config)
    assert manifest == json.loads((tmp_path / "export" / "manifest.json").read_text())
    truth = truth_of(
        read(config.h5ad_path), genes="top_mean:30", anno=["cell_type", "leiden"], coords="obsm:spatial"
    )
    assert_true(Bundle(tmp_path / "export"), truth)


def test_python_options(synth: Synth, tmp_path: Path) -> None:
    from karospace_stream import ExportConfig, export_h5ad

    plain = ExportConfig(h5ad_path=synth(700, 90), outdir=tmp_path / "legacy", genes_mode="hvgs:6")
    export_h5ad(plain)
    karospace_stream.export(
        synth(700, 90), tmp_path / "new", genes="hvgs:6", hvg_flavor="none", group_by="none"
    )
    assert contents(tmp_path / "legacy") == contents(tmp_path / "new")
    wrong = ExportConfig(h5ad_path=synth(700, 90), outdir=tmp_path / "wrong", genes_mode="hvgs:x")
    with pytest.raises(BadOptionError):
        export_h5ad(wrong)


def test_serve(synth: Synth, tmp_path: Path) -> None:
    import socket
    import subprocess
    import time

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ("--genes", "hvgs:3", "--serve", "--port", str(port))
    process = subprocess.Popen(
        command("--h5ad", synth(700, 90), "--outdir", tmp_path / "out", *words, legacy=True),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        for _ in range(300):
            assert process.poll() is None, process.communicate()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/manifest.json", timeout=5) as answer:
                    served = answer.read()
                break
            except OSError:
                time.sleep(0.1)
        else:
            pytest.fail("nothing is served")
        assert served == (tmp_path / "out" / "manifest.json").read_bytes()
    finally:
        process.terminate()
        process.communicate(timeout=20)

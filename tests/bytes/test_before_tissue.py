"""Inputs without sections, shapes and transcripts: the bytes of the version before there were any."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.bytes.inputs import DATA

ROOT = Path(__file__).parents[2]
BEFORE = "af55779b0a9528b612272dcf900796e87c81fcdd"
#: With images, coordinates of a tissue, sparse, dense and by genes.
INPUTS = ("mti_imc_sn.h5ad", "soma_visium.h5ad", "cellrank50_velocity_umap.h5ad", "csr.h5ad", "csc.h5ad")


def compare(code: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.bytes", *INPUTS, *arguments],
        cwd=code,
        env={**os.environ, "PYTHONPATH": str(code)},
        capture_output=True,
        text=True,
    )


@pytest.mark.big
def test_the_same_bytes_as_before(tmp_path: Path) -> None:
    """Unlike the record, this also compares where another processor compresses to other bytes."""
    if not DATA.is_dir():
        pytest.skip(f"the shared test data is not at {DATA}")
    packed = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, capture_output=True)
    if packed.returncode:
        pytest.skip(f"the history of the repository is not here: {packed.stderr.decode(errors='replace')}")
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(tmp_path / "old", filter="data")
    (tmp_path / "shared").symlink_to(DATA.parent)
    written = compare(tmp_path / "old", "--write", "--record", str(tmp_path / "record"))
    assert written.returncode == 0, written.stderr
    compared = compare(ROOT, "--record", str(tmp_path / "record"))
    assert (compared.returncode, compared.stdout) == (0, ""), compared.stderr

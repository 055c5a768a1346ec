"""Real files, their copies in every layout, and synthetic ones."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from karospace_stream.testing.synth import write_synthetic
from tests.oracle.reader import Bundle

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "data").is_dir():
        pytest.skip(f"the shared test data is not at {SHARED}")
    return SHARED


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """One time stamp for all bundles, so that bytes can be compared."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@pytest.fixture(scope="session")
def synth(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Synthetic files, each written once: ``synth(n_cells, n_genes, layout="csc")``."""
    folder = tmp_path_factory.mktemp("synth")

    def write(n_cells: int, n_genes: int, suffix: str = ".h5ad", **options: Any) -> Path:
        words = "-".join(f"{name}_{value}" for name, value in options.items())
        path = folder / words / f"{n_cells}x{n_genes}{suffix}"
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            write_synthetic(path, n_cells=n_cells, n_genes=n_genes, **options)
        return path

    return write


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Bundle]:
    """Export to a new folder, and read back what lies there."""
    import karospace_stream

    def run(source: Any, **options: Any) -> Bundle:
        target = tmp_path / f"bundle-{len(list(tmp_path.iterdir()))}"
        karospace_stream.export(source, target, **options)
        return Bundle(target)

    return run


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MiB: a bundle fits, and no second one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    try:
        words = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", os.fspath(disk)]
        mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("only root can mount a small disk")
    yield disk
    subprocess.run(["umount", os.fspath(disk)], check=True)

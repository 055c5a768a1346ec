"""One real file in both formats, as our own export writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

import karospace_stream

SOURCE = Path(__file__).parents[3] / "shared" / "data" / "soma_pbmc_small.h5ad"


def _exported(folder: Path, **options: str) -> Path:
    if not SOURCE.is_file():
        pytest.skip(f"the shared test data is not at {SOURCE.parent}")
    karospace_stream.export(SOURCE, folder, scheduler="sync", **options)
    return folder


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A KaroSpace bundle."""
    return _exported(tmp_path_factory.mktemp("doctor") / "bundle")


@pytest.fixture(scope="session")
def cellucid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Cellucid export."""
    return _exported(tmp_path_factory.mktemp("doctor") / "cellucid", format="cellucid")

"""One real file in every format, as our own export writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import karospace_stream

SOURCE = Path(__file__).parents[3] / "shared" / "data" / "soma_pbmc_small.h5ad"


def _exported(folder: Path, **options: Any) -> Path:
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


@pytest.fixture(scope="session")
def store_v2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An AnnData store."""
    return _exported(tmp_path_factory.mktemp("doctor") / "store.zarr", format="anndata")


@pytest.fixture(scope="session")
def store_v3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in Zarr v3."""
    return _exported(tmp_path_factory.mktemp("doctor") / "store.zarr", format="anndata", zarr_format=3)

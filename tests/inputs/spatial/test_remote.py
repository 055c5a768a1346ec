"""Vendor folders on a web server, which lists nothing, on S3, and in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from karospace_stream.inputs.open import open_input
from karospace_stream.options.general.inputs import InputOptions
from tests.inputs.spatial.test_space_ranger import check_matrix, check_positions, opened
from tests.made.tenx_folders import Made, write_visium, write_visium_hd, write_xenium
from tests.source.remote.conftest import Shelf, shelf, web

__all__ = ["shelf", "web"]


def check(shelf: Shelf, top: Path, given: str, made: Made) -> None:
    """What is read from a store is what is read from the disk."""
    shelf.put(top)
    source = open_input(f"{shelf.url}/{given}", InputOptions(), shelf.options)
    local = opened(top.parent / given)
    check_matrix(source, made)
    if "array_row" in made.table:
        check_positions(source, made.table)
    for name in ("kind", "name", "obs", "obsm", "images", "libraries", "microns_per_pixel"):
        assert getattr(source.catalog, name) == getattr(local.catalog, name), name
    assert [each.code for each in source.catalog.findings] == [each.code for each in local.catalog.findings]
    assert not source.catalog.unreadable
    assert source.catalog.remote
    for info in source.catalog.images:
        image = source.image(info.library, info.resolution)
        assert (image == local.image(info.library, info.resolution)).all()
    source.check()


@pytest.mark.parametrize("given", ["brain", "brain/outs"])
def test_visium(tmp_path: Path, shelf: Shelf, given: str) -> None:
    made = write_visium(tmp_path / "brain" / "outs", analysis=True)
    (made.path / "analysis" / "pca").rename(tmp_path / "pca")  # asked for by other numbers of components
    check(shelf, tmp_path / "brain", given, made)


@pytest.mark.parametrize("given", ["lung", "lung/outs", "lung/outs/binned_outputs/square_008um"])
def test_bins(tmp_path: Path, shelf: Shelf, given: str) -> None:
    made = write_visium_hd(tmp_path / "lung" / "outs", 8)
    check(shelf, tmp_path / "lung", given, made)


@pytest.mark.parametrize("given", ["region", "region/experiment.xenium"])
def test_xenium(tmp_path: Path, shelf: Shelf, given: str) -> None:
    made = write_xenium(tmp_path / "region")
    (made.path / "analysis" / "pca").rename(tmp_path / "pca")
    check(shelf, tmp_path / "region", given, made)

"""A Zarr store in one zip file as the input of exports."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

import karospace_stream
from tests.damage.sample import sample, write_quietly


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "atlas.zarr"
    write_quietly(sample(np.random.default_rng(1)).write_zarr, path)
    return path


def files(folder: Path) -> dict[str, bytes]:
    told = ("report.json", "checksums.json", "dataset_identity.json")  # of the time that it took
    found = (path for path in folder.rglob("*") if path.is_file() and path.name not in told)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize(
    ("name", "scheduler"), [("karospace", "processes"), ("cellucid", "threads"), ("anndata", "sync")]
)
def test_an_export_is_that_of_the_folder(
    store: Path, tmp_path: Path, name: str, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    packed = tmp_path / "atlas.zarr.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(store.rglob("*")):
            archive.write(path, f"atlas.zarr/{path.relative_to(store).as_posix()}")
    ending = ".zarr" if name == "anndata" else ""
    wanted, found = tmp_path / f"wanted{ending}", tmp_path / f"found{ending}"
    karospace_stream.export(store, wanted, format=name, scheduler="sync")
    karospace_stream.export(packed, found, format=name, scheduler=scheduler, workers=2)
    assert files(found) == files(wanted)
    assert len(files(found)) > 5
    assert karospace_stream.verify(found, source=packed)

"""Pipes, devices and loops of links, wherever a file is wanted: one sentence, and no waiting."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import karospace_stream
from karospace_stream.errors import KaroSpaceError
from karospace_stream.storage import UnreadableFileError, open_regular, read_regular
from tests.hostile.bombs import small_data, write_zarr

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path.with_name("other"))
    path.with_name("other").symlink_to(path)


def socket_file(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # names of sockets are short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


SPECIAL: dict[str, Callable[[Path], Any]] = {
    "pipe": os.mkfifo,
    "device": device,
    "loop": loop,
    "socket": socket_file,
}


@pytest.fixture(params=SPECIAL)
def special(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "special"
    path.mkdir()
    SPECIAL[request.param](path / "file")
    return path / "file"


def refused(call: Callable[[], Any], name: str) -> None:
    with pytest.raises(KaroSpaceError) as caught:
        call()
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_input(special: Path, tmp_path: Path) -> None:
    refused(lambda: karospace_stream.plan_export(special), "file")
    refused(lambda: karospace_stream.open_source(special), "file")
    refused(lambda: karospace_stream.verify(special), "file")
    refused(lambda: karospace_stream.serve(special, port=0), "file")


@pytest.mark.parametrize("name", ["X/data/0", "X/data/.zarray", ".zattrs", "obs/.zattrs", "obs/score/0"])
@pytest.mark.few(9)
def test_in_a_zarr_store(name: str, special: Path, tmp_path: Path) -> None:
    path = tmp_path / "data.zarr"
    write_zarr(path, 2)
    (path / name).unlink()
    (path / name).symlink_to(special)
    refused(lambda: karospace_stream.export(path, tmp_path / "out", genes="all", anno=["score"]), "data.zarr")


@pytest.mark.parametrize("how", ["link", "external", "virtual"])
def test_other_files_of_hdf5(how: str, special: Path, tmp_path: Path) -> None:
    path = tmp_path / "data.h5ad"
    small_data().write_h5ad(path)
    with h5py.File(path, "r+") as file:
        del file["obs/score"]
        if how == "link":
            file["obs/score"] = h5py.ExternalLink(str(special), "score")
        elif how == "external":
            file.create_dataset("obs/score", (50,), "f8", external=[(str(special), 0, 400)])
        else:
            layout = h5py.VirtualLayout((50,), "f8")
            layout[:] = h5py.VirtualSource(str(special), "score", (50,))
            file.create_virtual_dataset("obs/score", layout)
    with pytest.raises(KaroSpaceError):
        karospace_stream.export(path, tmp_path / "out", genes="all", anno=["score"])


def test_lists_and_images(special: Path, tmp_path: Path) -> None:
    path = tmp_path / "data.h5ad"
    small_data().write_h5ad(path)
    refused(lambda: karospace_stream.plan_export(path, genes=f"list:{special}"), "file")
    refused(lambda: karospace_stream.plan_export(path, genes="all", image=str(special)), "file")


def test_a_file_of_an_export(special: Path, tmp_path: Path) -> None:
    path = tmp_path / "data.h5ad"
    small_data().write_h5ad(path)
    karospace_stream.export(path, tmp_path / "out", genes="all")
    for name in ("manifest.json", "checksums.json"):
        bundle = tmp_path / f"of {name}"
        shutil.copytree(tmp_path / "out", bundle)
        (bundle / name).unlink()
        (bundle / name).symlink_to(special)
        refused(lambda bundle=bundle: karospace_stream.verify(bundle), name.partition(".")[0])


def test_links_to_folders_above(tmp_path: Path) -> None:
    path = tmp_path / "data.zarr"
    write_zarr(path, 2)
    (path / "layers" / "up").symlink_to(path)
    refused(lambda: karospace_stream.open_source(path), "makes a loop")


def test_links_to_regular_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "real.h5ad").write_bytes(b"")
    small_data().write_h5ad(tmp_path / "real.h5ad")
    (tmp_path / "link.h5ad").symlink_to("real.h5ad")
    assert karospace_stream.open_source(tmp_path / "link.h5ad").catalog.n_cells == 50


def test_a_file_is_read_to_its_end_and_no_further(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(np.arange(100, dtype=np.uint8).tobytes())
    assert read_regular(path, 100) == path.read_bytes()
    with pytest.raises(UnreadableFileError, match="it must have at most 99 bytes, got 100"):
        read_regular(path, 99)
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)

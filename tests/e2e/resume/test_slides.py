"""Tiles of images: cut off and resumed, on a disk and on S3; a large slide in little memory."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tifffile

import karospace_stream
from tests.e2e.resume.cutting import cut_off, small
from tests.e2e.resume.stored import files, objects
from tests.e2e.test_same_bytes import differing
from tests.slides.made import MARKS, cells, marked
from tests.stores.servers import Server

_SIDE, _TILE = 40_000, 512
_EXPORT = (
    "import resource, sys, karospace_stream\n"
    "options = eval(sys.argv[4])\n"
    "karospace_stream.export(sys.argv[1], sys.argv[2], genes='none', image=sys.argv[3] + '@1,1,0,0',\n"
    "    memory='1GB', preview=False, **options)\n"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
)


@pytest.mark.parametrize("stage", ["slides-3", "slides-5"])  # a window, and the level that is made of several
def test_cut_off_and_resumed(tmp_path: Path, moto_store: Server, stage: str) -> None:
    source = cells(tmp_path / "cells.h5ad")
    tifffile.imwrite(tmp_path / "a.tiff", marked(), tile=(256, 256), compression="deflate")
    options = {"image": f"{tmp_path}/a.tiff@1,1,0,0", "genes": "none"}
    karospace_stream.export(source, tmp_path / "wanted", **small(**options))
    cut_off(source, tmp_path / "made", stage=stage, killed=True, **options)
    karospace_stream.export(source, tmp_path / "made", **small(**options, resume=True))
    assert not differing(files(tmp_path / "wanted"), files(tmp_path / "made"))
    url = f"{moto_store.url}/{secrets.token_hex(4)}"
    options["storage_options"] = moto_store.options
    cut_off(source, url, stage=stage, killed=True, **options)
    karospace_stream.export(source, url, **small(**options, resume=True))
    assert not differing(files(tmp_path / "wanted"), objects(url, moto_store.options))


def _tiles() -> Iterator[np.ndarray]:
    values = np.random.default_rng(1).integers(150, 230, (32, 32, 3), np.uint8)
    tile = values.repeat(16, axis=0).repeat(16, axis=1)
    n_tiles = -(-_SIDE // _TILE)
    for number in range(n_tiles * n_tiles):
        tile[100:110, 100:110] = number % 251
        yield tile


@pytest.mark.big
@pytest.mark.parametrize("where", ["folder", "s3"])
def test_a_large_slide_in_little_memory(tmp_path: Path, moto_store: Server, where: str) -> None:
    source = cells(tmp_path / "cells.h5ad", MARKS)
    shape = (_SIDE, _SIDE, 3)
    about = {"photometric": "rgb", "compression": "jpeg", "tile": (_TILE, _TILE)}
    tifffile.imwrite(tmp_path / "a.tiff", _tiles(), shape=shape, dtype="uint8", **about)
    target, options = str(tmp_path / "out"), {}
    if where == "s3":
        target = f"{moto_store.url}/{secrets.token_hex(4)}"
        options["storage_options"] = moto_store.options
    done = subprocess.run(
        [sys.executable, "-c", _EXPORT, source, target, tmp_path / "a.tiff", repr(options)],
        capture_output=True,
        text=True,
        check=True,
    )
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(done.stdout.splitlines()[-1]) * unit < 1e9

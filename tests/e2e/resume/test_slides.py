"""Tiles of images: cut off and resumed, on a disk and on S3; a large slide in little memory."""

from __future__ import annotations

import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
    "    memory='1GB', preview=False, name='large', compression=6, **options)\n"
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


def _write_large(path: Path) -> None:
    about = {"photometric": "rgb", "compression": "jpeg", "tile": (_TILE, _TILE)}
    tifffile.imwrite(path, _tiles(), shape=(_SIDE, _SIDE, 3), dtype="uint8", **about)


def _export(source: Path, target: str | Path, before: str = "pass", **options: Any) -> tuple[int, int]:
    """Export in a process of its own; its exit code, and the most memory that it held."""
    image = source.parent / "a.tiff"
    words = [sys.executable, "-c", f"{before}\n{_EXPORT}", source, target, image, repr(options)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True)
    unit = 1 if sys.platform == "darwin" else 1024
    return done.returncode, int((done.stdout.split() or ["0"])[-1]) * unit


@pytest.mark.big
def test_a_large_slide_in_little_memory(tmp_path: Path, moto_store: Server) -> None:
    """On a disk; and on S3, killed in the middle and resumed: the same bytes."""
    source = cells(tmp_path / "cells.h5ad", MARKS)
    _write_large(tmp_path / "a.tiff")
    exit_code, peak = _export(source, tmp_path / "wanted")
    assert (exit_code, peak < 1e9) == (0, True), peak
    url = f"{moto_store.url}/{secrets.token_hex(4)}"
    on_s3 = {"storage_options": moto_store.options, "resume": True}
    before = "from tests.e2e.resume.killing import kill_in; kill_in('slides', 200)"
    assert _export(source, url, before, **on_s3)[0] == -signal.SIGKILL
    exit_code, peak = _export(source, url, **on_s3)
    assert (exit_code, peak < 1e9) == (0, True), peak
    assert not differing(files(tmp_path / "wanted"), objects(url, moto_store.options))

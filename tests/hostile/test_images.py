"""Images that declare more pixels, or hold more text, than anybody can take."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image

import karospace_stream
from karospace_stream.encode.image import probe_picture
from karospace_stream.errors import BadInputError, BadOptionError, BudgetError
from tests.hostile.bombs import small_data


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    header = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    parts = [header, *chunks, (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def jpeg(path: Path) -> bytes:
    Image.new("RGB", (8, 8)).save(path, "JPEG")
    data = bytearray(path.read_bytes())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 60_000, 60_000)
    return bytes(data)


def tiff(path: Path) -> bytes:
    Image.new("L", (8, 8)).save(path, "TIFF")
    data = bytearray(path.read_bytes())
    for tag in (256, 257):  # width and height: tag, type, count, value
        at = next(offset for kind in (3, 4) if (offset := data.find(struct.pack("<HHI", tag, kind, 1))) >= 0)
        data[at : at + 12] = struct.pack("<HHII", tag, 4, 1, 60_000)
    return bytes(data)


TEXT = zlib.compress(b"x" * 50_000_000)


@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff", "zTXt", "iTXt", "iCCP"])
@pytest.mark.few(2)
def test_a_file(kind: str, tmp_path: Path) -> None:
    made = {
        "png": lambda: png(60_000, 60_000),
        "jpeg": lambda: jpeg(tmp_path / "made"),
        "tiff": lambda: tiff(tmp_path / "made"),
        "zTXt": lambda: png(8, 8, (b"zTXt", b"key\0\0" + TEXT)),
        "iTXt": lambda: png(8, 8, (b"iTXt", b"key\0\1\0\0\0" + TEXT)),
        "iCCP": lambda: png(8, 8, (b"iCCP", b"key\0\0" + TEXT)),
    }
    path, source = tmp_path / "image.png", tmp_path / "data.h5ad"
    path.write_bytes(made[kind]())
    small_data().write_h5ad(source)
    with pytest.raises(BadOptionError, match=r"image: .*image\.png") as caught:
        karospace_stream.plan_export(source, genes="all", image=str(path))
    assert "\n" not in str(caught.value)


def test_large_images_that_browsers_draw() -> None:
    assert probe_picture(png(12_000, 12_000), "x.png").width == 12_000


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.few(1)
def test_arrays_in_uns(stored: bool, tmp_path: Path) -> None:
    """Either nothing is stored where 30 GB are declared, or 3 MB that would be."""
    path = tmp_path / "data.h5ad"
    data = small_data()
    data.uns["spatial"] = {"a": {"images": {"hires": np.zeros((4, 4, 3), np.uint8)}, "scalefactors": {}}}
    data.write_h5ad(path)
    with h5py.File(path, "r+") as file:
        images = file["uns/spatial/a/images"]
        attributes = dict(images["hires"].attrs)
        del images["hires"]
        shape = (100_000, 100_000, 3)
        if stored:
            shape = (20_000, 20_000, 3)
        new = images.create_dataset("hires", shape, "u1", chunks=(1_000, 1_000, 3), compression="gzip")
        if stored:
            chunk = zlib.compress(bytes(3_000_000))
            for row in range(0, shape[0], 1_000):
                for column in range(0, shape[1], 1_000):
                    new.id.write_direct_chunk((row, column, 0), chunk)
        new.attrs.update(attributes)
    if stored:
        with pytest.raises(BudgetError, match="image"):
            karospace_stream.plan_export(path, genes="all", memory="1GB")
        return
    try:
        plan = karospace_stream.plan_export(path, genes="all", memory="1GB")
    except (BadInputError, BudgetError) as error:
        assert "image" in str(error)  # noqa: PT017
    else:
        left = [part for each in plan.formats for part in each.left_out]
        assert any("images/hires" in part.part for part in left)
    for format in ("cellucid", "anndata"):  # take no image
        assert karospace_stream.plan_export(path, genes="all", memory="1GB", format=format)

"""Images on a host: referred to only where the page can read them, else copied; in the check of a resume."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numcodecs
import numpy as np
import pytest
import tifffile
import zarr
from zarr.codecs import BloscCodec, GzipCodec

import karospace_stream
from tests.slides.made import MARKS, cells, check_marks, marked, slides
from tests.source.remote.servers import Web, serving

#: Rounded down, as many programs do; the last is more than one tile.
SIZES = [(2_301, 2_750), (1_150, 1_375), (575, 687)]


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as made:
        yield made


def write(path: Path, *, version: int = 3, rgb: bool = False, omero: Any = None, **how: Any) -> None:
    """An OME-Zarr of marks: as a picture, or as two channels of which the second is ten times brighter."""
    root = zarr.open_group(path, mode="w", zarr_format=version)
    image = marked()
    whole = np.stack([image] * 3) if rgb else np.stack([image, image * np.uint16(10)]).astype(np.uint16)
    for number, (height, width) in enumerate(SIZES):
        part = whole[:, :: 2**number, :: 2**number][:, :height, :width]
        root.create_array(str(number), data=part, chunks=(1, 512, 512), **how)
    axes = [{"name": "c", "type": "channel"}, *({"name": each, "type": "space"} for each in "yx")]
    about: dict[str, Any] = {
        "multiscales": [{"axes": axes, "datasets": [{"path": str(n)} for n in range(3)]}]
    }
    about |= {} if omero is None else {"omero": omero}
    root.attrs.update(about if version == 2 else {"ome": {"version": "0.5"} | about})


def export(tmp_path: Path, url: str) -> tuple[dict[str, Any], list[str]]:
    source = cells(tmp_path / "cells.h5ad")
    image = f"{url}@1,1,0,0"
    result = karospace_stream.export(
        source, tmp_path / "out", image=image, image_mode="refer", genes="none", preview=False
    )
    (slide,) = slides(tmp_path / "out")
    return slide, [each.text for each in result.findings if each.code == "image-copied"]


@pytest.mark.parametrize(
    "how",
    [
        {"version": 2, "compressors": numcodecs.Zlib()},
        {"version": 2, "compressors": numcodecs.Blosc("zlib", shuffle=1)},
        {"version": 2, "compressors": numcodecs.Blosc("lz4", shuffle=1)},
        {"version": 2, "compressors": numcodecs.LZ4()},
        {"compressors": BloscCodec(cname="lz4hc", shuffle="bitshuffle")},
        {"compressors": GzipCodec()},
        {"compressors": BloscCodec(cname="zlib"), "shards": (1, 1_024, 1_024)},
        {"version": 2, "compressors": None},
    ],
    ids=["zlib", "blosc", "blosc lz4", "lz4", "blosc lz4hc 3", "gzip", "shards", "plain"],
)
def test_what_the_page_reads_is_referred_to(tmp_path: Path, web: Web, how: dict[str, Any]) -> None:
    window = {"start": 10, "end": 90, "min": 0, "max": 255}
    write(tmp_path / "a.zarr", omero={"channels": [{"label": "DAPI", "window": window}, {}]}, **how)
    url = web.put_folder(tmp_path / "a.zarr")
    slide, copied = export(tmp_path, url)
    assert not copied
    assert (slide["kind"], slide["url"]) == ("ome-zarr", url)
    assert [(each["height"], each["width"]) for each in slide["levels"]] == SIZES
    first, second = slide["channels"]
    assert (first["name"], first["window"], first["range"]) == ("DAPI", [10, 90], [0, 255])
    # Estimated from the smallest level, whose middle has a mark.
    assert second["range"] == [200, 2_200]
    assert 200 <= second["window"][0] < second["window"][1] <= 2_200
    assert not (tmp_path / "out" / "assets" / "slides").exists()


def test_a_picture_has_three_channels(tmp_path: Path, web: Web) -> None:
    write(tmp_path / "a.zarr", rgb=True, compressors=GzipCodec())
    url = web.put_folder(tmp_path / "a.zarr")
    slide, copied = export(tmp_path, url)
    assert not copied
    found = [(each["name"], each["color"], each["window"]) for each in slide["channels"]]
    assert found == [
        ("red", "#ff0000", [0, 255]),
        ("green", "#00ff00", [0, 255]),
        ("blue", "#0000ff", [0, 255]),
    ]


@pytest.mark.parametrize(
    ("how", "query", "why"),
    [
        ({"version": 2, "compressors": numcodecs.Blosc("zstd")}, "", r"compressed with Blosc \(zstd\)"),
        ({"version": 2, "compressors": numcodecs.Zstd()}, "", "compressed with zstd"),
        ({}, "", "compressed with zstd"),
        ({"compressors": GzipCodec()}, "?key=secret", "a password or a query"),
    ],
    ids=["blosc zstd", "zstd", "zstd 3", "query"],
)
def test_what_it_cannot_read_is_copied(
    tmp_path: Path, web: Web, how: dict[str, Any], query: str, why: str
) -> None:
    write(tmp_path / "a.zarr", rgb=True, **how)
    slide, copied = export(tmp_path, f"{web.put_folder(tmp_path / 'a.zarr')}{query}")
    assert slide["kind"] == "rgb"
    check_marks(tmp_path / "out", slide, MARKS)
    (text,) = copied
    assert re.search(why, text)


def test_a_changed_image_is_no_base_of_a_resume(tmp_path: Path, web: Web) -> None:
    source = cells(tmp_path / "cells.h5ad")
    tiff, store = tmp_path / "a.tiff", tmp_path / "a.zarr"
    tifffile.imwrite(tiff, marked())
    write(store)
    urls = web.put(tiff), web.put_folder(store)

    def states() -> list[Any]:
        return [karospace_stream.plan_export(source, image=each).formats[0].fingerprints for each in urls]

    before = states()
    assert before == states()
    tifffile.imwrite(tiff, marked()[:-1])
    write(store, compressors=GzipCodec())
    assert (web.put(tiff), web.put_folder(store)) == urls
    for one, other in zip(before, states(), strict=True):
        assert one != other

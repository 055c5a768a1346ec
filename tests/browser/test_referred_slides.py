"""Slides that stay on another host: asked for only with consent, drawn in their colours, or said why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anndata
import numcodecs
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import zarr
from playwright.sync_api import Locator, expect
from zarr.codecs import BloscCodec

import karospace_stream
from tests.browser import slides
from tests.browser.page import NOT_FOUND, Said, ViewerPage
from tests.source.remote.servers import Web, serving

SIDE, N_LEVELS = 2_400, 3
PLACE = "40,40,0,0"
RED_GREEN_BLUE = (20, 210, 90)
WINDOW = {"start": 0, "end": 1_200, "min": 0, "max": 2_000}
CHANNELS = [
    {"label": name, "color": color, "window": WINDOW}
    for name, color in (("DAPI", "0000FF"), ("CD3", "00FF00"))
]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("images")
    as_bytes = np.array(RED_GREEN_BLUE, np.uint8)
    shards = {"shards": (1, 1_024, 1_024), "compressors": BloscCodec(cname="lz4hc", shuffle="bitshuffle")}
    with serving() as web:
        write(folder / "channels.zarr", np.array(slides.VALUES, np.uint16), CHANNELS, version=2)
        write(folder / "picture.zarr", as_bytes, [], version=3, **shards)
        for path in folder.iterdir():
            web.put_folder(path)
        web.for_pages = True
        yield web


def write(path: Path, values: npt.NDArray[Any], channels: list[Any], *, version: int, **how: Any) -> None:
    """An image whose channels have one value each. Zarr 2 is packed as its writers do by default."""
    root = zarr.open_group(path, mode="w", zarr_format=version)
    how = how or {"compressors": numcodecs.Blosc("lz4", shuffle=1)}
    for level in range(N_LEVELS):
        shape = (len(values), SIDE >> level, SIDE >> level)
        data = np.broadcast_to(values[:, None, None], shape)
        root.create_array(str(level), data=np.ascontiguousarray(data), chunks=(1, 512, 512), **how)
    axes = [{"name": "c", "type": "channel"}, *({"name": each, "type": "space"} for each in "yx")]
    datasets = [{"path": str(level)} for level in range(N_LEVELS)]
    about = {"multiscales": [{"axes": axes, "datasets": datasets}], "omero": {"channels": channels}}
    root.attrs.update(about if version == 2 else {"ome": {"version": "0.5", **about}})


@pytest.fixture(scope="module")
def bundle(host: Web, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    def export(name: str) -> Path:
        folder = tmp_path_factory.mktemp("referred")
        count = len(slides.PLACES)
        cells = anndata.AnnData(
            np.ones((count, 1), np.float32),
            obs=pd.DataFrame(index=[f"c{at}" for at in range(count)]),
            obsm={"spatial": slides.PLACES},
        )
        image = f"{host.address}/{name}@{PLACE}"
        result = karospace_stream.export(
            cells, folder / "bundle", image=image, image_mode="refer", scheduler="sync"
        )
        assert not any(each.code == "image-copied" for each in result.findings)
        return folder / "bundle"

    return export


def section(viewer: ViewerPage) -> Locator:
    return viewer.page.get_by_role("region", name="Image", exact=True)


def color(viewer: ViewerPage) -> list[int]:
    viewer.settle()
    expect(section(viewer).locator("[data-loading]")).to_have_attribute("data-loading", "0")
    viewer.settle()
    picture = viewer.pixels()
    return [int(part) for part in picture[picture.shape[0] // 2 + 60, picture.shape[1] // 2 + 70]]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("channels.zarr", [0, 255 * slides.VALUES[1] / 1_200, 255 * slides.VALUES[0] / 1_200]),
        ("picture.zarr", RED_GREEN_BLUE),
    ],
    ids=["channels", "picture"],
)
def test_an_image_elsewhere_is_drawn_once_its_host_is_allowed(
    viewer: ViewerPage,
    served: Callable[[Path], str],
    host: Web,
    bundle: Callable[[str], Path],
    said: Said,
    name: str,
    wanted: list[float],
) -> None:
    # The page looks for the metadata of Zarr 3 first.
    said.were_expected(NOT_FOUND)
    url = served(bundle(name))
    host.reset()
    viewer.open(url)
    expect(section(viewer).locator(".host")).to_have_text(host.address.removeprefix("http://"))
    assert host.requests == []
    section(viewer).get_by_role("button", name="Load the image").click()
    viewer.slide("Image opacity", "1")
    assert np.abs(np.subtract(color(viewer), wanted)).max() <= 2
    assert {each.path.split("/")[1] for each in host.requests} == {name}
    # The host was allowed for this page: it is not asked about again.
    viewer.page.reload()
    viewer.wait()
    expect(section(viewer).locator(".host")).to_have_count(0)


def test_a_host_that_lets_no_page_read_is_said(
    viewer: ViewerPage,
    served: Callable[[Path], str],
    host: Web,
    bundle: Callable[[str], Path],
    said: Said,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = served(bundle("channels.zarr"))
    monkeypatch.setattr(host, "for_pages", False)
    viewer.open(url)
    section(viewer).get_by_role("button", name="Load the image").click()
    status = section(viewer).get_by_role("status")
    expect(status).to_contain_text("could not be loaded")
    expect(status).to_contain_text("does not let this page read")
    expect(status.get_by_role("button", name="Try again now")).to_be_visible()
    viewer.page.goto("about:blank")
    said.were_expected()

"""A bundle with slides: cells at known places, and pyramids whose tiles are made when they are asked for."""

from __future__ import annotations

import gzip
import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image

import karospace_stream

#: Pixels of the slide, of a tile, and of a marker at each cell.
SIDE, TILE, MARK = 40_000, 512, 64
#: Coordinates of the cells, on the grid of the coarsest levels: 60 x 60 units of about 667 pixels.
PLACES = np.array([[8.0, 8.0], [40.0, 8.0], [8.0, 40.0], [40.0, 40.0], [24.0, 24.0], [50.0, 30.0]])
GROUND, INK = (40, 60, 90), (250, 230, 30)
#: Turned, of unequal scale, and sheared: x of a pixel is a x + b y + c, y is d x + e y + f.
TO_PIXEL = (560.0, -220.0, 9_000.0, 180.0, 610.0, 2_000.0)


def pixels_of(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    a, b, c, d, e, f = TO_PIXEL
    x, y = places.T
    return np.stack([a * x + b * y + c, d * x + e * y + f], axis=1)


def levels() -> list[dict[str, int]]:
    sides = [SIDE]
    while sides[-1] > TILE:
        sides.append(-(-sides[-1] // 2))
    return [{"width": side, "height": side} for side in sides]


def slide(kind: str, **more: Any) -> dict[str, Any]:
    common = {"name": kind, "section": None, "embedding": 0, "width": SIDE, "height": SIDE, "tile": TILE}
    return {**common, "to_pixel": TO_PIXEL, "levels": levels(), "kind": kind, **more}


RGB = slide("rgb", path="assets/slides/000/{level}/{row}_{column}.png")
#: Values of two channels everywhere: the colours of a window are known.
VALUES = (300, 1000)
CHANNELS = slide(
    "channels",
    dtype="uint16",
    channels=[
        {
            "name": name,
            "color": color,
            "window": [0, 1200],
            "range": [0, 2000],
            "path": f"assets/slides/001/c0{number}/{{level}}/{{row}}_{{column}}.bin.gz",
        }
        for number, (name, color) in enumerate([("DAPI", "#0000ff"), ("CD3", "#00ff00")])
    ],
)


def write_bundle(folder: Path, slides: list[dict[str, Any]]) -> Path:
    """Six cells, and an atlas that names slides whose tiles are no files."""
    cells = anndata.AnnData(
        np.ones((len(PLACES), 2), np.float32),
        obs=pd.DataFrame({"kind": pd.Categorical(["a"] * len(PLACES))}, index=list("abcdef")),
    )
    cells.obsm["spatial"] = PLACES
    karospace_stream.export(cells, folder, anno="all", name="slides")
    atlas = json.loads((folder / "atlas.json").read_bytes())
    (folder / "atlas.json").write_text(json.dumps({**atlas, "slides": slides}))
    return folder


def tile(level: int, row: int, column: int) -> npt.NDArray[np.uint8]:
    """A tile with a square at each cell, as the mean of the pixels that each of its pixels stands for."""
    shape = [min(TILE, levels()[level]["width"] - at * TILE) for at in (row, column)]
    ink = np.zeros(shape)
    step = 2**level
    for x, y in pixels_of(PLACES):
        parts = []
        for middle, at, count in ((y, row, shape[0]), (x, column, shape[1])):
            edges = (at * TILE + np.arange(count + 1)) * step
            inside = np.clip(edges, middle - MARK / 2, middle + MARK / 2)
            parts.append(np.diff(inside) / step)
        ink += np.outer(*parts)
    share = np.clip(ink, 0, 1)[..., None]
    return np.rint(share * np.array(INK) + (1 - share) * np.array(GROUND)).astype(np.uint8)


def answer(path: str) -> bytes | None:
    """The tile of an address, if it is one."""
    if found := re.search(r"/slides/000/(\d+)/(\d+)_(\d+)\.png$", path):
        made = io.BytesIO()
        Image.fromarray(tile(*map(int, found.groups()))).save(made, "png", compress_level=1)
        return made.getvalue()
    if found := re.search(r"/slides/001/c0(\d)/(\d+)/(\d+)_(\d+)\.bin\.gz$", path):
        channel, level, row, column = map(int, found.groups())
        high, wide = (min(TILE, levels()[level]["width"] - at * TILE) for at in (row, column))
        return gzip.compress(np.full((high, wide), VALUES[channel], "<u2").tobytes(), 1)
    return None


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve a bundle and its tiles; gives the address, and the paths of the tiles that were asked for."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def do_GET(self) -> None:
            if (made := answer(self.path)) is None:
                super().do_GET()
                return
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(made)))
            self.end_headers()
            self.wfile.write(made)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", asked
    finally:
        server.shutdown()
        server.server_close()

"""Two sections, each on an image with a bright disc under each cell; and where a picture has both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image
from scipy import ndimage

import karospace_stream

#: Pixels of an image, and half the width of a disc: several levels, each of some tiles.
WIDTH, HEIGHT, RADIUS = 2_700, 2_300, 40
GROUND, INK, CELL = (28, 30, 44), (250, 230, 30), "#2030ff"
#: From coordinates to pixels: turned, of unequal scale and sheared; with exchanged axes, which mirrors.
AFFINES = {"a": (2.6, -1.1, 900.0, 0.8, 2.9, 150.0), "b": (0.0, 2.4, 90.0, 2.2, 0.0, 60.0)}
#: Pixels under the cells: like no turned or mirrored picture of themselves, some near the middle.
UNDER = np.array(
    [
        [260.0, 240.0],
        [2_310.0, 330.0],
        [420.0, 1_950.0],
        [2_440.0, 2_060.0],
        [1_350.0, 1_150.0],
        [1_510.0, 1_090.0],
        [1_250.0, 1_330.0],
        [880.0, 760.0],
    ]
)


@dataclass(frozen=True)
class Found:
    """The middle of a cell as it is drawn, and of the disc under it, in pixels of a picture."""

    cell: npt.NDArray[np.float64]
    disc: npt.NDArray[np.float64]

    @property
    def apart(self) -> float:
        return float(np.hypot(*(self.cell - self.disc)))


def places(name: str) -> npt.NDArray[np.float64]:
    """Coordinates of the cells of a section."""
    a, b, c, d, e, f = AFFINES[name]
    return np.linalg.solve([[a, b], [d, e]], (UNDER - [c, f]).T).T


def write_bundle(folder: Path) -> Path:
    names = [name for name in AFFINES for _ in UNDER]
    cells = anndata.AnnData(
        np.ones((len(names), 2), np.float32),
        obs=pd.DataFrame(
            {"section": pd.Categorical(names), "kind": pd.Categorical(["cell"] * len(names))},
            index=[f"c{at}" for at in range(len(names))],
        ),
    )
    cells.uns["kind_colors"] = [CELL]
    cells.obsm["spatial"] = np.concatenate([places(name) for name in AFFINES])
    y, x = np.ogrid[:HEIGHT, :WIDTH]
    picture = np.full((HEIGHT, WIDTH, 3), GROUND, np.uint8)
    for left, top in UNDER:
        picture[(x + 0.5 - left) ** 2 + (y + 0.5 - top) ** 2 < RADIUS**2] = INK
    Image.fromarray(picture).save(folder / "slide.png", compress_level=1)
    karospace_stream.export(
        cells,
        folder / "bundle",
        anno="all",
        section="section",
        image={name: {"path": folder / "slide.png", "place": place} for name, place in AFFINES.items()},
        name="fiducials",
    )
    return folder / "bundle"


def find(picture: npt.NDArray[np.uint8]) -> list[Found]:
    """The cells of a picture, each with the disc under it; none that its border cuts, or that lies alone."""
    red, _, blue = np.moveaxis(picture.astype(int), 2, 0)
    is_cell, is_ink = blue - red > 120, red - blue > 120
    # Neither colour is where one passes into the other, around a cell.
    discs, _ = ndimage.label(ndimage.binary_fill_holes(is_cell | is_ink))
    cut = set(np.concatenate([discs[0], discs[-1], discs[:, 0], discs[:, -1]]).tolist())
    found = []
    for number in set(np.unique(discs[is_cell]).tolist()) - cut:
        disc = discs == number
        assert (disc & is_ink).any(), "a cell lies beside its disc"
        middles = [np.array(ndimage.center_of_mass(each))[::-1] for each in (disc & is_cell, disc)]
        found.append(Found(*middles))
    return found

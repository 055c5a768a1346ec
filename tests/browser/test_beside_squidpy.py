"""The page and ``squidpy.pl.spatial_scatter`` draw the same cells: places in the image, colours, sizes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageColor
from scipy import ndimage

import karospace_stream
from tests.browser.page import ViewerPage
from tests.made.fiducials import HEIGHT, KINDS, MARKS, SCALES, SPOT, WIDTH, Color, make_visium
from tests.oracle.others import made_once

SCRIPT = Path(__file__).parents[1] / "oracle" / "squidpy" / "scatter.py"
#: In pixels of the image. matplotlib has the middle of the first pixel at 0 and the page its corner, so that
#: cells lie half a pixel further to the lower right in pictures of the former.
SHIFT = 0.5
FURTHEST = 0.2
#: Pixels of the picture for one of the page.
FINE = 2
Picture = npt.NDArray[np.uint8]
Spots = dict[str, npt.NDArray[np.float64]]


def blobs(picture: Picture, color: Color) -> npt.NDArray[np.float64]:
    """Spots of a colour: x and y of the middle, area, in pixels of the picture. Rims count by their share."""
    near = np.abs(picture.astype(int) - color).max(axis=2) < 40
    labels, _ = ndimage.label(near)
    found = []
    for own in ndimage.find_objects(labels):
        area = tuple(slice(each.start - 3, each.stop + 3) for each in own)
        ground = picture[area][0, 0].astype(float)
        ink = np.subtract(color, ground)
        share = np.clip((picture[area] - ground) @ ink / (ink @ ink), 0, 1)
        if share.sum() > 30:
            y, x = ndimage.center_of_mass(share)
            found.append((x + area[1].start + 0.5, y + area[0].start + 0.5, share.sum()))
    return np.array(found)


def spots_on_image(picture: Picture) -> tuple[Spots, float]:
    """The spots of each kind in pixels of the image, found by its marks, and how much a pixel is enlarged."""
    found = [blobs(picture, color) for color in MARKS]
    assert [len(each) for each in found] == [1] * len(MARKS)
    seen = np.array([each[0, :2] for each in found])
    true = np.column_stack([list(MARKS.values()), np.ones(len(MARKS))])
    to_picture, *_ = np.linalg.lstsq(true, seen, rcond=None)
    assert np.abs(true @ to_picture - seen).max() < 0.6  # of the picture: nothing is bent
    scale = float(np.sqrt(np.abs(np.linalg.det(to_picture[:2]))))
    np.testing.assert_allclose(
        to_picture[:2], np.eye(2) * scale, atol=0.01 * scale
    )  # nor turned nor stretched
    back = np.linalg.inv(to_picture[:2])
    spots = {}
    for kind, ink in KINDS.items():
        each = blobs(picture, ImageColor.getcolor(ink, "RGB"))  # type: ignore[arg-type]
        xy = (each[:, :2] - to_picture[2]) @ back
        inside = ((xy > 0) & (xy < (WIDTH, HEIGHT))).all(
            axis=1
        )  # what else the page draws lies beside the image
        spots[kind] = np.column_stack([xy, each[:, 2] / scale**2])[inside]
    return spots, scale


def compare(ours: Picture, theirs: Picture, adata: anndata.AnnData, library: str, scale: float) -> None:
    mine, enlarged = spots_on_image(ours)
    other, _ = spots_on_image(theirs)
    for kind in KINDS:
        own = (adata.obs["library_id"] == library) & (adata.obs["kind"] == kind)
        true = adata.obsm["spatial"][own.to_numpy()] * scale
        for found, shift in ((mine[kind], 0.0), (other[kind], SHIFT)):
            assert len(found) == len(true), kind
            apart = np.linalg.norm(true[:, None] + shift - found[None, :, :2], axis=2)
            assert apart.min(axis=1).max() < FURTHEST
            assert sorted(apart.argmin(axis=1)) == list(range(len(true)))
        pairs = np.linalg.norm(mine[kind][:, None, :2] + SHIFT - other[kind][None, :, :2], axis=2)
        assert pairs.min(axis=1).max() < FURTHEST
        # Discs of the true size. The soft rim of ours is inside: a pixel of the page if it is drawn coarsely.
        wide = [2 * np.sqrt(np.median(found[:, 2]) / np.pi) for found in (mine[kind], other[kind])]
        np.testing.assert_allclose(wide, SPOT * scale, atol=1.2 * FINE / enlarged)


@pytest.mark.big
@pytest.mark.parametrize("libraries", [("only",), ("left", "right")], ids=["one library", "two libraries"])
def test_the_page_and_squidpy(
    libraries: tuple[str, ...],
    new_page: Callable[..., ViewerPage],
    served: Callable[[Path], str],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    adata = make_visium(libraries)
    source = tmp_path / "visium.h5ad"
    adata.write_h5ad(source)
    karospace_stream.export(source, tmp_path / "bundle", anno="all")
    url = served(tmp_path / "bundle")
    viewer = new_page(device_scale_factor=FINE)
    for number, library in enumerate(libraries):
        viewer.page.goto("about:blank")
        viewer.open(url + f"#column=kind&section={library}")
        viewer.page.get_by_role("button", name="Zoom out").click()  # to all of the image
        viewer.slide("Image opacity", "1")
        viewer.slide("Point opacity", "1")
        bar = viewer.page.locator(".section-bar")
        bar.evaluate_all("all => all.forEach((e) => { e.style.visibility = 'hidden' })")
        ours = viewer.pixels()
        Image.fromarray(ours).save(tmp_path / f"{library}.png")
        height, width, _ = ours.shape
        peer = made_once(
            tmp_path_factory,
            "-".join(["squidpy", *libraries]),
            "squidpy",
            SCRIPT,
            lambda folder, size=(str(width), str(height)): [source, "kind", "hires", *size],
        )
        theirs = np.asarray(Image.open(peer / f"{library}.png").convert("RGB"))
        compare(ours, theirs, adata, library, SCALES[number])

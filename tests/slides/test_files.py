"""Images that the user names: marks lie under their cells, in every level; channels are exact."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import zarr
from PIL import Image

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError, KaroSpaceError
from karospace_stream.formats.karospace.tissue.slides.windows import drawn_window
from tests.slides.made import MARKS, cells, check_marks, halved, level, marked, slides

TILED = {"tile": (256, 256), "compression": "deflate"}


def export(tmp_path: Path, name: str = "out", **keywords: Any) -> Path:
    karospace_stream.export(tmp_path / "cells.h5ad", tmp_path / name, genes="none", **keywords)
    return tmp_path / name


def test_channels_of_an_ome_tiff(tmp_path: Path) -> None:
    cells(tmp_path / "cells.h5ad")
    first = marked().astype(np.uint16) * 100
    values = np.stack([first, np.random.default_rng(0).integers(0, 60_000, first.shape, np.uint16)])
    about = {"axes": "CYX", "Channel": {"Name": ["DAPI", "CD3"]}, "PhysicalSizeX": 0.5, "PhysicalSizeY": 0.5}
    tifffile.imwrite(tmp_path / "a.ome.tiff", values, metadata=about, photometric="minisblack", **TILED)
    bundle = export(tmp_path, image=tmp_path / "a.ome.tiff", image_placement=(1, 1, 0, 0))
    (slide,) = slides(bundle)
    assert (slide["kind"], slide["dtype"], slide["microns_per_pixel"]) == ("channels", "uint16", 0.5)
    assert [each["name"] for each in slide["channels"]] == ["DAPI", "CD3"]
    assert slide["channels"][0]["range"] == [2_000, 22_000]
    for channel in range(2):
        wanted = values[channel]
        for number in range(len(slide["levels"])):
            assert np.array_equal(level(bundle, slide, number, channel), wanted)
            wanted = halved(wanted)
    check_marks(bundle, slide, MARKS, 0)


def test_an_affine_map_turned_and_flipped(tmp_path: Path) -> None:
    turned = np.stack([MARKS[:, 1] / 2, -MARKS[:, 0] / 2 + 400], axis=1)  # what the map below leads back
    cells(tmp_path / "cells.h5ad", turned)
    tifffile.imwrite(tmp_path / "a.tiff", np.stack([marked()] * 3, axis=2), photometric="rgb", **TILED)
    affine = (0, -2, 800, 2, 0, 0)
    for place in (affine, np.vstack([np.reshape(affine, (2, 3)), [0, 0, 1]]), tmp_path / "alignment.csv"):
        (tmp_path / "alignment.csv").write_text("0,-2,800\n2,0,0\n0,0,1\n")
        bundle = export(tmp_path, overwrite=True, image={None: {"path": tmp_path / "a.tiff", "place": place}})
        (slide,) = slides(bundle)
        assert slide["to_pixel"] == list(affine)
    check_marks(bundle, slide, turned)
    assert slide["path"].endswith(".jpg")


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_picture_is_a_file_as_before_and_tiles(tmp_path: Path, ending: str) -> None:
    cells(tmp_path / "cells.h5ad")
    Image.fromarray(np.stack([marked()] * 3, axis=2)).save(tmp_path / f"a.{ending}")
    bundle = export(tmp_path, image=tmp_path / f"a.{ending}", image_placement=(1, 1, 0, 0))
    atlas = json.loads((bundle / "atlas.json").read_text("utf-8"))
    assert (bundle / atlas["image"]["path"]).read_bytes() == (tmp_path / f"a.{ending}").read_bytes()
    check_marks(bundle, atlas["slides"][0], MARKS)


def test_sections_have_images_of_their_own(tmp_path: Path) -> None:
    cells(tmp_path / "cells.h5ad", section=["a", "a", "b", "b"])
    Image.fromarray(marked(900, 700, MARKS[:0])).save(tmp_path / "a.png")
    tifffile.imwrite(tmp_path / "b.tiff", marked(), rowsperstrip=64, compression="deflate")
    images = {"a": tmp_path / "a.png", "b": {"path": tmp_path / "b.tiff", "place": (1, 1, 0, 0)}}
    one, two = slides(export(tmp_path, section="section", image=images, pixel_size=0.25))
    assert [one["section"], two["section"]] == [0, 1]
    assert (one["to_pixel"], one["path"][-3:]) == (None, "png")
    assert two["microns_per_pixel"] == 0.25
    check_marks(tmp_path / "out", two, MARKS[2:], 0)


def test_an_unknown_section_is_refused_by_the_plan(tmp_path: Path) -> None:
    cells(tmp_path / "cells.h5ad", section=["a", "a", "b", "b"])
    Image.fromarray(marked(90, 70, MARKS[:0])).save(tmp_path / "a.png")
    for section, why in (
        ("section", "'nosuch' is no section: those of obs\\['section'\\] are 'a', 'b'$"),
        ("none", "no column of sections was found"),
    ):
        with pytest.raises(BadOptionError, match=why):
            karospace_stream.plan_export(
                tmp_path / "cells.h5ad", image={"nosuch": tmp_path / "a.png"}, section=section
            )


def test_few_stained_pixels_are_not_drawn_in_the_noise() -> None:
    random = np.random.default_rng(0)
    noise = random.normal(200, 14, 65_536).round()
    sparse = noise.copy()
    sparse[:60] = random.uniform(1_000, 4_500, 60)
    assert drawn_window(noise, (120, 270)) == tuple(np.percentile(noise, (1, 99.8)))
    low, high = drawn_window(sparse, (120, 4_500))
    assert low == np.percentile(sparse, 1)
    assert 3_500 < high < 4_500
    # Where more is stained, the percentile is as ever; a few hot pixels change nothing.
    sparse[:2_000] = 3_000
    assert drawn_window(sparse, (120, 4_500))[1] == 3_000
    noise[:8] = 65_535
    assert drawn_window(noise, (120, 65_535))[1] < 260
    # Nothing but stain on an empty ground.
    empty = np.zeros(65_536)
    assert drawn_window(empty, (0, 9)) == (0, 9)
    empty[:100] = 700
    assert drawn_window(empty, (0, 65_535)) == (0, 700)


def test_an_image_moves_with_its_section(tmp_path: Path) -> None:
    source = cells(tmp_path / "cells.h5ad", np.concatenate([MARKS, MARKS]), ["a"] * 4 + ["b"] * 4)
    tifffile.imwrite(tmp_path / "b.tiff", marked(), **TILED)
    karospace_stream.export(
        source,
        tmp_path / "out",
        genes="none",
        arrange_by="section",
        image={"b": f"{tmp_path}/b.tiff@1,1,0,0"},
    )
    atlas = json.loads((tmp_path / "out" / "atlas.json").read_text("utf-8"))
    shifts = {each["category"]: each["shift"] for each in atlas["embeddings"][0]["arranged"]["groups"]}
    assert shifts["b"] != [0, 0]
    check_marks(tmp_path / "out", atlas["slides"][0], MARKS + shifts["b"], 0)


def test_an_ome_zarr(tmp_path: Path) -> None:
    cells(tmp_path / "cells.h5ad")
    root = zarr.create_group(tmp_path / "slide.zarr", zarr_format=2)
    values = np.stack([marked(), marked() // 2]).astype(np.float32)
    root.create_array("0", data=values, chunks=(1, 500, 600))
    axes = [{"name": "c", "type": "channel"}, *({"name": axis, "unit": "micrometer"} for axis in "yx")]
    scale = [{"type": "scale", "scale": [1, 0.5, 0.5]}]
    root.attrs["multiscales"] = [
        {"axes": axes, "datasets": [{"path": "0", "coordinateTransformations": scale}]}
    ]
    root.attrs["omero"] = {"channels": [{"label": "DAPI", "color": "0000FF"}, {"label": "CD3"}]}
    bundle = export(tmp_path, image=tmp_path / "slide.zarr", pixel_size=0.5)  # placed by the size of a pixel
    (slide,) = slides(bundle)
    assert [each["color"] for each in slide["channels"]] == ["#0000ff", "#2fd34f"]
    assert np.array_equal(level(bundle, slide, 0, 1), values[1])
    check_marks(bundle, slide, MARKS, 0)


def test_workers_and_interruptions_do_not_matter(tmp_path: Path) -> None:
    cells(tmp_path / "cells.h5ad")
    tifffile.imwrite(tmp_path / "a.tiff", np.stack([marked()] * 3, axis=2), photometric="rgb", **TILED)
    made = [
        export(tmp_path, name, image=f"{tmp_path}/a.tiff@1,1,0,0", scheduler=scheduler, **keywords)
        for name, scheduler, keywords in (("one", "sync", {}), ("two", "threads", {"workers": 2}))
    ]
    tiles = [sorted(path.relative_to(each) for path in each.rglob("*.jpg")) for each in made]
    assert tiles[0] == tiles[1]
    assert all((made[0] / key).read_bytes() == (made[1] / key).read_bytes() for key in tiles[0])


def test_damaged_and_hostile_images(tmp_path: Path) -> None:
    cells(tmp_path / "cells.h5ad")
    good = tmp_path / "good.tiff"
    tifffile.imwrite(good, np.stack([marked()] * 3, axis=2), photometric="rgb", **TILED)
    data = good.read_bytes()
    (tmp_path / "cut.tiff").write_bytes(data[: len(data) // 2])
    with tifffile.TiffFile(good) as file:
        tags = file.pages[0].tags
        offsets = file.pages[0].dataoffsets
        wide = bytearray(data)
        at = tags["ImageWidth"].valueoffset
        wide[at : at + 2] = b"\xff\xff"
    (tmp_path / "bomb.tiff").write_bytes(wide)
    broken = bytearray(data)
    broken[offsets[0] : offsets[0] + 40] = b"\xff" * 40
    (tmp_path / "broken.tiff").write_bytes(broken)
    (tmp_path / "text.tiff").write_text("II*\0 nothing")
    for name in ("cut", "bomb", "text"):
        with pytest.raises(BadOptionError, match=r"truncated|declares|no TIFF|damaged"):
            export(tmp_path, image=tmp_path / f"{name}.tiff")
    with pytest.raises(BadInputError, match="tile or strip 0 cannot be decoded"):
        export(tmp_path, image=tmp_path / "broken.tiff")
    Image.fromarray(marked()).save(tmp_path / "a.png")
    (tmp_path / "a.png").write_bytes((tmp_path / "a.png").read_bytes()[:-2_000])
    with pytest.raises(KaroSpaceError, match=r"damaged or truncated"):
        export(tmp_path, image=tmp_path / "a.png")


@pytest.mark.parametrize(
    ("image", "why"),
    [
        ("a.tiff@1,2", "a place must be"),
        ("a.tiff@1,1,0,nan", "a place must be"),
        ("a.tiff@0,0,1,0,0,1", "maps different coordinates"),
        ({"s": {"file": "a.tiff"}}, "'path' and 'place'"),
        (("a=x.png", "a=y.png"), "one image"),
        ("a.tiff@none.json", "none.json cannot be read"),
    ],
)
def test_wrong_places_are_refused(
    tmp_path: Path, image: Any, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cells(tmp_path / "cells.h5ad")
    tifffile.imwrite("a.tiff", np.zeros((8, 8), np.uint8))
    with pytest.raises(BadOptionError, match=why):
        export(tmp_path, image=image)


def test_the_way_to_a_place_fits_the_image(tmp_path: Path) -> None:
    """One image for all cells has `image_placement`; that of a section has its own place."""
    cells(tmp_path / "cells.h5ad", section=["s1", "s1", "s2", "s2"])
    path = tmp_path / "a.tiff"
    tifffile.imwrite(path, np.stack([marked()] * 3, axis=2), photometric="rgb", **TILED)
    wanted = {"image_placement": path, "image": {"s2": path}}
    for option, image in wanted.items():
        plan = karospace_stream.plan_export(tmp_path / "cells.h5ad", image=image)
        (found,) = [each for each in plan.findings if each.code == "image-not-placed"]
        assert (found.option, found.value) == (
            option,
            None if option == "image_placement" else f"s2={path}@SX,SY,OX,OY",
        )

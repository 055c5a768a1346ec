"""Damaged, truncated and lying files in vendor folders: one sentence, or left out with a note."""

from __future__ import annotations

import builtins
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import karospace_stream
from karospace_stream.encode.decode_image import decode_png, png_head
from karospace_stream.errors import BadInputError
from tests.inputs.spatial.test_space_ranger import check_matrix, check_positions, opened
from tests.made.tenx_folders import SCALES, picture, write_visium, write_visium_hd, write_xenium


def cut(path: Path, share: float = 0.5) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


def repeated(path: Path) -> None:
    table = pd.read_csv(path)
    pd.concat([table, table.iloc[[1]]]).to_csv(path, index=False)


def with_text(path: Path) -> None:
    table = pd.read_csv(path, dtype=str)
    table.loc[3, "pxl_row_in_fullres"] = "far"
    table.to_csv(path, index=False)


def of_another_sample(path: Path) -> None:
    table = pd.read_csv(path)
    table.assign(barcode=[f"X{at}" for at in range(len(table))]).to_csv(path, index=False)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (Path.unlink, r"spatial must hold the positions of the spots, .* but has neither"),
        (lambda path: cut(path, 0.97), r"each row must have 6 values"),
        (repeated, r"must have one row for each cell, but has several for"),
        (with_text, r"pxl_row_in_fullres of .* must be numbers, but holds text"),
        (
            lambda path: path.write_text("barcode,in_tissue\nA,1\n"),
            r"must have the columns .* has no pxl",
        ),
        (of_another_sample, r"has no row for any cell of the matrix: its ids are like \['X0'\]"),
    ],
)
def test_positions(tmp_path: Path, spoil: Callable[[Path], Any], words: str) -> None:
    made = write_visium(tmp_path / "outs")
    spoil(made.path / "spatial" / "tissue_positions.csv")
    with pytest.raises(BadInputError, match=words) as caught:
        opened(made.path)
    assert "\n" not in str(caught.value)


def test_positions_in_parquet(tmp_path: Path) -> None:
    made = write_visium_hd(tmp_path / "outs")
    path = made.path / "spatial" / "tissue_positions.parquet"
    table = pd.read_parquet(path)
    pd.concat([table, table.iloc[[1]]]).to_parquet(path)
    with pytest.raises(BadInputError, match="has several rows for one barcode"):
        opened(made.path)
    cut(path)
    with pytest.raises(BadInputError, match="cannot be read as a Parquet file: it is damaged or cut off"):
        opened(made.path)


def test_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = write_visium_hd(tmp_path / "outs")
    imported = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".")[0] == "pyarrow":
            raise ImportError(name)
        return imported(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(BadInputError, match=r"pip install 'karospace-stream\[spatial\]'"):
        opened(made.path)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{", "scalefactors"),
        ("[1]", "scalefactors"),
        (json.dumps({**SCALES, "tissue_hires_scalef": -1}), "scalefactors/tissue_hires_scalef"),
        (json.dumps({**SCALES, "tissue_hires_scalef": "0.2"}), "scalefactors/tissue_hires_scalef"),
        (json.dumps({**SCALES, "tissue_hires_scalef": float("inf")}), "scalefactors/tissue_hires_scalef"),
    ],
)
def test_scale_factors(tmp_path: Path, text: str, key: str) -> None:
    made = write_visium(tmp_path / "outs")
    (made.path / "spatial" / "scalefactors_json.json").write_text(text)
    source = opened(made.path)
    assert [each for each, _ in source.catalog.unreadable] == [f"uns/spatial/sample1/{key}"]
    assert source.catalog.images[0].scale is None
    check_positions(source, made.table)


def test_scale_factors_of_another_sample(tmp_path: Path) -> None:
    made = write_visium(tmp_path / "outs")
    path = made.path / "spatial" / "scalefactors_json.json"
    path.write_text(json.dumps({**SCALES, "tissue_hires_scalef": 40.0}))
    (finding,) = opened(made.path).catalog.findings
    assert finding.code == "image-misplaced"
    assert "the image hires is not under" in finding.text


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "does not begin like one"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "does not begin like one"),
        (bomb(100_000, 100_000), "its header declares 100,000 x 100,000"),
        (bomb(0, 4), "its header is damaged"),
        (bomb(4, 4)[:-6], "is truncated"),
    ],
)
def test_images_that_are_left_out(tmp_path: Path, data: bytes, words: str) -> None:
    made = write_visium(tmp_path / "outs")
    (made.path / "spatial" / "tissue_hires_image.png").write_bytes(data)
    source = opened(made.path)
    ((key, why),) = source.catalog.unreadable
    assert key == "uns/spatial/sample1/images/hires"
    assert words in why
    assert [info.resolution for info in source.catalog.images] == ["lowres"]


def test_an_image_that_is_damaged_inside(tmp_path: Path) -> None:
    made = write_visium(tmp_path / "outs")
    path = made.path / "spatial" / "tissue_hires_image.png"
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 400] = bytes(400)
    path.write_bytes(data)
    with pytest.raises(BadInputError, match=r"hires_image.png cannot be read: .*image=False") as caught:
        karospace_stream.export(made.path, tmp_path / "bundle")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "bundle").exists()
    karospace_stream.export(made.path, tmp_path / "bundle", image=False)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_pixels(tmp_path: Path, mode: str) -> None:
    pixels = picture(tmp_path / "a.png", 11, 7, mode=mode)
    data = (tmp_path / "a.png").read_bytes()
    np.testing.assert_array_equal(decode_png(data), pixels)
    assert png_head(data).shape == pixels.shape


def test_other_kinds_of_pixels(tmp_path: Path) -> None:
    from PIL import Image

    pixels = picture(tmp_path / "a.png", 11, 7)
    Image.fromarray(pixels).quantize(16).save(tmp_path / "palette.png")
    Image.fromarray(pixels).convert("LA").save(tmp_path / "la.png")
    Image.fromarray(pixels).convert("1").save(tmp_path / "one.png")
    deep = np.arange(77, dtype=np.uint16).reshape(11, 7) * 800
    Image.fromarray(deep).save(tmp_path / "deep.png")
    for name in ("palette", "la", "one"):
        data = (tmp_path / f"{name}.png").read_bytes()
        decoded = decode_png(data)
        head = png_head(data)
        assert (decoded.shape, decoded.dtype) == (head.shape, head.dtype)
        with Image.open(tmp_path / f"{name}.png") as image:
            expected = np.asarray(image.convert("L" if decoded.ndim == 2 else "RGBA"))
        np.testing.assert_array_equal(decoded, expected)
    np.testing.assert_array_equal(decode_png((tmp_path / "deep.png").read_bytes()), deep)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Barcode,Cluster\nA-1,x\n", "must have a barcode and numbers in each row"),
        ("Barcode,Cluster\nA-1\n", "must have a barcode and numbers in each row"),
        ("Barcode,Cluster\nA-1,1,2,3\nB-1\n", "must have"),
        ("Barcode,Cluster\nA-1,1.5\n", "must have one column of clusters, which are whole numbers"),
        ("Barcode,Cluster\nA-1,1\n", "has no row for any cell"),
        ("", "must be a table of numbers by barcode"),
    ],
)
def test_analyses_are_left_out(tmp_path: Path, text: str, words: str) -> None:
    made = write_xenium(tmp_path / "output")
    path = made.path / "analysis" / "clustering" / "gene_expression_graphclust" / "clusters.csv"
    path.write_text(text)
    source = opened(made.path)
    ((key, why),) = source.catalog.unreadable
    assert key == "obs/graphclust"
    assert words in why
    assert "\n" not in why
    check_matrix(source, made)


def test_an_analysis_that_is_too_large(tmp_path: Path) -> None:
    made = write_xenium(tmp_path / "output")
    path = made.path / "analysis" / "clustering" / "gene_expression_graphclust" / "clusters.csv"
    with path.open("r+b") as file:
        file.truncate(100 << 20)
    ((key, why),) = opened(made.path).catalog.unreadable
    assert key == "obs/graphclust"
    assert "too much for 40 cells" in why


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (Path.unlink, r"must hold the table of cells, .* but has neither"),
        (cut, r"cannot be read as a Parquet file: it is damaged or cut off"),
        (lambda path: path.write_bytes(b""), "."),
        (
            lambda path: pd.read_parquet(path).drop(columns="x_centroid").to_parquet(path, index=False),
            r"must have the columns x_centroid and y_centroid with numbers",
        ),
        (
            lambda path: pd.read_parquet(path).assign(cell_id="x").to_parquet(path, index=False),
            r"has no row for any cell of the matrix: its ids are like \['x'\]",
        ),
        (
            lambda path: pd.read_parquet(path).iloc[[0, 1, 1, 2]].to_parquet(path, index=False),
            r"must have one row for each cell, but has several for",
        ),
    ],
)
def test_cells(tmp_path: Path, spoil: Callable[[Path], Any], words: str) -> None:
    made = write_xenium(tmp_path / "output")
    spoil(made.path / "cells.parquet")
    with pytest.raises(BadInputError, match=words) as caught:
        opened(made.path)
    assert "\n" not in str(caught.value)


def test_a_damaged_manifest_is_noted(tmp_path: Path) -> None:
    made = write_xenium(tmp_path / "output")
    cut(made.path / "experiment.xenium")
    source = opened(made.path)
    assert [key for key, _ in source.catalog.unreadable] == ["experiment.xenium"]
    check_matrix(source, made)


def test_truncated_matrices(tmp_path: Path) -> None:
    for made, name in (
        (write_xenium(tmp_path / "output"), "cell_feature_matrix.h5"),
        (write_visium(tmp_path / "outs"), "filtered_feature_bc_matrix.h5"),
    ):
        cut(made.path / name)
        with pytest.raises(BadInputError, match=r"is truncated"):
            opened(made.path)


@pytest.mark.parametrize("level", ["outs", ""])
def test_a_visium_folder_without_its_matrix(level: str, tmp_path: Path) -> None:
    made = write_visium(tmp_path / "outs")
    (made.path / "filtered_feature_bc_matrix.h5").unlink()
    with pytest.raises(BadInputError, match=r"outs/filtered_feature_bc_matrix\.h5 is missing; copy"):
        opened(made.path if level else tmp_path)


def test_a_xenium_folder_without_its_matrix(tmp_path: Path) -> None:
    made = write_xenium(tmp_path / "xenium")
    (made.path / "cell_feature_matrix.h5").unlink()
    words = r"xenium/cell_feature_matrix\.h5 is missing; copy it there, or the folder cell_feature_matrix "
    with pytest.raises(BadInputError, match=words):
        opened(made.path)

"""The oracle itself: every way of spoiling a bundle is noticed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import karospace_stream
from tests.oracle.compare import assert_true
from tests.oracle.reader import Bundle
from tests.oracle.truth import Truth, read, truth_of

Synth = Callable[..., Path]


@pytest.fixture
def bundle(synth: Synth, tmp_path: Path) -> tuple[Path, Truth]:
    source = synth(700, 90)
    karospace_stream.export(source, tmp_path / "bundle", genes="hvgs:4", anno=["all"], max_asset_mb=0.002)
    truth = truth_of(read(source), genes="hvgs:4", anno="all", coords="obsm:spatial")
    assert_true(Bundle(tmp_path / "bundle"), truth)
    return tmp_path / "bundle", truth


def repack(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file's content and leave its size as stored, so that only a reader of values sees it."""
    size = path.stat().st_size
    for level in range(10):
        packed = gzip.compress(change(gzip.decompress(path.read_bytes())), level, mtime=0)
        if len(packed) == size:
            break
    path.write_bytes(packed)


def resize(root: Path) -> None:
    """Make the sizes that both manifests say true again."""
    for name in ("atlas.json", "manifest.json"):
        tree = json.loads((root / name).read_text())

        def walk(node: object) -> None:
            if isinstance(node, dict):
                if "size_bytes" in node:
                    node["size_bytes"] = (root / str(node["path"])).stat().st_size
                for child in node.values():
                    walk(child)
            elif isinstance(node, list):
                for child in node:
                    walk(child)

        walk(tree)
        indent = 2 if name == "manifest.json" else None
        (root / name).write_text(json.dumps(tree, indent=indent))


def first(root: Path, kind: str) -> Path:
    listed = json.loads((root / "manifest.json").read_text())["asset_files"]
    return root / next(asset["path"] for asset in listed if asset["kind"] == kind)


KINDS = [
    "obs_csv", "obs_json", "coords_json", "var_csv", "expression_chunk", "preview", "cell_ids", "obs_array",
    "coords_array", "gene_table", "atlas",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_file(kind: str, bundle: tuple[Path, Truth]) -> None:
    root, truth = bundle
    first(root, kind).unlink()
    with pytest.raises(AssertionError):
        assert_true(Bundle(root), truth)


def test_a_file_too_many(bundle: tuple[Path, Truth]) -> None:
    root, _ = bundle
    (root / "assets" / "left_over.bin").write_bytes(b"x")
    with pytest.raises(AssertionError, match="listed"):
        Bundle(root)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("preview", "atlas", "gene_table")])
def test_one_wrong_byte(kind: str, bundle: tuple[Path, Truth]) -> None:
    root, truth = bundle

    def change(content: bytes) -> bytes:
        # A leading digit of a coordinate, the last digit of other text, a byte of an array's last item.
        if kind == "coords_json":
            at = content.index(b'"x":') + 4
        elif kind in ("obs_csv", "obs_json", "var_csv"):
            at = max(position for position, byte in enumerate(content) if chr(byte).isdigit())
        else:
            at = len(content) - 2
        other = b"1" if content[at : at + 1] != b"1" else b"2"
        return content[:at] + other + content[at + 1 :]

    repack(first(root, kind), change)
    resize(root)
    with pytest.raises((AssertionError, KeyError, ValueError, IndexError)):
        assert_true(Bundle(root), truth)


def test_a_wrong_pixel(bundle: tuple[Path, Truth]) -> None:
    from PIL import Image

    root, truth = bundle
    path = root / "preview.png"
    with Image.open(path) as picture:
        changed = picture.convert("RGB")
    changed.putpixel((3, 3), (0x26, 0x46, 0x53))
    changed.save(path)
    resize(root)
    with pytest.raises(AssertionError):
        assert_true(Bundle(root), truth)


@pytest.mark.parametrize("text", ["NaN", "Infinity"])
def test_json_that_no_browser_parses(text: str, bundle: tuple[Path, Truth]) -> None:
    root, truth = bundle
    path = first(root, "coords_json")
    rows = json.loads(gzip.decompress(path.read_bytes()))
    rows[0]["x"] = float(text)
    path.write_bytes(gzip.compress(json.dumps(rows).encode(), mtime=0))
    resize(root)
    with pytest.raises(AssertionError, match=text):
        assert_true(Bundle(root), truth)

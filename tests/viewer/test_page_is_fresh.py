"""The committed pages are what their sources build, byte for byte, and the sources pass their own checks."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {"index.html", "exporter.html"}
#: The whole viewer is one file, which goes along with every export.
MOST_BYTES, MOST_PACKED = 1_600_000, 500_000
SHARED = ("tests/select/column_names.json",)
NOT_SOURCES = shutil.ignore_patterns("node_modules", ".vite")


@pytest.fixture(scope="module")
def viewer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of ``viewer/`` with the packages of its lock file, beside what its tests share with ours."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not on the PATH: building the viewer needs Node 20.19 or newer")
    folder = tmp_path_factory.mktemp("fresh") / "viewer"
    shutil.copytree(ROOT / "viewer", folder, ignore=NOT_SOURCES)
    for shared in SHARED:
        copy = folder.parent / shared
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / shared, copy)
    _npm(folder, "ci", "--prefer-offline", "--ignore-scripts")
    return folder


def test_pages_are_what_the_sources_build(viewer: Path) -> None:
    _npm(viewer, "run", "build")
    built = {path.name: path.read_bytes() for path in (viewer.parent / "karospace_stream" / "page").iterdir()}
    assert set(built) == PAGES
    for name, page in built.items():
        kept = (ROOT / "karospace_stream" / "page" / name).read_bytes()
        assert page == kept, f"run `npm run build` in viewer/ and commit {name}"


def test_the_page_is_small_enough_for_a_slow_connection() -> None:
    page = (ROOT / "karospace_stream" / "page" / "index.html").read_bytes()
    packed = gzip.compress(page, 9)
    assert len(page) < MOST_BYTES, _sizes(page, packed)
    assert len(packed) < MOST_PACKED, _sizes(page, packed)


def _sizes(page: bytes, packed: bytes) -> str:
    return (
        f"index.html must have less than {MOST_BYTES:,} bytes and {MOST_PACKED:,} gzipped, "
        f"not {len(page):,} and {len(packed):,}: find what grew, and decode on demand what is rarely used"
    )


def test_sources_pass_types_lint_and_unit_tests(viewer: Path) -> None:
    _npm(viewer, "run", "check")


def test_lock_file_names_no_host() -> None:
    assert '"resolved"' not in (ROOT / "viewer" / "package-lock.json").read_text()


def _npm(folder: Path, *words: str) -> None:
    done = subprocess.run(["npm", *words], cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, (
        f"npm {' '.join(words)} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    )

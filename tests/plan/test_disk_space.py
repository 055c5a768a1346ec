"""A plan compares what it writes with the free space of the disks."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from karospace_stream.errors import TargetError
from karospace_stream.model.size import Size
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.checks.disk_space import (
    disks_of,
    notice_disks,
    refuse_full_disks,
    written_bundles,
    written_scratch,
)
from karospace_stream.plan.resources.disk import DiskUse, Written

Free = Callable[[int], None]


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Free:
    """Every disk has so many bytes free."""

    def set_free(nbytes: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=nbytes))

    return set_free


def bundle(least: int, most: int, path: str = "/data/out") -> Written:
    return Written("bundle", path, least, most)


def scratch(least: int, most: int, path: str = "/scratch") -> Written:
    return Written("scratch", path, least, most)


def test_each_format_takes_its_size_and_a_zip_twice_as_much(tmp_path: Path) -> None:
    targets = (str(tmp_path / "a"), str(tmp_path / "b.zarr.zip"), "s3://bucket/c")
    options = ExportOptions(formats=("karospace", "anndata", "cellucid"), targets=targets)
    outputs = (Size(100, 300), Size(10, 50), Size(7, 9))
    assert list(written_bundles(options, outputs)) == [
        Written("bundle", targets[0], 100, 300),
        Written("bundle", targets[1], 20, 100),
    ]


def test_scratch_is_in_the_folder_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert list(written_scratch(ExportOptions(), Size(110, 840))) == [
        Written("scratch", str(tmp_path), 110, 840)
    ]
    own = ExportOptions(scratch=str(tmp_path / "own"))
    assert list(written_scratch(own, Size(0, 800))) == [Written("scratch", str(tmp_path / "own"), 0, 800)]
    assert list(written_scratch(own, Size())) == []


def test_parts_on_one_disk_are_added(tmp_path: Path, free: Free) -> None:
    free(1_000)
    parts = [bundle(10, 40, str(tmp_path / "new" / "out")), scratch(1, 5, str(tmp_path))]
    (disk,) = disks_of(parts)
    assert (disk.least_nbytes, disk.most_nbytes, disk.free_nbytes) == (11, 45, 1_000)
    assert disk.shown == f"{tmp_path}/new/out and {tmp_path}"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([bundle(90, 100)], None),
        (
            [bundle(90, 101)],
            "the export may need up to 101 B of disk space at /data/out, where 100 B",
        ),
        (
            [bundle(90, 95), scratch(11, 12)],
            "at least 101 B of disk space at /data/out and /scratch, but",
        ),
    ],
)
def test_what_is_noticed(parts: list[Written], said: str | None) -> None:
    found = list(notice_disks([DiskUse(tuple(parts), 100)]))
    assert [said is not None and said in each.text for each in found] == [True] * (said is not None)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            [bundle(101, 200)],
            r"^/data/out: .* at least 101 B .* 100 B are free; make room or name another t",
        ),
        ([scratch(101, 200)], r"^--scratch /scratch: .* make room or name another folder with --scratch$"),
        ([bundle(60, 80), scratch(60, 80)], r"^/data/out and /scratch: .* at least 120 B"),
    ],
)
def test_what_is_refused(parts: list[Written], said: str) -> None:
    with pytest.raises(TargetError, match=said):
        refuse_full_disks([DiskUse(tuple(parts), 100)])
    refuse_full_disks([DiskUse(tuple(parts), 120)] if len(parts) > 1 else [DiskUse(tuple(parts), 101)])

"""A disk with too little room is known before an export begins."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import karospace_stream
from karospace_stream.errors import TargetError
from karospace_stream.plan.checks.disk_space import disks_of
from karospace_stream.plan.resources.disk import Written

Synth = Callable[..., Path]
Free = Callable[[int], None]


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Free:
    """Every disk has so many bytes free."""

    def set_free(nbytes: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=nbytes))

    return set_free


def test_two_disks_are_compared_apart(small_disk: Path, tmp_path: Path) -> None:
    disks = disks_of(
        [
            Written("bundle", str(tmp_path / "out"), 10, 40),
            Written("scratch", str(small_disk), 1, 5),
        ]
    )
    assert [disk.free_nbytes for disk in disks] == [
        pytest.approx(shutil.disk_usage(each).free, rel=0.01) for each in (tmp_path, small_disk)
    ]


@pytest.mark.parametrize("strategy", ["memory", "spill"])
def test_a_plan_says_it_and_an_export_is_refused(
    strategy: str, synth: Synth, tmp_path: Path, free: Free
) -> None:
    source, target = synth(3_000, 30), tmp_path / "out"
    options = {"strategy": strategy, "genes": "all", "group_by": "none"}
    roomy = karospace_stream.plan_export(source, target, **options)
    assert not [each for each in roomy.findings if each.code.startswith("disk")]
    (disk,) = roomy.to_json()["disks"]
    assert str(target) in disk["locations"]
    assert disk["most_nbytes"] == roomy.output_range_nbytes[1] + roomy.scratch_nbytes
    assert roomy.output_range_nbytes[0] <= disk["least_nbytes"] < disk["most_nbytes"]

    free(disk["least_nbytes"])
    plan = karospace_stream.plan_export(source, target, **options)
    assert [each.code for each in plan.findings if each.code.startswith("disk")] == ["disk-nearly-full"]
    free(disk["least_nbytes"] - 1)
    plan = karospace_stream.plan_export(source, target, **options)
    assert [each.code for each in plan.findings if each.code.startswith("disk")] == ["disk-too-small"]
    with pytest.raises(TargetError, match="make room"):
        karospace_stream.export(source, target, **options)
    assert list(tmp_path.glob("*out*")) == []


def test_without_a_target_only_scratch_is_compared(synth: Synth, free: Free) -> None:
    free(1)
    assert karospace_stream.plan_export(synth(300, 30), strategy="memory").disks == ()
    (disk,) = karospace_stream.plan_export(synth(300, 30), strategy="spill").disks
    assert [part.what for part in disk.parts] == ["scratch"]


def test_a_store_is_not_compared(synth: Synth, free: Free) -> None:
    free(1)
    assert karospace_stream.plan_export(synth(300, 30), "memory://bucket/out", strategy="memory").disks == ()


def test_a_resumable_export_starts_where_there_may_be_too_little_room(
    synth: Synth, tmp_path: Path, free: Free
) -> None:
    source, target = synth(300, 30), tmp_path / "out"
    free(1)
    report = karospace_stream.export(source, target, resume=True)
    assert "disk-too-small" in [each.code for each in report.findings]
    assert (target / "manifest.json").is_file()

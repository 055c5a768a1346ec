"""The memory that is free, as containers and batch jobs bound it."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from karospace_stream.runtime import limits

UNLIMITED = "9223372036854771712"


def group(folder: Path, *, version: int, limit: str, used: int, stat: str = "") -> None:
    names = (
        ("memory.max", "memory.current")
        if version == 2
        else ("memory.limit_in_bytes", "memory.usage_in_bytes")
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / names[0]).write_text(f"{limit}\n")
    (folder / names[1]).write_text(f"{used}\n")
    (folder / "memory.stat").write_text(stat)


@pytest.fixture
def mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(limits, "_MOUNT", tmp_path)
    monkeypatch.setattr(limits, "_MEMBERSHIP", tmp_path / "membership")
    return tmp_path


def test_cached_files_are_given_back(mount: Path) -> None:
    (mount / "membership").write_text("0::/\n")
    stat = "anon 300000\nactive_file 100000\ninactive_file 500000\n"
    group(mount, version=2, limit="1000000", used=900_000, stat=stat)
    assert limits.free_nbytes() == 600_000


@pytest.mark.parametrize("version", [1, 2])
def test_the_tightest_of_nested_groups_counts(version: int, mount: Path) -> None:
    (mount / "membership").write_text("0::/job/step\n" if version == 2 else "5:cpu:/x\n4:memory:/job/step\n")
    root = mount if version == 2 else mount / "memory"
    group(root, version=version, limit=UNLIMITED if version == 1 else "max", used=0)
    group(root / "job", version=version, limit="500000", used=200_000)
    group(root / "job" / "step", version=version, limit="900000", used=100_000)
    assert limits.free_nbytes() == 300_000


@pytest.mark.parametrize("line", ["0::/of/the/host\n", "4:memory:/of/the/host\n"])
def test_a_container_that_does_not_see_its_own_path(line: str, mount: Path) -> None:
    (mount / "membership").write_text(line)
    group(mount, version=2, limit="700000", used=100_000)
    group(mount / "memory", version=1, limit="700000", used=100_000)
    assert limits.free_nbytes() == 600_000


def test_no_groups_at_all(mount: Path) -> None:
    assert limits.free_nbytes() > psutil.virtual_memory().total // 100

"""No file has markers of an unfinished merge."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_no_conflict_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    marked = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            lines = path.read_bytes().split(b"\n")
            marked += [name] * any(line.startswith((b"<" * 7 + b" ", b">" * 7 + b" ")) for line in lines)
    assert marked == []

"""On what the figures were made: machine, versions, commit."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
_PACKAGES = ("karospace-stream", "anndata", "dask", "h5py", "isal", "numcodecs", "numpy", "scipy", "zarr")


def about_machine() -> dict[str, Any]:
    """Processor, cores that may be used, memory and system."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_nbytes": psutil.virtual_memory().total,
        "system": f"{platform.system()} {platform.release()}",
    }


def versions() -> dict[str, str]:
    """Python and the packages that matter."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in _PACKAGES}}


def commit() -> str:
    """The commit that was measured; ends in ``+`` where files of the package had changed since."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        return head + "+" * bool(
            _git("status", "--porcelain", "--untracked-files=no", "--", "karospace_stream")
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()

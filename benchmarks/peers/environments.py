"""Virtual environments of the peers: made once, in a cache folder, from the package index.

What a peer needs and this environment has in a version that suits it is taken from here: both sides are
measured with the same libraries, and an environment takes seconds. The rest goes into the peer's own.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

from filelock import FileLock

#: Side of a case -> what is installed, and the script that its interpreter runs. (Vitessce, Squidpy and
#: spatialdata are no sides: tests compare with them.)
PEERS = {
    "cellucid 0.0.9": ("cellucid==0.0.9", "cellucid_0_0_9.py"),
    "cellucid 0.9.5": ("cellucid==0.9.5", "cellucid_0_9_5.py"),
    "vitessce": ("vitessce==3.8.4 starlette", ""),
    "scanpy": ("scanpy==1.11.5 scikit-misc==0.5.3", "scanpy_markers.py"),
    "squidpy": ("squidpy==1.8.2", ""),
    "mudata": ("mudata==0.3.10 loompy==3.0.8", ""),
    "spatialdata": ("spatialdata==0.7.3", ""),
    "spatialdata-io": ("spatialdata-io==0.7.1 squidpy==1.8.2", ""),
    "illico": ("illico==0.6.0", "illico_markers.py"),
}
_READY = "installed"


def script(program: str) -> Path:
    """The script that drives a peer."""
    return Path(__file__).with_name(PEERS[program][1])


def interpreter(program: str, cache: Path, *, make: bool) -> Path | None:
    """The interpreter of a peer's environment; None where there is none and none may be made.

    Raises
    ------
    subprocess.CalledProcessError
        If the peer does not install.
    """
    requirement = PEERS[program][0]
    folder = cache / requirement.partition(" ")[0].replace("==", "-")
    python = folder / "bin" / "python"
    if _is_ready(folder, requirement):
        return python
    if not make:
        return None
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):  # tests run in several processes
        if not _is_ready(folder, requirement):
            subprocess.run(
                [sys.executable, "-m", "venv", "--without-pip", "--clear", str(folder)], check=True
            )
            own = sysconfig.get_path("purelib", vars={"base": str(folder)})
            # Behind its own on the path; .pth files there, such as this package's, do nothing from here.
            Path(own, "shared.pth").write_text(sysconfig.get_path("purelib") + "\n")
            pip = [sys.executable, "-m", "pip", "--python", str(python)]
            subprocess.run([*pip, "install", "--quiet", "--no-compile", *requirement.split()], check=True)
            (folder / _READY).write_text(requirement + "\n")
    return python


def _is_ready(folder: Path, requirement: str) -> bool:
    """Whether the environment has what is required, which may have been less when it was made."""
    ready = folder / _READY
    return ready.exists() and ready.read_text() == requirement + "\n"

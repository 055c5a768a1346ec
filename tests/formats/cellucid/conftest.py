"""The exports that cellucid 0.0.9 makes of the cases, where its environment is there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks.peers.environments import interpreter

ROOT = Path(__file__).parents[3]
PEER = "cellucid 0.0.9"


@pytest.fixture(scope="session")
def peer_exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of exports, one for each variant of each case, and beside each what was printed."""
    cache = ROOT / ".bench" / "environments"
    try:
        python = interpreter(PEER, cache, make=True)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"{PEER} could not be installed in {cache}: {error}")
    assert python is not None
    out = tmp_path_factory.mktemp("peer")
    subprocess.run([python, Path(__file__).with_name("peer_exports.py"), out], check=True)
    return out

"""Two export folders, file by file, after inflation."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np

_OWN = ("created_at", "cellucid_data_version")


def contents(folder: Path) -> dict[str, bytes]:
    """All files by their path in the export."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            key = path.relative_to(folder).as_posix()
            found[key] = zlib.decompress(data, wbits=31) if path.suffix == ".gz" else data
    return found


def assert_same_export(ours: Path, theirs: Path) -> None:
    """Every binary equal byte for byte, every manifest as JSON with its keys in order.

    The list of files and checksums is what ours has more.
    """
    mine, others = contents(ours), contents(theirs)
    del mine["checksums.json"]
    assert sorted(mine) == sorted(others), set(mine) ^ set(others)
    for key, data in others.items():
        if key.endswith(".json"):
            assert_same_manifest(_parsed(mine[key]), _parsed(data), key)
        elif key.startswith("var/") and ".f32" in key:
            assert mine[key] == _without_sign_of_zero(data), key
        else:
            assert mine[key] == data, key


def assert_same_manifest(mine: dict[str, Any], theirs: dict[str, Any], key: str) -> None:
    if key == "dataset_identity.json":
        mine, theirs = ({k: v for k, v in each.items() if k not in _OWN} for each in (mine, theirs))
    assert json.dumps(mine) == json.dumps(theirs), key  # unlike dicts, text tells of order


def _parsed(data: bytes) -> Any:
    return json.loads(data, parse_float=lambda text: float(text) + 0.0)  # 0 for -0


def _without_sign_of_zero(data: bytes) -> bytes:
    """Ours writes 0 for -0, from dense input as from sparse; so does the peer, but from sparse only."""
    values = np.frombuffer(data, "<f4")
    return np.where(values == 0, np.float32(0), values).astype("<f4").tobytes()

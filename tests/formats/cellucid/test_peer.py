"""Beside cellucid 0.0.9: every file the same after inflation, every manifest the same JSON."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.formats.cellucid.assembled import Export
from tests.formats.cellucid.cases import BITS, CASES, LEVELS, variants


def contents(folder: Path) -> dict[str, bytes]:
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found[path.relative_to(folder).as_posix()] = (
                zlib.decompress(data, wbits=31) if path.suffix == ".gz" else data
            )
    return found


def parsed(data: bytes) -> Any:
    content = json.loads(data)
    for key in ("created_at", "cellucid_data_version"):
        content.pop(key, None)
    return content


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", CASES)
def test_the_same_as_the_peer(peer_exports: Path, case: str, level: int | None, bits: int | None) -> None:
    name = f"{case}-{level}-{bits}"
    theirs = contents(peer_exports / name)
    ours = Export(name, **variants(case)[name]).files
    assert sorted(ours) == sorted(theirs)
    assert {path for path in ours if path.endswith(".json")} >= {"dataset_identity.json", "obs_manifest.json"}
    for path, data in theirs.items():
        if path.endswith(".json"):
            assert parsed(ours[path]) == parsed(data), path
            assert list(parsed(ours[path])) == list(parsed(data)), "the order of keys"
        else:
            assert ours[path] == data, path

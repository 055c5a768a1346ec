"""What lies at a place on a store, or in a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from isal.isal_zlib import crc32

from karospace_stream.storage import Store, location_of
from tests.e2e.support import contents


def objects(url: str, options: Mapping[str, Any]) -> dict[str, bytes]:
    """Every object below a URL by its key; not the report, which tells of one run."""
    store = Store(location_of(url, options))
    keys = {key: about for key, about in store.find().items() if key.rpartition("/")[2] != "report.json"}
    whole = store.read_ranges([(key, 0, about.size) for key, about in keys.items()])
    return dict(zip(keys, whole, strict=True))


def files(folder: Path) -> dict[str, bytes]:
    """The same of a folder."""
    return {key: data for key, data in contents(folder).items() if key.rpartition("/")[2] != "report.json"}


def faults_of(found: Mapping[str, bytes]) -> list[str]:
    """What one bundle lacks of what it lists, and what it holds besides."""
    listed = json.loads(found["checksums.json"])["files"]
    wrong = [
        key
        for key, (size, crc) in listed.items()
        if key not in found or (len(found[key]), f"{crc32(found[key]):08x}") != (size, crc)
    ]
    return wrong + [f"{key} is not listed" for key in found.keys() - {*listed, "checksums.json"}]


def without_prefix(found: Mapping[str, bytes], prefix: str) -> dict[str, bytes]:
    """Objects by the names that they would have in a folder."""
    return {key.removeprefix(prefix): data for key, data in found.items()}

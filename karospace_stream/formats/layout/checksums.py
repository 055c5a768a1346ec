"""``checksums.json``, in every bundle: its files, and the options that it was made with.

Additive: readers of any format may ignore it. ``report.json`` is not listed: it is written after everything
else, and says how long that took.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from karospace_stream.formats.layout.documents import checked
from karospace_stream.model.blob import Blob, Receipt

CHECKSUMS = "checksums.json"
VERSION = 1
_ALGORITHM = "crc32"


@dataclass(frozen=True, slots=True)
class Listing:
    """A bundle's list of its own files and options.

    Attributes
    ----------
    options
        Those that decide the bytes, as plain data.
    files
        Size and CRC-32 of every object, as stored.
    """

    format: str
    generator: str
    options: Mapping[str, Any]
    files: Mapping[str, tuple[int, int]]


def checksums_blob(format: str, generator: str, options: Mapping[str, Any], files: Iterable[Receipt]) -> Blob:
    """Encode the list of a finished bundle; CRC-32 as eight hexadecimal digits."""
    content = {
        "version": VERSION,
        "algorithm": _ALGORITHM,
        "format": format,
        "generator": generator,
        "options": dict(options),
        "files": {each.key: [each.size, f"{each.crc32:08x}"] for each in sorted(files, key=_key)},
    }
    return Blob(CHECKSUMS, orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE), "application/json")


def read_checksums(data: bytes) -> Listing:
    """Read the list of a bundle.

    Raises
    ------
    ValueError
        If it is not a list, or of a later version.
    """
    content = orjson.loads(checked(data))
    try:
        if content["version"] != VERSION or content["algorithm"] != _ALGORITHM:
            raise ValueError(f"version {content['version']!r} of {content['algorithm']!r}")
        files = {str(key): (int(size), int(crc, 16)) for key, (size, crc) in content["files"].items()}
        if any(size < 0 for size, _ in files.values()):
            raise ValueError("a size below zero")
        return Listing(str(content["format"]), str(content["generator"]), dict(content["options"]), files)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"not a list of files and checksums ({error})") from error


def _key(receipt: Receipt) -> str:
    return receipt.key

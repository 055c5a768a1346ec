"""Bytes of a bundle, read as suspiciously as a stranger's: nothing missing, nothing lenient."""

from __future__ import annotations

import json
import zlib
from pathlib import Path, PurePosixPath
from typing import Any


def _refuse_constant(name: str) -> None:
    raise AssertionError(f"JSON holds {name}, which no browser parses")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    assert len(found) == len(pairs), f"JSON repeats a key among {[key for key, _ in pairs]}"
    return found


def parse_json(data: bytes) -> Any:
    return json.loads(data.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)


class Folder:
    """The files of a bundle. ``read`` remembers whose content was asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.read: set[str] = set()

    def checked(self, path: str, size_bytes: int | None = None) -> Path:
        """Where a file lies, once path and size are known to be right."""
        pure = PurePosixPath(path)
        assert "\\" not in path, f"{path!r} is not written with /"
        assert not pure.is_absolute(), f"{path!r} leaves the bundle"
        assert ".." not in pure.parts, f"{path!r} leaves the bundle"
        assert str(pure) == path, f"{path!r} is not plain"
        assert path.isascii(), f"{path!r} holds more than ASCII"
        file = self.root / path
        assert file.is_file(), f"{path!r} is not there"
        assert not file.is_symlink(), f"{path!r} is a link"
        if size_bytes is not None:
            stored = file.stat().st_size
            assert stored == size_bytes, f"{path!r} has {stored} bytes, {size_bytes} were said"
        return file

    def stored(self, path: str, size_bytes: int | None = None) -> bytes:
        """A file's bytes as they lie there."""
        data = self.checked(path, size_bytes).read_bytes()
        self.read.add(path)
        return data

    def inflated(self, path: str, size_bytes: int | None = None) -> bytes:
        """A file's content: inflated where the two magic bytes say so."""
        data = self.stored(path, size_bytes)
        assert (data[:2] == b"\x1f\x8b") == path.endswith(".gz"), f"{path!r}: name and content differ"
        if not path.endswith(".gz"):
            return data
        inflate = zlib.decompressobj(wbits=31)
        content = inflate.decompress(data) + inflate.flush()
        assert inflate.eof, f"{path!r} is cut short"
        assert not inflate.unused_data, f"{path!r} is more than one gzip member"
        assert data[4:8] == b"\0\0\0\0", f"{path!r} holds the time at which it was written"
        return content

    def files(self) -> set[str]:
        """All that lies in the folder, as relative paths; not what is about the export itself."""
        there = {str(p.relative_to(self.root).as_posix()) for p in self.root.rglob("*") if not p.is_dir()}
        return there - {"report.json", "checksums.json"}

    def check_list(self, format: str) -> dict[str, Any]:
        """Sizes and CRC-32 of all files are as `checksums.json` says; gives the recorded options."""
        listing = parse_json((self.root / "checksums.json").read_bytes())
        assert (listing["version"], listing["algorithm"], listing["format"]) == (1, "crc32", format)
        assert set(listing["files"]) == self.files()
        for path, (size, check) in listing["files"].items():
            data = (self.root / path).read_bytes()
            assert (len(data), f"{zlib.crc32(data):08x}") == (size, check), path
        return listing["options"]

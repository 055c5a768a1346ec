"""Every target holds the contract."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path

from karospace_stream.formats.layout.checksums import checksums_blob
from karospace_stream.model.blob import Receipt
from karospace_stream.storage import Store, location_of
from karospace_stream.targets import BundleLayout, Target, TargetRequest
from karospace_stream.targets.zips.archive import open_archive
from karospace_stream.testing.target_contract import SEAL, TargetContract
from tests.targets import zips

LAYOUT = BundleLayout((SEAL,), ("obs/",))


def known(read: Callable[[str], bytes]) -> dict[str, tuple[None, None]]:
    """The files of an older bundle."""
    return dict.fromkeys([SEAL, *json.loads(read(SEAL))], (None, None))


def memory(name: str) -> Store:
    return Store(location_of(f"memory://{secrets.token_hex(6)}/{name}"))


def all_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


class TestLocal(TargetContract):
    def location(self, folder: Path) -> Path:
        return folder / "bundle"

    def request(self, location: Path, *, overwrite: bool = False) -> TargetRequest:
        return TargetRequest(str(location), LAYOUT, known=known, overwrite=overwrite)

    def read(self, location: Path, key: str) -> bytes | None:
        return (location / key).read_bytes() if (location / key).exists() else None

    def names(self, location: Path) -> set[str]:
        return all_in(location.parent)


class TestRemote(TargetContract):
    def location(self, folder: Path) -> Store:
        return memory("bundle")

    def request(self, location: Store, *, overwrite: bool = False) -> TargetRequest:
        return TargetRequest(location.location.url, LAYOUT, known=known, overwrite=overwrite)

    def read(self, location: Store, key: str) -> bytes | None:
        return location.read(key) if location.info(key) else None

    def names(self, location: Store) -> set[str]:
        return set(location.find())


class Zip(TargetContract):
    is_one_file = True

    def request(self, location: Path | Store, *, overwrite: bool = False) -> TargetRequest:
        where = str(location) if isinstance(location, Path) else location.location.url
        return TargetRequest(where, LAYOUT, packing=zips.PACKING, overwrite=overwrite)

    def put_seal(self, target: Target, receipts: list[Receipt]) -> Receipt:
        seal = super().put_seal(target, receipts)
        return target.put(checksums_blob("anndata", "test", {}, [*receipts, seal]))

    def read(self, location: Path | Store, key: str) -> bytes | None:
        store = zips.as_store(location)
        if store.info("") is None:
            return None
        archive = open_archive(store)
        keys = [entry.key for entry in archive.entries]
        return dict(zip(keys, archive.read_whole(keys), strict=True)).get(key)


class TestLocalZip(Zip):
    def location(self, folder: Path) -> Path:
        return folder / "x.zarr.zip"

    def names(self, location: Path) -> set[str]:
        return all_in(location.parent)


class TestRemoteZip(Zip):
    def location(self, folder: Path) -> Store:
        return memory("x.zarr.zip")

    def names(self, location: Store) -> set[str]:
        return set(Store(location_of(location.location.url.rpartition("/")[0])).find())

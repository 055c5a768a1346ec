"""What every target must hold, as a class that the tests of a target inherit."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

from karospace_stream.errors import TargetError
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.targets import Target, TargetRequest, kind_of

#: The document that makes a folder a bundle; here it lists the bundle's objects.
SEAL = "zarr.json"
#: Names the export.
NAME = "abc123"
OLD = {"obs/zarr.json": b"old", "obs/gone/zarr.json": b"only in the older bundle"}
NEW = {"obs/zarr.json": b"new", "obs/c/0": b"only in the new bundle"}
#: Keys that lead elsewhere, or that not every filesystem takes.
OUTSIDE = (
    "",
    ".",
    "..",
    "/",
    "../x",
    "obs/../../x",
    "/etc/x",
    "C:/x",
    "obs\\x",
    "s3://x/y",
    "obs/a\0b",
    "con",
)


class TargetContract:
    """Tests of one target. Inherit, implement the four methods, and pytest runs them.

    Attributes
    ----------
    is_one_file
        Whether readers see one file, whatever is put.
    """

    is_one_file = False

    def location(self, folder: Path) -> Any:
        """A location of its own where nothing is yet; ``folder`` is empty."""
        raise NotImplementedError

    def request(self, location: Any, *, overwrite: bool = False) -> TargetRequest:
        """What is asked of a target there."""
        raise NotImplementedError

    def read(self, location: Any, key: str) -> bytes | None:
        """An object that readers see there; None if there is none."""
        raise NotImplementedError

    def names(self, location: Any) -> set[str]:
        """All files there, also those of unfinished exports, and those that lie beside it."""
        raise NotImplementedError

    def put_seal(self, target: Target, receipts: list[Receipt]) -> Receipt:
        """Put the document that lists the objects, last."""
        listed = json.dumps([receipt.key for receipt in receipts]).encode()
        return target.put(Blob(SEAL, listed, "application/json"))

    def begin(self, location: Any, *, overwrite: bool = False, resume: bool = False) -> Target:
        """A target there, always of the same export."""
        request = self.request(location, overwrite=overwrite)
        return kind_of(request).open(request, NAME, resume=resume)

    def test_it_knows_what_waits_to_be_sealed(self, tmp_path: Path) -> None:
        """An export that has begun and is not sealed, by its token."""
        location = self.location(tmp_path)
        request = self.request(location)
        kind = kind_of(request)
        assert not kind.waits(request, NAME)
        target = self.begin(location)
        self._put(target, NEW)
        assert kind.waits(request, NAME)
        assert not kind.waits(request, "fedcba")
        target.seal()
        assert not kind.waits(request, NAME)

    def test_a_check_writes_nothing(self, tmp_path: Path) -> None:
        """Neither at a new place nor where an export may be replaced."""
        location = self.location(tmp_path)
        request = self.request(location)
        kind_of(request).check(request, 10)
        assert self.names(location) == set()
        location = self._older(tmp_path)
        before = self.names(location)
        request = self.request(location, overwrite=True)
        kind_of(request).check(request, 10)
        assert self.names(location) == before

    def test_it_answers_for_itself(self, tmp_path: Path) -> None:
        """In every process: paths that workers must see, or a place for scratch that they see; its files."""
        location = self.location(tmp_path)
        target = self.begin(location)
        copy = pickle.loads(pickle.dumps(target))  # noqa: S301 - our own
        self._put(copy, NEW)
        assert all(Path(path).is_dir() for path in copy.shared_paths)
        assert bool(copy.shared_paths) is (copy.scratch_root is None)
        target.seal()
        assert target.n_objects(7) == (1 if self.is_one_file else 7)

    def test_a_bundle_is_unseen_until_the_seal(self, tmp_path: Path) -> None:
        """Then all of it is there, and nothing else."""
        location = self.location(tmp_path)
        target = self.begin(location)
        self._put(target, NEW)
        assert self._bundle(location) is None
        target.seal()
        assert self._bundle(location) == NEW

    def test_abort_leaves_nothing(self, tmp_path: Path) -> None:
        """Also if it is called twice."""
        location = self.location(tmp_path)
        target = self.begin(location)
        self._put(target, NEW)
        target.abort()
        target.abort()
        assert self.names(location) == set()

    def test_abort_leaves_an_older_bundle(self, tmp_path: Path) -> None:
        """Its readers see it all the time."""
        location = self._older(tmp_path)
        before = self.names(location)
        target = self.begin(location, overwrite=True)
        self._put(target, NEW)
        assert self._bundle(location) == OLD
        target.abort()
        assert self._bundle(location) == OLD
        assert self.names(location) == before

    def test_overwrite_replaces_the_whole(self, tmp_path: Path) -> None:
        """Nothing of the older bundle is left; without ``overwrite`` the target is refused."""
        location = self._older(tmp_path)
        try:
            self.begin(location)
        except TargetError:
            assert self._bundle(location) == OLD
        else:
            raise AssertionError("an older bundle is replaced without overwrite")
        target = self.begin(location, overwrite=True)
        self._put(target, NEW)
        target.seal()
        assert self._bundle(location) == NEW
        assert not any("gone" in name for name in self.names(location))

    def test_a_resumed_export_holds_what_was_kept(self, tmp_path: Path) -> None:
        """Objects and documents; not what was never put, nor what differs from its receipt."""
        location = self.location(tmp_path)
        first = self.begin(location)
        receipts = [first.put(Blob(key, data, "text/plain")) for key, data in NEW.items()]
        first.documents().put("head.json", b"{}")
        first.keep()
        second = self.begin(location, resume=True)
        holds = second.holds()
        assert all(map(holds, receipts))
        assert not holds(Receipt("obs/none", 1, 2))
        assert not holds(Receipt(receipts[0].key, 1, 2))
        assert second.documents().read("head.json") == b"{}"
        self.put_seal(second, receipts)
        second.seal()
        assert self._bundle(location) == NEW

    def test_keys_outside_are_refused(self, tmp_path: Path) -> None:
        """And leave nothing."""
        location = self.location(tmp_path)
        target = self.begin(location)
        for key in OUTSIDE:
            try:
                target.put(Blob(key, b"x", "text/plain"))
            except TargetError:
                continue
            raise AssertionError(f"{key!r} was put")
        target.abort()
        assert self.names(location) == set()

    def _older(self, folder: Path) -> Any:
        location = self.location(folder)
        target = self.begin(location)
        self._put(target, OLD)
        target.seal()
        return location

    def _put(self, target: Target, files: dict[str, bytes]) -> None:
        receipts = [target.put(Blob(target.prefix + key, data, "text/plain")) for key, data in files.items()]
        self.put_seal(target, receipts)

    def _bundle(self, location: Any) -> dict[str, bytes | None] | None:
        listed = self.read(location, SEAL)
        if listed is None:
            return None
        # Where an older bundle cannot be replaced at once, the new one's objects have a prefix.
        return {key[key.index("obs/") :]: self.read(location, key) for key in json.loads(listed)}

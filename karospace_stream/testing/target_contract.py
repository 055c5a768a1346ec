"""Contract tests that every target must pass."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

from karospace_stream.errors import TargetError
from karospace_stream.model.blob import Blob, Receipt
from karospace_stream.targets import Target, TargetRequest, kind_of

#: The document that completes a bundle. In these tests it lists the objects of the bundle.
SEAL = "zarr.json"
#: Token of the export.
NAME = "abc123"
OLD = {"obs/zarr.json": b"old", "obs/gone/zarr.json": b"only in the older bundle"}
NEW = {"obs/zarr.json": b"new", "obs/c/0": b"only in the new bundle"}
#: Keys that lead out of the target, or that are not valid on every filesystem.
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
    """Contract tests of a target. Inherit this class and implement `location`, `request`, `read` and `names`.

    Attributes
    ----------
    is_one_file
        Whether readers see a single file, whatever is put into the target.
    """

    is_one_file = False

    def location(self, folder: Path) -> Any:
        """Return a new, empty location.

        Parameters
        ----------
        folder
            Empty folder for the files of the test.
        """
        raise NotImplementedError

    def request(self, location: Any, *, overwrite: bool = False) -> TargetRequest:
        """Return the request for a target at this location."""
        raise NotImplementedError

    def read(self, location: Any, key: str) -> bytes | None:
        """Return the content of an object as readers see it; None if there is no such object."""
        raise NotImplementedError

    def names(self, location: Any) -> set[str]:
        """Return the names of all files at and beside this location, also of unfinished exports."""
        raise NotImplementedError

    def put_seal(self, target: Target, receipts: list[Receipt]) -> Receipt:
        """Put the last document, which lists the objects.

        Parameters
        ----------
        target
            The target, with all objects.
        receipts
            Receipts of all objects.

        Returns
        -------
        Receipt
            Receipt of the document.
        """
        listed = json.dumps([receipt.key for receipt in receipts]).encode()
        return target.put(Blob(SEAL, listed, "application/json"))

    def begin(self, location: Any, *, overwrite: bool = False, resume: bool = False) -> Target:
        """Open a target at this location, always for the same export.

        Parameters
        ----------
        location
            Result of `location`.
        overwrite
            Whether the export may replace an older one.
        resume
            Whether the export continues an interrupted one.

        Returns
        -------
        Target
            The open target.
        """
        request = self.request(location, overwrite=overwrite)
        return kind_of(request).open(request, NAME, resume=resume)

    def test_it_knows_what_waits_to_be_sealed(self, tmp_path: Path) -> None:
        """The target finds an export that has begun and is not sealed, by its token."""
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
        """``check`` writes nothing, neither at a new location nor at that of an older export."""
        location = self.location(tmp_path)
        request = self.request(location)
        kind_of(request).check(request)
        assert self.names(location) == set()
        location = self._older(tmp_path)
        before = self.names(location)
        request = self.request(location, overwrite=True)
        kind_of(request).check(request)
        assert self.names(location) == before

    def test_it_answers_for_itself(self, tmp_path: Path) -> None:
        """In every process, the target names shared paths or a root for scratch, and counts its files."""
        location = self.location(tmp_path)
        target = self.begin(location)
        copy = pickle.loads(pickle.dumps(target))  # noqa: S301 - our own
        self._put(copy, NEW)
        assert all(Path(path).is_dir() for path in copy.shared_paths)
        assert bool(copy.shared_paths) is (copy.scratch_root is None)
        target.seal()
        assert target.n_objects(7) == (1 if self.is_one_file else 7)

    def test_a_bundle_is_unseen_until_the_seal(self, tmp_path: Path) -> None:
        """After the seal, exactly the new bundle is visible."""
        location = self.location(tmp_path)
        target = self.begin(location)
        self._put(target, NEW)
        assert self._bundle(location) is None
        target.seal()
        assert self._bundle(location) == NEW

    def test_abort_leaves_nothing(self, tmp_path: Path) -> None:
        """``abort`` removes everything, and may be called twice."""
        location = self.location(tmp_path)
        target = self.begin(location)
        self._put(target, NEW)
        target.abort()
        target.abort()
        assert self.names(location) == set()

    def test_abort_leaves_an_older_bundle(self, tmp_path: Path) -> None:
        """Readers see the older bundle all the time."""
        location = self._older(tmp_path)
        before = self.names(location)
        target = self.begin(location, overwrite=True)
        self._put(target, NEW)
        assert self._bundle(location) == OLD
        target.abort()
        assert self._bundle(location) == OLD
        assert self.names(location) == before

    def test_overwrite_replaces_the_whole(self, tmp_path: Path) -> None:
        """Nothing of the older bundle remains; without ``overwrite``, the target is refused."""
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
        """It holds objects and documents that were put, but none that differ from their receipts."""
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
        """Keys that lead out of the target are refused, and leave no files."""
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
        # If an older bundle cannot be replaced in one step, the objects of the new one have a prefix.
        return {key[key.index("obs/") :]: self.read(location, key) for key in json.loads(listed)}

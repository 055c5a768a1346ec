"""The one file of a command that writes tables: a local path, or an object on a store."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from karospace_stream.errors import BadOptionError, TargetError
from karospace_stream.storage import Headers, Store, is_url, local_path, location_of
from karospace_stream.targets.stores.objects import as_target_error

CSV, H5AD, PARQUET = ".csv", ".h5ad", ".parquet"
ENDINGS = (H5AD, CSV, PARQUET)
_WEB = ("http", "ftp")  # they serve files, and take none
_PIECE_NBYTES = 8 << 20
_MEDIA_TYPES = {CSV: "text/csv; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class OutFile:
    """A file that is written as a whole: nobody sees a part of it, and an older one stays until then.

    Attributes
    ----------
    location
        A path or a URL, for the options of the run.
    path
        The local file; of an object on a store, a path with its name.
    store
        Whose location is the object; None for a local file.
    """

    location: str
    path: Path
    store: Store | None = None

    @property
    def ending(self) -> str:
        """Names the format."""
        return self.path.suffix

    @property
    def name(self) -> str:
        """Without its folder."""
        return self.path.name

    @property
    def shown(self) -> str:
        """For people: a URL without its secrets."""
        return str(self.path) if self.store is None else self.store.shown

    def write(self, write: Callable[[Path], None]) -> None:
        """Write a local file, and put it in its place once it is complete.

        An object is written to the system's folder for temporary files first: an ``.h5ad`` is not written
        from its first byte to its last.

        Raises
        ------
        TargetError
            If it cannot be written.
        """
        if self.store is None:
            self._write_beside(write)
            return
        try:
            with tempfile.TemporaryDirectory(prefix="karospace-upload-") as folder:
                path = Path(folder) / self.name
                write(path)
                media_type = _MEDIA_TYPES.get(self.ending, Headers().media_type)
                with as_target_error(self.shown):
                    self.store.put_pieces("", _pieces(path), Headers(media_type))
        except OSError as error:
            raise TargetError(
                f"{self.shown} could not be written: {error.strerror or error}; it needs room in "
                f"{tempfile.gettempdir()} (or in the folder that TMPDIR names)"
            ) from error

    def _write_beside(self, write: Callable[[Path], None]) -> None:
        partial = self.path.with_name(f".{self.name}.{secrets.token_hex(4)}.karospace-partial")
        try:
            write(partial)
            partial.replace(self.path)
        except OSError as error:
            raise TargetError(f"{self.path} could not be written: {error.strerror or error}") from error
        finally:
            partial.unlink(missing_ok=True)


def check_file(
    text: str,
    *,
    overwrite: bool,
    endings: Sequence[str] = ENDINGS,
    storage_options: Mapping[str, Any] | None = None,
) -> OutFile:
    """The file to write, before any work.

    Raises
    ------
    BadOptionError
        If its ending names no format, it is a web address, or a library is missing.
    TargetError
        If it exists, its folder does not, or the store cannot be asked.
    """
    store = Store(location_of(text, storage_options)) if is_url(text) else None
    path = Path(local_path(text)).expanduser() if store is None else Path(urlsplit(text).path)
    out = OutFile(str(path) if store is None else text, path, store)
    if out.ending not in endings:
        raise BadOptionError(
            f"{out.shown} must end in {', '.join(endings)}, which names the format of the file"
        )
    if out.ending == PARQUET and find_spec("pyarrow") is None:
        raise BadOptionError(
            f"{out.shown}: .parquet needs pyarrow, which is not installed; install it, or name a .csv or "
            ".h5ad"
        )
    if store is None:
        _check_path(path, overwrite=overwrite)
    else:
        _check_object(store, overwrite=overwrite)
    return out


def _check_path(path: Path, *, overwrite: bool) -> None:
    if path.is_dir() or (path.exists() and not overwrite):
        way_out = "choose another name" if path.is_dir() else "add --overwrite to replace it"
        raise TargetError(f"{path} already exists; {way_out}")
    if not path.absolute().parent.is_dir():
        raise TargetError(f"{path}: there is no folder {path.parent}; make it, or choose another")


def _check_object(store: Store, *, overwrite: bool) -> None:
    if store.location.protocol in _WEB:
        raise BadOptionError(
            f"{store.shown}: nothing can be written to a web address; name a file, or an object on a store, "
            "such as s3://bucket/table.csv"
        )
    with as_target_error(store.shown):
        if store.info("") is None:
            if store.names():
                raise TargetError(f"{store.shown} already exists, as a folder; choose another name")
        elif not overwrite:
            raise TargetError(f"{store.shown} already exists; add --overwrite to replace it")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_NBYTES):
            yield piece

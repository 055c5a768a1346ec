"""One export in this process, and the SHA-256 of every object that it writes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import zipfile
import zlib
from importlib.resources import files
from pathlib import Path
from typing import Any

import karospace_stream
from tests.bytes.inputs import path_of
from tests.bytes.options import options_of, write_side_files

# As a user on one core has it, with a budget that does not depend on the machine.
WAY: dict[str, Any] = {"scheduler": "sync", "workers": 1, "memory": "1GB"}

Objects = dict[str, str]
"""SHA-256 of objects by their keys."""


def export_objects(
    name: str, option_set: str, format: str, folder: Path, way: dict[str, Any] | None = None
) -> Objects | int:
    """Export an input.

    Parameters
    ----------
    folder
        Synthetic inputs stay in it; the export is deleted.
    way
        Scheduler, workers, strategy and so on, which must not decide the bytes.

    Returns
    -------
    dict or int
        The objects; or the exit code, where the export is refused.
    """
    options = options_of(name, option_set, format)
    zipped = options.pop("zip", False) and format == "anndata"
    target = folder / "out" / ("store.zarr.zip" if zipped else "export")
    shutil.rmtree(target.parent, ignore_errors=True)
    target.parent.mkdir(parents=True)
    write_side_files(folder)
    source = path_of(name, folder)
    try:
        with contextlib.chdir(folder), _fixed_time():
            karospace_stream.export(source, target, format=format, **options, **(way or WAY))
        return _zip_objects(target) if zipped else _folder_objects(target)
    except Exception as error:
        if not hasattr(error, "exit_code"):
            raise
        return int(error.exit_code)
    finally:
        shutil.rmtree(target.parent)


@contextlib.contextmanager
def _fixed_time() -> Any:
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = "1700000000"
    try:
        yield
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]
        if before is not None:
            os.environ["SOURCE_DATE_EPOCH"] = before


def _folder_objects(target: Path) -> Objects:
    """All but ``report.json``, which tells of one run, and the page, which is the viewer's.

    The page has to be the package's, and its size and checksum have to be listed in ``checksums.json``; there
    they are taken out before the list is hashed, so that work on the viewer does not change the record.
    """
    found = {p.relative_to(target).as_posix(): p for p in target.rglob("*") if p.is_file()}
    found.pop("report.json", None)
    contents = {key: path.read_bytes() for key, path in found.items()}
    page = contents.pop("index.html", None)
    if page is not None:
        assert page == (files(karospace_stream) / "page" / "index.html").read_bytes()
        entry = f'"index.html":[{len(page)},"{zlib.crc32(page):08x}"]'.encode()
        assert contents["checksums.json"].count(entry) == 1
        contents["checksums.json"] = contents["checksums.json"].replace(entry, b'"index.html":[]')
    return {key: hashlib.sha256(data).hexdigest() for key, data in contents.items()}


def _zip_objects(target: Path) -> Objects:
    """The one object, and its entries, which say where it differs."""
    with zipfile.ZipFile(target) as archive:
        entries = {
            f"{target.name}/{entry.filename}": hashlib.sha256(archive.read(entry)).hexdigest()
            for entry in archive.infolist()
        }
    return {target.name: hashlib.sha256(target.read_bytes()).hexdigest(), **entries}

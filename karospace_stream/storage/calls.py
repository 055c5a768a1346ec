"""Our calls to fsspec's filesystems, in one place, because their responses differ.

The methods that begin with an underscore are those that fsspec documents for asynchronous use; for
`_strip_protocol` it has no other name.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from inspect import signature
from pathlib import Path
from typing import Any

from karospace_stream.storage import web
from karospace_stream.storage.answers import (
    ShortBodyError,
    chain,
    is_not_offered,
    is_there_already,
    status_of,
)
from karospace_stream.storage.location import below
from karospace_stream.storage.private import s3fs
from karospace_stream.storage.regular import check_regular

Data = bytes | bytearray | memoryview

# The filesystems' names for it: S3; GCS; Azure and HTTP; the rest by time.
_TIMES = ("LastModified", "last_modified", "updated", "mtime", "created")
_VERSIONS = (
    *("ETag", "etag", "md5Hash"),
    *("LastModified", "last_modified", "Last-Modified", "mtime", "created"),
)


@dataclass(frozen=True, slots=True)
class StoredInfo:
    """One object: its bytes, and a text of letters and digits that changes with its content.

    Attributes
    ----------
    written_at
        Seconds since 1970; None if the store does not report it.
    """

    size: int
    version: str
    written_at: float | None = field(default=None, compare=False)


def path_of(fs: Any, url: str) -> str:
    """The path of a URL on its filesystem."""
    path: str = fs._strip_protocol(url)
    return path.rstrip("/")


async def put(fs: Any, path: str, data: Data, given: dict[str, Any]) -> None:
    """Write an object, and the folders above it if the filesystem has folders."""
    body = data if isinstance(data, bytes) else bytes(data)
    try:
        await fs._pipe_file(path, body, **given)
    except FileNotFoundError:
        if not hasattr(fs, "sync_fs"):
            raise  # there is no such bucket
        await fs._makedirs(path.rpartition("/")[0], exist_ok=True)
        await fs._pipe_file(path, body, **given)


async def put_file(fs: Any, path: str, local: Path, given: dict[str, Any]) -> None:
    """Write an object from a file of this machine."""
    await fs._put_file(str(local), path, **given)


async def create(fs: Any, path: str, data: bytes, given: dict[str, Any]) -> bool:
    """Write an object if there is none; unconditionally if the store supports no condition."""
    try:
        await put(fs, path, data, {**given, "mode": "create"})
    except Exception as error:
        if is_there_already(error):
            return False
        if not is_not_offered(error):
            raise
        await put(fs, path, data, given)
    return True


async def read(fs: Any, path: str) -> bytes:
    """Read a whole object."""
    _check_local(fs, path)
    # By default, some first query its size, to split it.
    at_once = {"max_concurrency": 1} if "max_concurrency" in signature(fs._cat_file).parameters else {}
    data: bytes = await fs._cat_file(path, **at_once)
    return data


async def read_if_there(fs: Any, path: str) -> bytes | None:
    """Read a whole object; None if there is none."""
    try:
        return await read(fs, path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


async def read_up_to(fs: Any, path: str, most: int) -> bytes | None:
    """An object, or its first ``most`` bytes if it has more; None if there is none."""
    try:
        _check_local(fs, path)
        if web.is_web(fs):
            return await web.get_up_to(fs, path, most)
        data: bytes = await fs._cat_file(path, start=0, end=most)
        return data
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except Exception as error:
        if not any(status_of(each) == 416 for each in chain(error)):
            raise
        return b""  # an empty object has no range to read


async def read_range(fs: Any, path: str, start: int, stop: int) -> bytes:
    """A part of an object: all of the part."""
    if stop <= start:
        return b""
    _check_local(fs, path)
    if web.is_web(fs):
        data: bytes = await web.get_range(fs, path, start, stop)
    else:
        data = await fs._cat_file(path, start=start, end=stop)
    if len(data) != stop - start:
        raise ShortBodyError(f"the answer must have {stop - start} bytes from {start}, got {len(data)}")
    return data


async def read_tail(fs: Any, path: str, offset: int) -> bytes:
    """An object from an offset to its end; a negative offset counts from the end (not in all stores)."""
    found = await info(fs, path)
    if found is None:
        raise FileNotFoundError(path)
    return await read_range(fs, path, max(0, found.size + offset) if offset < 0 else offset, found.size)


async def info(fs: Any, path: str) -> StoredInfo | None:
    """Metadata of an object."""
    try:
        return _info(await (web.look(fs, path) if web.is_web(fs) else fs._info(path)))
    except (FileNotFoundError, NotADirectoryError):
        return None


async def find(fs: Any, folder: str) -> dict[str, StoredInfo]:
    """All objects below a folder, by their names from there on."""
    try:
        found = await fs._find(folder, detail=True)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    names = {path[len(folder) :].lstrip("/"): _info(about) for path, about in found.items()}
    return {name: about for name, about in names.items() if name and about is not None}


async def list_folder(fs: Any, folder: str) -> list[tuple[str, str]]:
    """Names and kinds of the entries directly below a folder."""
    try:
        entries = await fs._ls(folder, detail=True)
    except (FileNotFoundError, NotADirectoryError):
        return []
    found = ((each["name"].rstrip("/"), each["type"]) for each in entries)
    # Some stores list a folder as an object of its own name.
    return [(name.rpartition("/")[2], kind) for name, kind in found if name.strip("/") != folder.strip("/")]


async def delete(fs: Any, path: str) -> None:
    """Delete an object, if it is there."""
    with suppress(FileNotFoundError):
        await fs._rm_file(path)


async def delete_many(fs: Any, root: str, keys: list[str]) -> list[str]:
    """Delete objects with one request, if the store is S3; returns those not deleted.

    s3fs itself does not report which ones it could not delete.
    """
    if not s3fs.is_s3(fs):
        return keys
    bucket, folder, _ = fs.split_path(root)
    keys_of = {below(folder, key): key for key in keys}
    wanted = {"Objects": [{"Key": path} for path in keys_of], "Quiet": True}
    try:
        answer = await s3fs.request(fs, "delete_objects", Bucket=bucket, Delete=wanted)
    except Exception as error:
        if is_not_offered(error):
            return keys
        raise
    return [keys_of[each["Key"]] for each in answer.get("Errors", [])]


def _check_local(fs: Any, path: str) -> None:
    """On this machine there are pipes and devices too, which must not be opened."""
    if "file" in getattr(getattr(fs, "sync_fs", None), "protocol", ()):
        check_regular(path)


def _info(about: dict[str, Any]) -> StoredInfo | None:
    size = about.get("size")
    if about.get("type") != "file" or size is None:
        return None
    version = next((about[name] for name in _VERSIONS if about.get(name)), "")
    # A list may report the same facts differently from a query of one object.
    version = (
        version.timestamp() if isinstance(version, datetime) else str(version).removeprefix("W/").strip('"')
    )
    return StoredInfo(int(size), sha256(f"{version} {size}".encode()).hexdigest()[:32], _written_at(about))


def _written_at(about: dict[str, Any]) -> float | None:
    time = next((about[name] for name in _TIMES if about.get(name)), None)
    with suppress(ValueError):
        time = datetime.fromisoformat(time) if isinstance(time, str) else time
    if isinstance(time, datetime):
        return time.timestamp()
    return float(time) if isinstance(time, (int, float)) else None

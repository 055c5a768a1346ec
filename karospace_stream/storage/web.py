"""Files of a web server, over plain HTTP: never receives more than was requested.

fsspec's own implementation reads the entire file where a server does not support ranges, and reports every
failure as a missing file.
"""

from __future__ import annotations

from typing import Any


def is_web(fs: Any) -> bool:
    """Whether a filesystem is that of a web server."""
    return "http" in ((fs.protocol,) if isinstance(fs.protocol, str) else fs.protocol)


async def get_range(fs: Any, url: str, start: int, stop: int) -> bytes:
    """The bytes ``start`` to ``stop``, or those of them that there are."""
    async with await _get(fs, url, (start, stop)) as answer:
        _check_status(answer, url)
        if answer.status != 206 and (start, answer.content_length) != (0, stop - start):
            raise NotImplementedError("its server does not support HTTP ranges; download the file first")
        data: bytes = await answer.read()
        return data


async def get_up_to(fs: Any, url: str, most: int) -> bytes:
    """Read a file, or its first ``most`` bytes if it has more."""
    async with await _get(fs, url, None) as answer:
        _check_status(answer, url)
        data = bytearray()
        while len(data) < most and (piece := await answer.content.read(most - len(data))):
            data += piece
        return bytes(data)


async def look(fs: Any, url: str) -> dict[str, Any]:
    """Size and version, as fsspec's filesystems report them."""
    # Not HEAD: a signed address is often valid for GET only, and few servers report a range wrongly.
    async with await _get(fs, url, (0, 1)) as answer:
        total = answer.headers.get("Content-Range", "").rpartition("/")[2]
        if answer.status != 416 or not total.isdigit():
            _check_status(answer, url)
        size = int(total) if total.isdigit() else answer.content_length
        if size is None:
            raise NotImplementedError("its server does not say how large the file is; download it first")
        version = "".join(answer.headers.get(name, "") for name in ("ETag", "Last-Modified"))
        return {"type": "file", "size": size, "ETag": version}


async def _get(fs: Any, url: str, part: tuple[int, int] | None) -> Any:
    session = await fs.set_session()
    given = dict(fs.kwargs)
    wanted = {"Accept-Encoding": "identity"}
    if part is not None:
        wanted["Range"] = f"bytes={part[0]}-{part[1] - 1}"
    given["headers"] = {**given.get("headers", {}), **wanted}
    return session.get(fs.encode_url(url), **given)


def _check_status(answer: Any, url: str) -> None:
    if answer.status in (404, 410):
        raise FileNotFoundError(url)
    if answer.status in (401, 403):
        raise PermissionError(f"the server denied access (HTTP {answer.status})")
    answer.raise_for_status()

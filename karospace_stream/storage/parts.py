"""Upload large objects in parts, in order: nothing waits on disk, and a lost part is sent again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Protocol

from karospace_stream.storage import calls, headers
from karospace_stream.storage.answers import ShortBodyError
from karospace_stream.storage.filesystem import open_filesystem, wait_for
from karospace_stream.storage.location import Location
from karospace_stream.storage.private import gcsfs, s3fs
from karospace_stream.storage.requests import Request, ask_one

_GROWS_AFTER = 1000  # parts, of the 10,000 that S3 allows


class Upload(Protocol):
    """An upload in parts."""

    async def put(self, fs: Any, path: str, number: int, offset: int, data: bytes, last: bool) -> None:
        """Send one part; numbers begin at 1."""
        ...

    async def end(self, fs: Any, path: str, nbytes: int) -> None:
        """Show the complete object."""
        ...

    async def drop(self, fs: Any, path: str) -> None:
        """Discard the parts that were sent."""
        ...


def has_parts(location: Location) -> bool:
    """Whether the store takes objects in parts."""
    return location.protocol in _BEGIN and not hasattr(open_filesystem(location)[0], "sync_fs")


def put_parts(location: Location, key: str, pieces: Iterable[calls.Data], given: dict[str, Any]) -> None:
    """Write one object; a part is on its way while the next one is made.

    Raises
    ------
    StorageError
        If the store fails for too long; then there is no new object.
    """
    upload = wait_for(ask_one(location, "written", Request(key, _BEGIN[location.protocol], (given,))))
    sending: Future[None] | None = None
    offset = 0
    try:
        for number, (data, last) in enumerate(_cut(pieces), start=1):
            if sending is not None:
                wait_for(sending)
            request = Request(key, upload.put, (number, offset, data, last), len(data))
            sending = ask_one(location, "written", request)
            offset += len(data)
        if sending is not None:
            wait_for(sending)
        wait_for(ask_one(location, "written", Request(key, upload.end, (offset,), None)))
    except BaseException:
        with suppress(Exception):
            wait_for(ask_one(location, "deleted", Request(key, upload.drop)))
        raise


def _cut(pieces: Iterable[calls.Data]) -> Iterator[tuple[bytes, bool]]:
    """Parts of one size, which doubles now and then so that their number stays small; and which is last."""
    held, n_parts = bytearray(), 0
    for piece in pieces:
        held += piece
        while len(held) > (nbytes := headers.PIECE_NBYTES << n_parts // _GROWS_AFTER):
            yield bytes(memoryview(held)[:nbytes]), False
            del held[:nbytes]
            n_parts += 1
    yield bytes(held), True


class _S3Upload:
    def __init__(self, upload_id: str, before: calls.StoredInfo | None) -> None:
        self._id, self._before = upload_id, before
        self._tags: dict[int, str] = {}

    async def put(self, fs: Any, path: str, number: int, offset: int, data: bytes, last: bool) -> None:
        answer = await self._call(fs, "upload_part", path, PartNumber=number, Body=data)
        self._tags[number] = answer["ETag"]

    async def end(self, fs: Any, path: str, nbytes: int) -> None:
        parts = [{"PartNumber": number, "ETag": tag} for number, tag in sorted(self._tags.items())]
        try:
            await self._call(fs, "complete_multipart_upload", path, MultipartUpload={"Parts": parts})
        except Exception as error:
            # The answer to an earlier attempt was lost.
            if "NoSuchUpload" not in str(error) or not await _has_come(fs, path, self._before, nbytes):
                raise

    async def drop(self, fs: Any, path: str) -> None:
        with suppress(Exception):  # once: it is of no use to anybody
            await self._call(fs, "abort_multipart_upload", path)

    async def _call(self, fs: Any, what: str, path: str, **given: Any) -> Any:
        bucket, key, _ = fs.split_path(path)
        return await s3fs.request(fs, what, Bucket=bucket, Key=key, UploadId=self._id, **given)


async def _begin_s3(fs: Any, path: str, given: dict[str, Any]) -> Upload:
    bucket, key, _ = fs.split_path(path)
    before = await calls.info(fs, path)
    sent = {name: value for name, value in given.items() if name not in ("chunksize", "max_concurrency")}
    answer = await s3fs.request(fs, "create_multipart_upload", Bucket=bucket, Key=key, **sent)
    return _S3Upload(answer["UploadId"], before)


class _GoogleUpload:
    def __init__(self, location: str, before: calls.StoredInfo | None) -> None:
        self._location, self._before = location, before
        self._tried: set[int] = set()

    async def put(self, fs: Any, path: str, number: int, offset: int, data: bytes, last: bool) -> None:
        try:
            await self._put(fs, number, offset, data, last)
        except Exception:
            # Of an upload that has ended some know nothing any more, if the answer to that was lost.
            if not last or not await _has_come(fs, path, self._before, offset + len(data)):
                raise

    async def _put(self, fs: Any, number: int, offset: int, data: bytes, last: bool) -> None:
        stop = offset + len(data)
        total = str(stop) if last else "*"
        there = offset
        if number in self._tried:  # how much came of an earlier attempt
            there = max(offset, await self._send(fs, f"*/{total}", stop, b""))
        self._tried.add(number)
        while there < stop:
            before, rest = there, data[there - offset :]
            there = await self._send(fs, f"{there}-{stop - 1}/{total}", stop, rest)
            if there <= before:
                raise ShortBodyError(f"no bytes from {before} on were received")

    async def end(self, fs: Any, path: str, nbytes: int) -> None:
        """Do nothing: the last part has completed the object."""

    async def drop(self, fs: Any, path: str) -> None:
        with suppress(Exception):
            await gcsfs.request(fs, "DELETE", self._location)

    async def _send(self, fs: Any, span: str, stop: int, data: bytes) -> int:
        """Send some bytes, or ask how far the upload is; returns how many bytes there are now."""
        about = {"Content-Range": f"bytes {span}", "Content-Length": str(len(data))}
        status, headers = await gcsfs.request(fs, "PUT", self._location, headers=about, data=data)
        if status != 308:
            return stop
        kept = headers.get("Range")
        return 0 if kept is None else int(kept.rpartition("-")[2]) + 1


async def _begin_google(fs: Any, path: str, given: dict[str, Any]) -> Upload:
    from gcsfs.core import initiate_upload

    bucket, key, _ = fs.split_path(path)
    before = await calls.info(fs, path)
    sent = {name: value for name, value in given.items() if name != "chunksize"}
    return _GoogleUpload(await initiate_upload(fs, bucket, key, **sent), before)


class _AzureUpload:
    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given
        self._blocks: dict[int, str] = {}

    async def put(self, fs: Any, path: str, number: int, offset: int, data: bytes, last: bool) -> None:
        block = f"{number:08d}"
        async with self._client(fs, path) as client:
            await client.stage_block(block, data, length=len(data))
        self._blocks[number] = block

    async def end(self, fs: Any, path: str, nbytes: int) -> None:
        from azure.storage.blob import BlobBlock

        blocks = [BlobBlock(block_id=block) for _, block in sorted(self._blocks.items())]
        settings = self._given.get("content_settings")
        about = {"is_directory": "false"}  # as adlfs writes of every blob
        async with self._client(fs, path) as client:
            await client.commit_block_list(blocks, content_settings=settings, metadata=about)

    async def drop(self, fs: Any, path: str) -> None:
        """Do nothing: Azure discards uncommitted blocks by itself."""

    def _client(self, fs: Any, path: str) -> Any:
        container, blob, _ = fs.split_path(path)
        return fs.service_client.get_blob_client(container=container, blob=blob)


async def _begin_azure(fs: Any, path: str, given: dict[str, Any]) -> Upload:
    return _AzureUpload(given)


_BEGIN = {"s3": _begin_s3, "gs": _begin_google, "az": _begin_azure}


async def _has_come(fs: Any, path: str, before: calls.StoredInfo | None, nbytes: int) -> bool:
    """Whether there is another object than before, of the right size."""
    now = await calls.info(fs, path)
    return now is not None and now != before and now.size == nbytes

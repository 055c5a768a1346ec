"""Configure the stores' own libraries for `Store`.

Each library retries by itself, which would multiply with our retries to many minutes: here each tries once.
The user's settings override everything set here.
"""

from __future__ import annotations

import asyncio
import logging
import os
from functools import partial
from typing import Any

from karospace_stream.storage.headers import PIECE_NBYTES
from karospace_stream.storage.location import Location
from karospace_stream.storage.private import adlfs, gcsfs

# A cached listing would hide what others wrote.
_FRESH = {"use_listings_cache": False, "skip_instance_cache": True}
_CONNECT_S = 10
_SILENCE_S = 30
_LINES = 100  # more than `Store` has on their way at once


def make_filesystem(location: Location) -> Any:
    """An fsspec filesystem for a location, with the asynchronous methods."""
    makers = {"s3": _s3, "gs": _google, "az": _azure, "http": _http, "file": _local}
    if location.protocol in makers and "::" not in location.url:
        filesystem = makers[location.protocol](location)
    else:
        from fsspec.core import url_to_fs

        filesystem, _ = url_to_fs(location.url, **_FRESH, **location.options)
    return filesystem if filesystem.async_impl else InThreads(filesystem)


class InThreads:
    """A synchronous filesystem, with those methods of an asynchronous one that `calls` needs."""

    loop = None

    def __init__(self, filesystem: Any) -> None:
        self.sync_fs = filesystem

    def __getattr__(self, name: str) -> Any:
        plain = name.removeprefix("_")
        if plain in ("pipe_file", "put_file", "cat_file", "info", "find", "ls", "rm_file", "makedirs"):
            return partial(asyncio.to_thread, getattr(self.sync_fs, plain))
        return getattr(self.sync_fs, name)


def _s3(location: Location) -> Any:
    from s3fs import S3FileSystem

    config = {"retries": {"total_max_attempts": 1}, "max_pool_connections": _LINES}
    # Stores that are only similar to S3 do not know all of its checksums.
    for name in ("request_checksum_calculation", "response_checksum_validation"):
        if f"AWS_{name.upper()}" not in os.environ:
            config[name] = "when_required"
    # With more at once, it queries the size of an object before reading it.
    options = {**_FRESH, "max_concurrency": 1, **location.options}
    options["config_kwargs"] = config | dict(options.get("config_kwargs", {}))
    filesystem = S3FileSystem(**options)
    filesystem.retries = 1
    return filesystem


def _google(location: Location) -> Any:
    import aiohttp

    # The class that gcsfs exports asks Google, by gRPC, for the kind of each bucket: a minute if that is
    # blocked.
    from gcsfs.core import GCSFileSystem

    _hush("gcsfs")
    time_out = aiohttp.ClientTimeout(sock_connect=_CONNECT_S, sock_read=_SILENCE_S)
    filesystem = GCSFileSystem(**{**_FRESH, "requests_timeout": time_out, **location.options})
    gcsfs.try_once(filesystem)
    return filesystem


def _azure(location: Location) -> Any:
    from azure.storage.blob.aio import BlobServiceClient
    from fsspec.core import url_to_fs

    _hush("azure")
    times = {"connection_timeout": _CONNECT_S, "read_timeout": _SILENCE_S}
    filesystem, _ = url_to_fs(location.url, **{**_FRESH, **times, **location.options})
    adlfs.list_without_asking(filesystem)
    # adlfs makes its client from the user's options, and hands over none of these.
    made = filesystem.service_client
    filesystem.service_client = BlobServiceClient(
        made.url,
        made.credential,
        retry_total=0,
        max_single_put_size=PIECE_NBYTES,
        max_block_size=PIECE_NBYTES,
        **{name: location.options.get(name, seconds) for name, seconds in times.items()},
    )
    return filesystem


def _http(location: Location) -> Any:
    import aiohttp
    from fsspec.implementations.http import HTTPFileSystem

    time_out = aiohttp.ClientTimeout(sock_connect=_CONNECT_S, sock_read=_SILENCE_S)
    options = {**_FRESH, **location.options}
    options["client_kwargs"] = {"timeout": time_out, **dict(options.get("client_kwargs", {}))}
    return HTTPFileSystem(**options)


def _local(location: Location) -> Any:
    from fsspec.implementations.local import LocalFileSystem

    return LocalFileSystem(**{**_FRESH, "auto_mkdir": True, **location.options})


def _hush(name: str) -> None:
    """Keep a library's log of errors that it also raises off the terminal, unless logging is configured."""
    logging.getLogger(name).addHandler(logging.NullHandler())

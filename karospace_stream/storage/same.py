"""Canonical names of locations, to tell whether two names mean the same location."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from karospace_stream.storage.location import location_of

#: Protocol, bucket or host, and the parts of the path.
Name = tuple[str, ...]

_HOSTS = {
    "s3": re.compile(r"(?:(?P<bucket>.+)\.)?s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?"),
    "gs": re.compile(r"(?:(?P<bucket>.+)\.)?storage\.(?:googleapis|cloud\.google)\.com"),
    "az": re.compile(r"[^.]+\.(?:blob|dfs)\.core\.windows\.net"),
}
_VARIABLES = {
    "s3": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "FSSPEC_S3_ENDPOINT_URL"),
    "gs": ("STORAGE_EMULATOR_HOST", "FSSPEC_GS_ENDPOINT_URL"),
}
_OWN_MACHINE = {"localhost": "127.0.0.1", "[::1]": "127.0.0.1", "0.0.0.0": "127.0.0.1"}  # noqa: S104 - compared
_USUAL_PORT = re.compile(r":(80|443)$")


def names_of(url: str, options: Mapping[str, Any] | None = None) -> frozenset[Name]:
    """All names of a location that we can know: its own, and that in a bucket behind a web address.

    Doubled slashes and dots in the path are ignored: they are usually misspellings of one location, and two
    locations that differ in them alone are no loss.

    Parameters
    ----------
    options
        As `location_of` takes them; of these, the endpoints of stores.
    """
    location = location_of(url.rpartition("::")[2], options)
    parts = urlsplit(location.url)
    host, path = parts.netloc.rpartition("@")[2], parts.path
    if location.protocol == "az":  # az://container@account.…
        host = parts.netloc.partition("@")[0]
    if location.protocol != "http":
        return frozenset({(location.protocol, *_parts(f"{host}/{path}"))})
    host, path = _host(parts.netloc), unquote(path)
    return frozenset({("http", host, *_parts(path)), *_in_buckets(host, path, options)})


def is_in(inner: frozenset[Name], outer: frozenset[Name]) -> bool:
    """Whether a location is the other one, or inside it."""
    return any(own[: len(other)] == other for own in inner for other in outer)


def _in_buckets(host: str, path: str, options: Mapping[str, Any] | None) -> Iterator[Name]:
    for protocol, hosts in _HOSTS.items():
        found = hosts.fullmatch(host)
        if found is not None:
            yield (protocol, *_parts(f"{found.groupdict().get('bucket') or ''}/{path}"))
        for endpoint in map(_host, _endpoints(protocol, options)):
            if host == endpoint:
                yield (protocol, *_parts(path))
            for name in (endpoint, endpoint.replace("127.0.0.1", "localhost")):
                if host.endswith(f".{name}"):
                    yield (protocol, *_parts(f"{host.removesuffix(f'.{name}')}/{path}"))


def _endpoints(protocol: str, options: Mapping[str, Any] | None) -> Iterator[str]:
    """Addresses that a store is reached by, as options and environment have them."""
    given = location_of(f"{protocol}://x", options).options
    own = given.get("client_kwargs")
    for each in (given, own if isinstance(own, Mapping) else {}, os.environ):
        for key in ("endpoint_url", *_VARIABLES.get(protocol, ())):
            address = each.get(key)
            if isinstance(address, str) and address:
                yield urlsplit(address).netloc or address


def _host(netloc: str) -> str:
    host = _USUAL_PORT.sub("", netloc.rpartition("@")[2].lower())
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        return _OWN_MACHINE.get(host, host)
    return f"{_OWN_MACHINE.get(name, name)}:{port}"


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in posixpath.normpath(path).split("/") if part not in ("", "."))

"""Location of a file, folder or object: a URL, and how to get access."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from karospace_stream.errors import BadOptionError
from karospace_stream.storage.errors import scrub, secrets_of

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:(//|:)")
_HALF_URL = re.compile(r"(s3|gs|gcs|az|abfs|https?):/?(?![/:\\])", re.IGNORECASE)
_LONGEST_NUMBER = 9
_LOCAL = ("file://", "local://")
#: Other spellings of one protocol: an option for the first counts for the others.
_SAME = {"s3a": "s3", "gcs": "gs", "abfs": "az", "abfss": "az", "adl": "az", "https": "http"}


def is_url(text: str) -> bool:
    """Whether a text names something that is not a path of this machine."""
    return bool(_URL.match(text)) and not text.startswith(_LOCAL)


def local_path(text: str) -> str:
    """The path that a text names which is not a URL; ``file://`` goes.

    Raises
    ------
    BadOptionError
        If it is a URL without its two slashes: nobody has a folder called ``s3:``.
    """
    half = _HALF_URL.match(text)
    if half is not None:
        meant = f"{half[1]}://{text[half.end() :]}"
        raise BadOptionError(f"a URL must have two slashes, got {text[:200]!r}; did you mean {meant[:200]}?")
    for scheme in _LOCAL:
        if text.startswith(scheme):
            return unquote(text.removeprefix(scheme))
    return text


@dataclass(frozen=True, slots=True, repr=False)
class Location:
    """A folder or a file by its URL. Picklable; travels with its options, which it never shows.

    Attributes
    ----------
    url
        Such as ``s3://bucket/folder``, without a slash at the end.
    options
        Arguments of fsspec's filesystem.
    """

    url: str
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __repr__(self) -> str:
        return f"Location({self.shown!r})"

    @property
    def protocol(self) -> str:
        """The first part of the URL, in its usual spelling."""
        return _protocol(self.url)

    @property
    def shown(self) -> str:
        """The URL for people, logs and reports: without user, password, query."""
        parts = urlsplit(self.url)
        if not parts.netloc:
            return scrub(self.url)
        user, _, host = parts.netloc.rpartition("@")
        # az://container@account… has nothing to hide.
        host = parts.netloc if self.protocol == "az" and ":" not in user else host
        return urlunsplit((parts.scheme, host, parts.path, "", ""))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Secrets that must not appear in any message."""
        parts = urlsplit(self.url)
        return (*filter(None, (parts.query, parts.password)), *secrets_of(self.options))

    @property
    def root(self) -> Location:
        """The bucket, container or host; each has one filesystem."""
        parts = urlsplit(self.url)
        if "::" in self.url or not parts.netloc:
            return self
        return Location(f"{parts.scheme}://{parts.netloc}", self.options)

    def child(self, name: str) -> Location:
        """A location below this one."""
        return Location(below(self.url, name), self.options)

    def beside(self, ending: str) -> Location:
        """The location named like this one plus the ending."""
        return Location(self.url + ending, self.options)


def location_of(url: str, options: Mapping[str, Any] | None = None) -> Location:
    """The location that a URL names.

    Parameters
    ----------
    options
        As users pass them: by name for every URL, or by protocol, ``{"s3": {...}}``, for URLs of one.
    """
    wanted = _protocol(url)
    given = options or {}
    of_protocols = {key for key, value in given.items() if isinstance(value, Mapping) and _is_protocol(key)}
    chosen = {key: value for key, value in given.items() if key not in of_protocols}
    for key in of_protocols:
        if _SAME.get(key, key) == wanted:
            chosen |= given[key]
    return Location(url if url.endswith("://") else url.rstrip("/"), chosen)


def below(path: str, name: str) -> str:
    """The path below the root; the query of a web address may hold credentials."""
    if not name:
        return path
    if not path.startswith(("http://", "https://")):
        return f"{path}/{name}" if path else name
    path, mark, query = path.partition("?")
    return f"{path.rstrip('/')}/{quote(name)}{mark}{query}"


def read_storage_options(texts: tuple[str, ...]) -> dict[str, Any]:
    """``KEY=VALUE`` and ``PROTOCOL.KEY=VALUE``, as on the command line; values may be JSON.

    Raises
    ------
    BadOptionError
        If there is no ``=``. Does not repeat the text, which may be a secret.
    """
    options: dict[str, Any] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            missing = "key before =" if equals else "="
            raise BadOptionError(
                "--storage-option must be KEY=VALUE or PROTOCOL.KEY=VALUE, such as s3.anon=true, but one has "
                f"no {missing}; it is not repeated here, since it may be a secret"
            )
        protocol, dot, rest = key.partition(".")
        if dot and _is_protocol(protocol):
            options.setdefault(protocol, {})[rest] = _value(value)
        else:
            options[key] = _value(value)
    return options


def _value(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    # A number with this many digits is a key or an account.
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return text if number and len(text) > _LONGEST_NUMBER else value


def _protocol(url: str) -> str:
    name = url.split("::", 1)[0].split("://", 1)[0].lower()
    return _SAME.get(name, name)


def _is_protocol(name: str) -> bool:
    from fsspec import available_protocols

    return name in available_protocols()

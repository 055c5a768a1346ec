"""One request and its response: limited in bytes and time, never decoded, redirects counted."""

from __future__ import annotations

import socket
import ssl
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import Any
from urllib.parse import urljoin, urlsplit

from karospace_stream.doctor.address import is_local, quoted
from karospace_stream.doctor.text import shown

_MOST_HOPS = 5
_MOST_GZIPS = 3
_GZIP_NAMES = frozenset({"gzip", "x-gzip"})
_PIECE_NBYTES = 1 << 16
_GRACE = 3  # time-outs allowed for any body, however small
_SLOWEST = 100_000  # minimum bytes per second beyond that: a host must not hold us up for ever
AGENT = "karospace-stream-doctor"


class NoAnswerError(Exception):
    """A request without a response. The text gives the reason, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response.

    Attributes
    ----------
    url
        The URL requested first.
    status
        Of the last response, if redirected.
    body
        As sent, compressed or not; at most the requested limit.
    more
        Whether there was more than that.
    hops
        URLs of the redirects, in order.
    """

    url: str
    status: int
    headers: HTTPMessage = field(repr=False)
    body: bytes = field(repr=False)
    more: bool
    hops: tuple[str, ...]

    def header(self, name: str) -> str:
        """The value, for people and comparisons; all values if there are several, empty if none."""
        return ", ".join(str(value).strip() for value in self.headers.get_all(name, []))

    @property
    def encodings(self) -> tuple[str, ...]:
        """Codings of the body according to ``Content-Encoding``, in order and in lower case."""
        given = (each.strip().lower() for each in self.header("Content-Encoding").split(","))
        return tuple(each for each in given if each not in {"", "identity"})

    @property
    def n_gzips(self) -> int | None:
        """How often gzip was applied in transit; None for other codings, or too many."""
        known = len(self.encodings) <= _MOST_GZIPS and _GZIP_NAMES.issuperset(self.encodings)
        return len(self.encodings) if known else None

    @property
    def media_type(self) -> str:
        """``Content-Type`` in lower case, without parameters."""
        return self.header("Content-Type").split(";")[0].strip().lower()

    @property
    def stated_length(self) -> int | None:
        """``Content-Length``; None if missing."""
        given = self.header("Content-Length")
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None

    @property
    def length(self) -> int | None:
        """Bytes as sent: counted if all arrived, else as the host says."""
        return self.stated_length if self.more else len(self.body)

    @property
    def is_short(self) -> bool:
        """Whether fewer bytes arrived than the host announced."""
        return not self.more and (self.stated_length or 0) > len(self.body)


class _AsItIs(urllib.request.HTTPErrorProcessor):
    """Treats every response alike, whatever its status; redirects are followed by `Asker`."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response

    https_response = http_response


class Asker:
    """Sends requests, one after another.

    Parameters
    ----------
    timeout
        Seconds that the host may be silent.
    """

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self.n_requests = 0
        self.answers: list[Answer] = []

    def ask(
        self, url: str, method: str = "GET", *, limit: int = 1 << 20, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Request a URL.

        Parameters
        ----------
        limit
            Bytes to read of the body, at most.

        Raises
        ------
        NoAnswerError
            If there is no response in time, or it is not HTTP.
        """
        hops: list[str] = []
        where = url
        while True:
            answer, location = self._once(where, method, limit, headers or {})
            if location is None:
                kept = Answer(url, answer.status, answer.headers, answer.body, answer.more, tuple(hops))
                self.answers.append(kept)
                return kept
            where = quoted(urljoin(where, location))
            if urlsplit(where).scheme not in {"http", "https"}:
                raise NoAnswerError(f"it is redirected to {shown(where)}, which is not a web address")
            hops.append(where)
            if len(hops) > _MOST_HOPS:
                raise NoAnswerError(
                    f"it is redirected more than {_MOST_HOPS} times, the last time to {shown(where)}"
                )

    def _once(
        self, url: str, method: str, limit: int, headers: Mapping[str, str]
    ) -> tuple[Answer, str | None]:
        self.n_requests += 1
        given = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity", **headers}
        try:
            request = urllib.request.Request(url, method=method, headers=given)  # noqa: S310 - checked
            with _opener(url).open(request, timeout=self._timeout) as response:
                body, more = _body(response, limit, _GRACE * self._timeout)
                found = Answer(url, response.status, response.headers, body, more, ())
        except (OSError, HTTPException, ValueError) as error:
            raise NoAnswerError(_why(error, self._timeout)) from error
        moved = found.status in {301, 302, 303, 307, 308}
        return found, (found.header("Location") or None) if moved else None


@cache
def trusted() -> ssl.SSLContext:
    """The certificates that the system trusts. Reading them is slow, so it is done once."""
    return ssl.create_default_context()


def _opener(url: str) -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    # The proxies of the environment, as browsers: not for this machine itself.
    local = is_local((urlsplit(url).hostname or "").lower())
    for handler in (
        urllib.request.ProxyHandler({} if local else None),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=trusted()),
        _AsItIs(),
    ):
        opener.add_handler(handler)
    return opener


def _body(response: HTTPResponse, limit: int, grace: float) -> tuple[bytes, bool]:
    pieces: list[bytes] = []
    n_bytes, began = 0, time.monotonic()
    while n_bytes <= limit:
        if time.monotonic() - began > grace + n_bytes / _SLOWEST:
            raise TimeoutError
        piece = response.read1(min(_PIECE_NBYTES, limit + 1 - n_bytes))
        if not piece:
            return b"".join(pieces), False
        pieces.append(piece)
        n_bytes += len(piece)
    return b"".join(pieces)[:limit], True


def _why(error: Exception, timeout: float) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {shown(cause.verify_message)}"
    if isinstance(cause, ssl.SSLError):
        return f"a secure connection could not be made: {shown(cause.reason or str(cause))}"
    if isinstance(cause, TimeoutError):
        return f"it did not answer in time ({timeout:g} s)"
    if isinstance(cause, socket.gaierror):
        return "no host has that name"
    if isinstance(cause, OSError) and cause.strerror:
        return shown(cause.strerror)
    return f"its answer is not HTTP: {type(cause).__name__} {shown(str(cause))}".rstrip()

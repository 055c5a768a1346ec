"""Classify the errors of the stores' libraries, whichever library raises them."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Any

#: Seconds for which another attempt may help: the store responds, but is busy.
BUSY_S = 60.0
#: It did not answer, or not to the end.
LOST_S = 30.0
#: Nobody can answer: the address is wrong, or a server is restarting.
REFUSED_S = 10.0

_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_BUSY_CODES = (
    *("SlowDown", "RequestTimeout", "Throttl", "ServerBusy", "OperationTimedOut"),
    *("ConditionalRequestConflict", "OperationAborted"),
    "NoSuchUpload",  # all parts were put together, but the answer to that was lost
)
_BUSY_ERRNO = frozenset({errno.EBUSY, errno.EAGAIN})
_LOST_ERRNO = frozenset(
    {
        *(errno.ETIMEDOUT, errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED),
        *(errno.ENETUNREACH, errno.EHOSTUNREACH),
    }
)
# By name: the stores' libraries are only installed where they are used.
_LOST = frozenset(
    {
        *("HTTPClientError", "ResponseParserError", "ResponseStreamingError", "IncompleteReadError"),
        *("ClientConnectionError", "ClientPayloadError", "IncompleteRead", "ChecksumError"),
        *("ServiceRequestError", "ServiceResponseError", "FSTimeoutError", "ShortBodyError"),
        *("TransportError", "ProxyError", "FlexibleChecksumError"),
    }
)


class ShortBodyError(OSError):
    """A response was shorter than the store had promised."""


def patience_with(error: BaseException) -> float:
    """For how many seconds the same request may be retried; 0 if that is no use."""
    errors = list(chain(error))
    if any(isinstance(each, ssl.SSLCertVerificationError) for each in errors):
        return 0.0
    if any(isinstance(each, (ConnectionRefusedError, socket.gaierror)) for each in errors):
        return REFUSED_S
    # From the outside in: aiohttp's error for a truncated body wraps a status that nobody sent.
    for each in errors:
        if _is_lost(each):
            return LOST_S
        status = status_of(each)
        if status is not None:
            busy = status in _BUSY or any(code in str(each) for code in _BUSY_CODES)
            return BUSY_S if busy else 0.0
    return BUSY_S if getattr(error, "errno", None) in _BUSY_ERRNO else 0.0


def is_there_already(error: BaseException) -> bool:
    """Whether an exclusive write met an object."""
    return any(isinstance(each, FileExistsError) or status_of(each) == 412 for each in chain(error))


def is_not_offered(error: BaseException) -> bool:
    """Whether the store does not support the request, like some S3-compatible stores."""
    return any(status_of(each) == 501 or "MissingContentMD5" in str(each) for each in chain(error))


def is_absent(error: BaseException) -> bool:
    """Whether there is no such object, or no bucket for it."""
    status = next(filter(None, map(status_of, chain(error))), None)
    return isinstance(error, FileNotFoundError) or status == 404


def is_denied(error: BaseException) -> bool:
    """Whether the store denies access."""
    # gcsfs reports it in words only.
    denied = (status_of(each) == 403 or str(each).startswith("Forbidden:") for each in chain(error))
    return isinstance(error, PermissionError) or any(denied)


def is_unknown_here(error: BaseException) -> bool:
    """Whether the store requires authentication."""
    return any(status_of(each) == 401 for each in chain(error))


def status_of(error: BaseException) -> int | None:
    """The HTTP status that an error of botocore, aiohttp, gcsfs or Azure carries."""
    response: Any = getattr(error, "response", None)
    if isinstance(response, dict):
        response = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return int(response) if response else None
    for name in ("status", "status_code", "code"):
        value = getattr(error, name, None)
        if isinstance(value, int) and 100 <= value < 600:
            return value
    return None


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error and those that it came from."""
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _is_lost(error: BaseException) -> bool:
    if isinstance(error, (TimeoutError, ConnectionError)):
        return True
    if any(kind.__name__ in _LOST for kind in type(error).__mro__):
        return True
    return isinstance(error, OSError) and error.errno in _LOST_ERRNO

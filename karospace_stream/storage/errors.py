"""Describe store failures for people, without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from karospace_stream.errors import KaroSpaceError
from karospace_stream.storage.answers import chain, is_denied, is_unknown_here

_SECRET = re.compile(
    r"(?i)((?:signature|x-amz-[a-z-]*|x-goog-[a-z-]*|sig|token|secret|password|accountkey|key)=)[^&;\s'\"]+"
)
_USER_INFO = re.compile(r"://[^/@\s]+@")
_IN_CONNECTION = re.compile(r"(?:AccountKey|SharedAccessSignature)=([^;]+)")
_LONGEST = 300
_SHORTEST_SECRET = 6
#: Options that specify location and access, and help to understand an error.
_HARMLESS = frozenset({"region_name", "project", "profile", "account_name", "account_host"})
_NO_CREDENTIALS = frozenset(
    {
        *("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"),
        *("DefaultCredentialsError", "CredentialUnavailableError"),
    }
)
_GIVE_THEM = "set them as the store's own tools do (environment, profile), or give --storage-option"


class StorageError(KaroSpaceError, OSError):
    """A store failed, even after retries. One sentence; contains no secret."""

    exit_code = 4


class TooLargeError(StorageError):
    """An object is far larger than any that we write under its name."""


class NoBucketError(StorageError):
    """There is no bucket, or container, of that name. Asking again does not help."""


class NoCredentialsError(StorageError):
    """A store needs credentials, and none were found. Asking again does not help."""


class DeniedError(StorageError, PermissionError):
    """A store denies us access."""


def storage_error(sentence: str, error: BaseException, secrets: tuple[str, ...]) -> StorageError:
    """The error to raise when a store failed: says what was attempted, and why it failed.

    Its cause is the library's own error, for ``--debug``, unless that contains a secret.
    """
    kind: type[StorageError] = DeniedError if is_denied(error) else StorageError
    if any(map(_knows_no_credentials, chain(error))):
        kind = NoCredentialsError
    made = kind(f"{sentence}: {reason_of(error, secrets)}")
    texts = [str(each) for each in chain(error)]
    made.__cause__ = error if all(scrub(text, secrets) == text for text in texts) else None
    made.__suppress_context__ = True
    return made


def reason_of(error: BaseException, secrets: tuple[str, ...] = ()) -> str:
    """Say why, in one line, with everything hidden that lets somebody in.

    Parameters
    ----------
    secrets
        Values of storage options.
    """
    if any(map(_knows_no_credentials, chain(error))):
        return f"no credentials were found; {_GIVE_THEM}"
    text = str(error)
    if isinstance(error, OSError) and error.strerror:
        text = str(error.strerror)
    unsaid = "it did not answer in time" if isinstance(error, TimeoutError) else type(error).__name__
    line = " ".join(scrub(text, secrets).split())[:_LONGEST] or unsaid
    return f"{line}; it needs credentials: {_GIVE_THEM}" if is_unknown_here(error) else line


def _knows_no_credentials(error: BaseException) -> bool:
    if type(error).__name__ == "ClientAuthenticationError":
        return getattr(error, "response", None) is None  # no request was sent yet
    return type(error).__name__ in _NO_CREDENTIALS or "account_name with credentials" in str(error)


def scrub(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The text without user names, keys and signatures."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return _SECRET.sub(r"\1***", _USER_INFO.sub("://***@", text))


def secrets_of(options: Mapping[str, Any]) -> tuple[str, ...]:
    """All texts in storage options that are long enough to be recognised, the longest first."""
    found = {text for text in _texts(options) if len(text) >= _SHORTEST_SECRET}
    return tuple(sorted(found, key=len, reverse=True))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name not in _HARMLESS:
                yield from _texts(each)
    elif isinstance(value, str):
        yield from _IN_CONNECTION.findall(value)
        if "://" not in value:  # an endpoint is no secret, and helps to find the error
            yield value

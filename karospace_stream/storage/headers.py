"""HTTP headers that a store should send with an object, in the form that each store's library expects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from karospace_stream.errors import BadOptionError

#: For objects that never change under their name, and for those that do.
KEEP = "public, max-age=31536000, immutable"
ASK = "no-cache"

_S3 = {
    "content-disposition": "ContentDisposition",
    "content-language": "ContentLanguage",
    "expires": "Expires",
    "x-amz-storage-class": "StorageClass",
    "x-amz-acl": "ACL",
    "x-amz-server-side-encryption": "ServerSideEncryption",
    "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
    "x-amz-tagging": "Tagging",
}
_FIXED = {"content-disposition": "content_disposition", "content-language": "content_language"}
_META = ("x-amz-meta-", "x-goog-meta-", "x-ms-meta-")


@dataclass(frozen=True, slots=True)
class Headers:
    """Sent with one object.

    Attributes
    ----------
    cache_control
        None leaves it to the store.
    public
        Whether anybody may read it (S3 only).
    extra
        Names, in lower case, and values.
    """

    media_type: str = "application/octet-stream"
    cache_control: str | None = None
    public: bool = False
    extra: tuple[tuple[str, str], ...] = ()


#: Larger objects are sent in pieces; so much of each of them is in memory, times `_PIECES`.
PIECE_NBYTES = 8 << 20
_PIECES = 2


def arguments(protocol: str, headers: Headers) -> dict[str, Any]:
    """Keywords of the filesystem's ``pipe_file`` and ``put_file``.

    Raises
    ------
    BadOptionError
        If the store has no such header.
    """
    fixed = {name: value for name, value in headers.extra if not name.startswith(_META)}
    own = {name.split("-meta-", 1)[1]: value for name, value in headers.extra if name.startswith(_META)}
    # The user's settings override ours.
    media_type = fixed.pop("content-type", headers.media_type)
    cache = fixed.pop("cache-control", headers.cache_control)
    if headers.public and protocol != "s3":
        raise BadOptionError(
            f"--public-read works only on S3; at {protocol}:// make the whole bucket or container public"
        )
    if protocol == "s3":
        return _s3(media_type, cache, headers.public, fixed, own)
    if protocol == "gs":
        return _google(media_type, cache, fixed, own)
    if protocol == "az":
        return _azure(media_type, cache, fixed, own)
    if headers.extra:
        raise BadOptionError(f"--header: files at {protocol}:// have no headers; leave it out")
    return {}


def _s3(
    media_type: str, cache: str | None, public: bool, fixed: dict[str, str], own: dict[str, str]
) -> dict[str, Any]:
    given: dict[str, Any] = {"ContentType": media_type, "chunksize": PIECE_NBYTES, "max_concurrency": _PIECES}
    given |= {_known(_S3, name, "S3"): value for name, value in fixed.items()}
    if cache:
        given["CacheControl"] = cache
    if public:
        given["ACL"] = "public-read"
    if own:
        given["Metadata"] = own
    return given


def _google(media_type: str, cache: str | None, fixed: dict[str, str], own: dict[str, str]) -> dict[str, Any]:
    about = {_known(_FIXED, name, "Google Cloud Storage"): value for name, value in fixed.items()}
    if cache:
        about["cache_control"] = cache
    given: dict[str, Any] = {
        "content_type": media_type,
        "fixed_key_metadata": about,
        "chunksize": PIECE_NBYTES,
    }
    if own:
        given["metadata"] = own
    return given


def _azure(media_type: str, cache: str | None, fixed: dict[str, str], own: dict[str, str]) -> dict[str, Any]:
    from azure.storage.blob import ContentSettings

    if own:
        raise BadOptionError(f"--header x-ms-meta-{next(iter(own))}: adlfs cannot set metadata; leave it out")
    about = {_known(_FIXED, name, "Azure"): value for name, value in fixed.items()}
    settings = ContentSettings(content_type=media_type, cache_control=cache, **about)
    return {"content_settings": settings, "max_concurrency": _PIECES}


def _known(names: dict[str, str], name: str, store: str) -> str:
    if name not in names:
        raise BadOptionError(
            f"--header {name}: {store} cannot set it; it can set content-type, cache-control, "
            f"{', '.join(names)}"
        )
    return names[name]


def read_headers(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """``Name: value``, as on the command line; names in lower case.

    Raises
    ------
    BadOptionError
        If there is no colon, or a line break in it.
    """
    pairs = []
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon or not name.strip() or not text.isprintable():
            raise BadOptionError(f"--header must be 'Name: value', got {text!r}")
        pairs.append((name.strip().lower(), value.strip()))
    return tuple(pairs)

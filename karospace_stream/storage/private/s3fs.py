"""The private member of s3fs that we use: `_call_s3`."""

from __future__ import annotations

from typing import Any


def is_s3(filesystem: Any) -> bool:
    """Whether requests of S3 can be sent with `request`."""
    return hasattr(filesystem, "_call_s3")


async def request(filesystem: Any, name: str, **given: Any) -> Any:
    """The answer to one request of S3, by its name in botocore.

    The public ``call_s3`` blocks, and cannot be called on the loop that the filesystem works on; the client
    itself would know nothing of the user's ``s3_additional_kwargs`` and ``requester_pays``.
    """
    return await filesystem._call_s3(name, **given)

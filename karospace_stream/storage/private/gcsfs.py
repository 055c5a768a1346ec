"""The private member of gcsfs that we use: `_request`."""

from __future__ import annotations

import inspect
from types import MethodType
from typing import Any


def try_once(filesystem: Any) -> None:
    """Keep gcsfs from retrying.

    The number of its attempts is fixed where the class is made; no option and no attribute changes it.
    """
    filesystem._request = MethodType(inspect.unwrap(type(filesystem)._request), filesystem)


async def request(filesystem: Any, method: str, url: str, **given: Any) -> tuple[int, Any]:
    """Status and headers of an answer.

    The public ``call`` blocks, and returns no status, which alone tells whether an upload is complete.
    """
    status, headers, _, _ = await filesystem._request(method, url, **given)
    return status, headers

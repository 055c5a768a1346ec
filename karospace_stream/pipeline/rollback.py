"""Remove everything that an export has written, from outside, by its token alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from karospace_stream.errors import KaroSpaceError
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.clean.scratch import forget_own
from karospace_stream.pipeline.clean.stores import left_on_store
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.storage import Store, is_url, local_path, location_of
from karospace_stream.targets import claim_location
from karospace_stream.targets.local.folder_lock import hold
from karospace_stream.targets.local.staging import absolute, partial_of, remove_partial
from karospace_stream.targets.stores.claim import Claim


def work_of(options: ExportOptions, token: str, *, keep: bool) -> dict[str, Any]:
    """Describe an export for `take_back`, as plain data."""
    scratch = options.scratch is not None and not options.stored_scratch
    return {
        "token": token,
        "locations": list(options.locations),
        "scratch": [local_path(str(options.scratch))] if scratch else [],
        "storage_options": dict(options.storage_options or {}),
        "keep": keep,
        "elsewhere": is_address(options.scheduler),
    }


def take_back(work: Mapping[str, Any]) -> list[str]:
    """Remove everything that the export wrote to its targets, and its scratch.

    No process may be working there any more.

    Returns
    -------
    Sentences about what remains, and how to remove it later.
    """
    left = []
    if not work["keep"]:
        left += [each for location in work["locations"] for each in _take_back(location, work)]
    if work["elsewhere"]:
        left.append(
            "files that workers of the cluster are still writing may remain; remove them later with: "
            f"karospace-stream clean {_shown(work['locations'][0])}"
        )
    if not work["keep"]:
        forget_own(work["token"], work["scratch"])
    return left


def _take_back(location: str, work: Mapping[str, Any]) -> Iterator[str]:
    try:
        if is_url(location):
            _on_store(location, work)
        else:
            partial = partial_of(absolute(local_path(location)), work["token"])
            if partial.is_dir():
                hold(partial)
                remove_partial(partial)
            if not partial.exists():
                return
            yield f"{partial} could not be deleted completely; delete it yourself"
    except (KaroSpaceError, OSError) as error:
        yield (
            f"the written files could not be removed ({error}); remove them later with: karospace-stream "
            f"clean {_shown(location)}"
        )


def _on_store(location: str, work: Mapping[str, Any]) -> None:
    options = work["storage_options"]
    target = location_of(location, options)
    store = Store(claim_location(target))
    claim = Claim.read(store)
    if claim is None or claim.token != work["token"]:
        return
    for each in left_on_store(store, options, of=target.shown):
        each.remove()


def _shown(location: str) -> str:
    return location_of(location).shown if is_url(location) else location

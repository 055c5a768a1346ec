"""Open, discard and resolve the targets of an export."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from karospace_stream.errors import BadOptionError, KaroSpaceError
from karospace_stream.formats.existing.known_files import known_files
from karospace_stream.formats.format import FormatPlan
from karospace_stream.formats.registry import format_of
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.storage import is_url
from karospace_stream.targets import Target, TargetRequest, is_archive, kind_of


def open_targets(plan: ExportPlan, token: str, *, resume: bool = False) -> tuple[Target, ...]:
    """Make the staging folder of every format, or claim its location on a store.

    Parameters
    ----------
    token
        Names this export.
    resume
        Whether there is an earlier run with this token to resume.

    Raises
    ------
    TargetError
        If one of the targets cannot be written; then none is left behind.
    """
    begun: list[Target] = []
    try:
        for request in target_requests(plan):
            kind = kind_of(request)
            begun.append(kind.open(request, token, resume=resume))
    except BaseException:
        discard_targets(begun, keep=resume)
        raise
    return tuple(begun)


def discard_targets(targets: Sequence[Target], *, keep: bool) -> list[str]:
    """Remove everything, or leave it for a resume; return sentences about what could not be removed."""
    failed = []
    for target in targets:
        try:
            target.keep() if keep else target.abort()
        except KaroSpaceError as error:
            failed.append(
                f"the written files could not be removed ({error}); remove them later with: "
                f"karospace-stream clean {target.location}"
            )
    return failed


def unsealed_targets(plan: ExportPlan, token: str) -> list[Target]:
    """Targets of a complete export that are not sealed yet.

    Raises
    ------
    TargetError
        As `open_targets`.
    """
    requests = target_requests(plan)
    return [
        kind_of(each).open(each, token, resume=True) for each in requests if kind_of(each).waits(each, token)
    ]


def with_targets(options: ExportOptions, target: str | os.PathLike[str]) -> ExportOptions:
    """Resolve where each format goes: a path or a URL.

    Raises
    ------
    BadOptionError
        If a target is a single file but the format is a folder of files.
    """
    root, several = os.fspath(target), len(options.formats) > 1
    own = [f"{root.rstrip('/')}/{name}" if several else root for name in options.formats]
    locations = tuple(given or default for given, default in zip(options.targets, own, strict=True))
    for name, given, location in zip(options.formats, options.targets, locations, strict=True):
        if is_archive(location if given else root) and (
            format_of(name).packing is None or (several and not given)
        ):
            raise BadOptionError(
                f"{given or root}: a .zarr.zip is one file of one format: give --format anndata alone, or "
                "a folder as target and --format anndata=PATH.zarr.zip"
            )
    check_store_options(options, locations)
    return replace(options, targets=locations)


def check_store_options(options: ExportOptions, locations: Sequence[str]) -> None:
    """Refuse options about a store's objects where nothing is written to a store.

    Raises
    ------
    BadOptionError
        Names the option.
    """
    given = {"--public-read": options.public_read, "--header": options.headers}
    for flag in (flag for flag, value in given.items() if value and not any(map(is_url, locations))):
        raise BadOptionError(
            f"{flag} would have no effect, since it is for stores, such as s3://bucket/export, and the "
            f"target is a path of this machine ({', '.join(locations)})"
        )


def target_requests(plan: ExportPlan) -> list[TargetRequest]:
    """Requests for the targets of all formats."""
    several = zip(plan.formats, plan.options.locations, strict=True)
    return [_request(each, where, plan.options) for each, where in several]


def _request(format: FormatPlan, where: str, options: ExportOptions) -> TargetRequest:
    packing = format_of(format.name).packing
    return TargetRequest(
        where,
        format.layout,
        known=known_files(format.name),
        packing=None if packing is None else packing(),
        overwrite=options.overwrite,
        storage_options=options.storage_options,
        public=options.public_read,
        headers=options.headers,
        alone=not is_address(options.scheduler),
    )

"""Open, discard and resolve the targets of an export."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from karospace_stream.errors import BadOptionError, KaroSpaceError, TargetError
from karospace_stream.formats.format import FormatPlan, Sealed
from karospace_stream.formats.known_files import known_files
from karospace_stream.formats.registry import format_of
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.runtime.schedulers import is_address
from karospace_stream.storage import Store, is_url, local_path, location_of
from karospace_stream.targets import (
    LocalZip,
    Packing,
    RemoteZip,
    Target,
    begin_local,
    begin_local_zip,
    begin_remote,
    begin_remote_zip,
    claim_location,
    is_archive,
)
from karospace_stream.targets.local.staging import BUNDLE, absolute, partial_of
from karospace_stream.targets.older import refuse_foreign_objects
from karospace_stream.targets.stores.claim import Claim


def open_targets(plan: ExportPlan, token: str, *, go_on: bool = False) -> tuple[Target, ...]:
    """Make the staging folder of every format, or claim its location on a store.

    Parameters
    ----------
    token
        Names this export.
    go_on
        Whether there is an earlier run with this token to resume.

    Raises
    ------
    TargetError
        If one of the targets cannot be written; then none is left behind.
    """
    begun: list[Target] = []
    try:
        for each, location in zip(plan.formats, plan.options.locations, strict=True):
            begun.append(_begin(location, each, plan.options, token, go_on))
    except BaseException:
        discard_targets(begun, keep=go_on)
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
                f"what was written could not be taken back ({error}); do so later with: "
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
    return [
        _begin(location, each, plan.options, token, True)
        for each, location in zip(plan.formats, plan.options.locations, strict=True)
        if _waits(location, plan.options, token)
    ]


def _waits(location: str, options: ExportOptions, token: str) -> bool:
    if not is_url(location):
        return (partial_of(absolute(local_path(location)), token) / BUNDLE).is_dir()
    store = Store(claim_location(location_of(location, options.storage_options)))
    try:
        claim = Claim.read(store)
    except OSError as error:
        raise TargetError(str(error)) from error
    return claim is not None and claim.token == token


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
    return replace(options, targets=locations)


def n_objects(target: Target, sealed: Sealed) -> int:
    """Number of files of one export, as readers see them."""
    return 1 if isinstance(target, (LocalZip, RemoteZip)) else sealed.n_objects


def _begin(location: str, format: FormatPlan, options: ExportOptions, token: str, go_on: bool) -> Target:
    layout, known = format.layout, known_files(format.name)
    packing = format_of(format.name).packing
    if packing is not None and is_archive(location):
        return _begin_archive(location, packing(), options, token, go_on)
    if not is_url(location):
        return begin_local(
            local_path(location),
            sealed_by=layout.sealed_by,
            overwrite=options.overwrite,
            token=token,
            resume=go_on,
            marks=layout.marks,
            known=known,
        )
    return begin_remote(
        Store(location_of(location, options.storage_options)),
        layout,
        token=token,
        overwrite=options.overwrite,
        old_keys=partial(refuse_foreign_objects, known=known, entries=layout.entries),
        resume=go_on,
        public=options.public_read,
        extra=options.headers,
        alone=not is_address(options.scheduler),
    )


def _begin_archive(
    location: str, packing: Packing, options: ExportOptions, token: str, go_on: bool
) -> Target:
    if not is_url(location):
        return begin_local_zip(
            local_path(location), packing=packing, overwrite=options.overwrite, token=token, resume=go_on
        )
    return begin_remote_zip(
        Store(location_of(location, options.storage_options)),
        packing=packing,
        token=token,
        overwrite=options.overwrite,
        resume=go_on,
        public=options.public_read,
        extra=options.headers,
        alone=not is_address(options.scheduler),
    )

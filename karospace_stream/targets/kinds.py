"""The kinds of targets: a folder, a zip, and both on a store."""

from __future__ import annotations

from typing import Protocol

from karospace_stream.storage import is_url
from karospace_stream.targets.local.folder import LocalTarget
from karospace_stream.targets.protocol import Target
from karospace_stream.targets.request import TargetRequest
from karospace_stream.targets.stores.objects import RemoteTarget
from karospace_stream.targets.zips.local import LocalZip
from karospace_stream.targets.zips.remote import RemoteZip
from karospace_stream.targets.zips.zipping import is_archive


class TargetKind(Protocol):
    """One kind of target, as its class answers for it."""

    def open(self, request: TargetRequest, token: str, *, resume: bool = False) -> Target:
        """Begin or resume the export of this token.

        Raises
        ------
        TargetError
            If something is there already, or the target cannot be written.
        """
        ...

    def check(self, request: TargetRequest) -> None:
        """Look whether a new export could be written. Writes nothing.

        Raises
        ------
        TargetError
            As `open`.
        """
        ...

    def waits(self, request: TargetRequest, token: str) -> bool:
        """Whether the complete export of this token waits to be sealed.

        Raises
        ------
        TargetError
            If that cannot be found out.
        """
        ...


def kind_of(request: TargetRequest) -> TargetKind:
    """The kind of target at a location."""
    if request.packing is not None and is_archive(request.where):
        return RemoteZip if is_url(request.where) else LocalZip
    return RemoteTarget if is_url(request.where) else LocalTarget

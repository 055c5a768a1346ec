"""Every kind of folder that is read, the more special ones first."""

from __future__ import annotations

from karospace_stream.inputs.folders.kind import FolderKind
from karospace_stream.inputs.folders.matrix_file import MatrixFileFolder
from karospace_stream.inputs.folders.mtx.kind import MtxFolder
from karospace_stream.inputs.folders.space_ranger import SpaceRanger
from karospace_stream.inputs.folders.xenium import Xenium
from karospace_stream.options.general.inputs import InputOptions


def folder_kinds(options: InputOptions) -> tuple[FolderKind, ...]:
    """The kinds, with the user's options for them."""
    return (Xenium(options), SpaceRanger(options), MatrixFileFolder(options), MtxFolder(options))

"""The protocol of a kind of folder."""

from __future__ import annotations

from typing import Protocol

from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.source.anndata_source import AnnDataSource


class FolderKind(Protocol):
    """A kind of folder, such as that of a 10x Genomics matrix as text. Holds the user's options for it."""

    @property
    def name(self) -> str:
        """As people call it: ``"Xenium folder"``."""
        ...

    @property
    def asks(self) -> tuple[str, ...]:
        """Names by which `matches` recognises it on a web server, which does not list its folders."""
        ...

    def matches(self, folder: InputFolder) -> bool:
        """Whether a folder is of this kind, by its names."""
        ...

    def takes(self, file: str) -> bool:
        """Whether a file of this name stands for its folder, when it is given itself."""
        ...

    def open(self, folder: InputFolder, file: str) -> AnnDataSource:
        """Open it as a source; reads headers and names only.

        Parameters
        ----------
        file
            Name of the file that the user gave, if `takes` says that it stands for the folder; else empty.

        Raises
        ------
        BadInputError
            If a required file is missing or damaged, or the user's options name something that is not there.
        """
        ...

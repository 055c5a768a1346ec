"""A target's knowledge of the format that is written to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BundleLayout:
    """A target's knowledge of the format that is written to it.

    Attributes
    ----------
    entries
        Documents whose names are fixed, the one that makes a folder a bundle last.
    owned
        Prefixes of the names of all other objects.
    marks
        Names of which an older bundle has one; empty for the document that makes a folder a bundle.
    fixed
        Whether all names are fixed, so that nothing on a store can be replaced at once.
    """

    entries: tuple[str, ...]
    owned: tuple[str, ...]
    marks: tuple[str, ...] = ()
    fixed: bool = False

    @property
    def sealed_by(self) -> str:
        """The document that makes a folder a bundle; only such a folder is ever replaced."""
        return self.entries[-1]

"""The files that belong beside a manifest, as an export describes itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

#: Returns the bytes of a file that an export must have.
Read = Callable[[str], bytes]
#: Returns the bytes of a file that an export may have; None if it has none.
Find = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Expected:
    """A file that an export names.

    Attributes
    ----------
    key
        Relative to the export, with ``/``. Comes from a file that somebody else may have written.
    size
        Bytes as stored; None if the export does not say.
    lasting
        Whether another export into the same location would use another name, or the same bytes.
    """

    key: str
    size: int | None = None
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class Contents:
    """An export by its manifests: how large it is, and files of every kind that it has.

    Attributes
    ----------
    shard_nbytes
        Size of the largest file of many genes, of which a page reads one by a range; 0 without such files.
    """

    n_cells: int
    n_genes: int
    files: tuple[Expected, ...]
    shard_nbytes: int = 0


@dataclass(frozen=True, slots=True)
class Hosted:
    """A kind of export, as a host serves it.

    Attributes
    ----------
    name
        For people.
    head
        The file that makes a folder an export of this kind.
    page
        The page that such an export includes; None if it has none.
    by_name
        Whether its readers inflate every file named ``.gz``, and probe by HEAD.
    describe
        From the head and two functions that read further files, lists the files of the export.
        Raises ``BadInputError`` if a manifest is invalid.
    """

    name: str
    head: str
    page: str | None
    by_name: bool
    describe: Callable[[bytes, Read, Find], Contents]

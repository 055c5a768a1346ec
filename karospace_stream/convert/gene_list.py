"""Genes that are named one by one, as a file that ``--genes list:PATH`` takes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class GeneList:
    """What ``genes`` is set to, and what to tell the user."""

    wish: str
    notes: tuple[str, ...] = ()


@contextmanager
def gene_list(names: npt.NDArray[np.object_], wanted: Sequence[str] | None) -> Iterator[GeneList]:
    """Give the wish for some genes; it holds inside the ``with`` only.

    Parameters
    ----------
    names
        Of all genes; empty without a matrix.
    wanted
        In the order of the export; None for all. Names that are not there are left out with a note.

    Raises
    ------
    BadOptionError
        If a gene is named twice, or ``wanted`` is one text.
    """
    if not len(names):
        yield GeneList("none")
        return
    if wanted is None:
        yield GeneList("all")
        return
    if isinstance(wanted, str):
        raise BadOptionError(
            f"gene_identifiers wants a list of names, got the text {wanted!r}; write [{wanted!r}]"
        )
    known = set(names)
    asked = [str(name) for name in wanted]
    found = [name for name in asked if name in known]
    missing = [name for name in asked if name not in known]
    _check(found)
    notes = (_note(missing, len(asked)),) if missing else ()
    if not found:
        yield GeneList("none", notes)
        return
    handle, path = tempfile.mkstemp(prefix="karospace-genes-", suffix=".txt")
    try:
        os.close(handle)
        # The mark at the beginning is dropped by whoever reads it, so that a name may begin with one.
        Path(path).write_text("\n".join(found), encoding="utf-8-sig", newline="\n")
        yield GeneList(f"list:{path}", notes)
    finally:
        Path(path).unlink(missing_ok=True)


def _check(found: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in found:
        if name in seen:
            raise BadOptionError(f"gene_identifiers names {name!r} twice; leave one of them out")
        seen.add(name)
        if not name.strip() or "\n" in name or "\r" in name:
            raise BadOptionError(f"gene_identifiers: {name!r} cannot be asked for by name; rename it in var")


def _note(missing: Sequence[str], n_asked: int) -> str:
    shown = ", ".join(map(repr, missing[:_SHOWN])) + (", …" if len(missing) > _SHOWN else "")
    verb = "are" if len(missing) > 1 else "is"
    return f"{len(missing):,} of {n_asked:,} wanted genes {verb} not in var and left out: {shown}"

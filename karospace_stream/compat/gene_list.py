"""Resolve genes that are named individually."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError
from karospace_stream.model.finding import Finding

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class GeneList:
    """The value for ``genes``, and findings."""

    value: str | tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def gene_list(names: npt.NDArray[np.object_], wanted: Sequence[str] | None) -> GeneList:
    """Find the value of ``genes`` that selects some genes.

    Parameters
    ----------
    names
        Of all genes; empty without a matrix.
    wanted
        In the order of the export; None for all. Missing names are left out with a finding.

    Raises
    ------
    BadOptionError
        If a gene is named twice, or ``wanted`` is a single string.
    """
    if not len(names):
        return GeneList("none")
    if wanted is None:
        return GeneList("all")
    if isinstance(wanted, str):
        raise BadOptionError(
            f"gene_identifiers must be a list of names, got the text {wanted!r}; write [{wanted!r}]"
        )
    known = set(names)
    asked = [str(name) for name in wanted]
    found = tuple(name for name in asked if name in known)
    missing = [name for name in asked if name not in known]
    _check(found)
    return GeneList(found or "none", (_without(missing, len(asked)),) if missing else ())


def _check(found: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in found:
        if name in seen:
            raise BadOptionError(f"gene_identifiers names {name!r} twice; name it once")
        seen.add(name)


def _without(missing: Sequence[str], n_asked: int) -> Finding:
    shown = ", ".join(map(repr, missing[:_SHOWN])) + (", …" if len(missing) > _SHOWN else "")
    verb = "are" if len(missing) > 1 else "is"
    text = f"{len(missing):,} of {n_asked:,} listed genes {verb} not in var and left out: {shown}"
    return Finding("missing-genes", text)

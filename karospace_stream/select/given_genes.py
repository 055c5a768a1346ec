"""Genes given in Python: names in a list, an array or an index, or a mask over var."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError
from karospace_stream.units import counted

_WANTED = "genes must be text such as 'hvgs:500', names of genes, or a mask over var"


@dataclass(frozen=True, slots=True)
class GeneMask:
    """A mask over the genes of the matrix: its length, and the positions that are true."""

    n_genes: int
    chosen: tuple[int, ...]

    def names(self, names: npt.NDArray[np.object_]) -> list[str]:
        """Names of the chosen genes, in the order of var.

        Raises
        ------
        BadOptionError
            If its length differs from the number of genes, if it chooses none, or only some of the genes that
            share a name: an export and its record know genes by name.
        """
        if self.n_genes != len(names):
            raise BadOptionError(
                f"genes: a mask must have one value for each of {counted(len(names), 'gene')}, "
                f"got {self.n_genes:,}"
            )
        if not self.chosen:
            raise BadOptionError("genes: the mask must choose at least one gene, it chooses none")
        chosen = list(dict.fromkeys(str(names[position]) for position in self.chosen))
        if len(chosen) < len(self.chosen) or len(set(map(str, names))) < len(names):
            self._refuse_halves(names)
        return chosen

    def _refuse_halves(self, names: npt.NDArray[np.object_]) -> None:
        inside = {str(names[position]) for position in self.chosen}
        others = np.setdiff1d(np.arange(len(names)), self.chosen)
        shared = sorted(inside & {str(names[position]) for position in others})
        if shared:
            raise BadOptionError(
                f"genes: a mask must choose all genes that share a name or none of them, but chooses some of "
                f"those called {shared[0]!r}; var_names_make_unique() tells them apart"
            )


def read_genes(genes: Any) -> str | tuple[str, ...] | GeneMask:
    """What the user gave for ``genes``, as options keep it: a text, names, or a mask.

    Raises
    ------
    BadOptionError
        If it is none of them.
    """
    if isinstance(genes, str):
        return str(genes)  # numpy's text is one too
    if isinstance(genes, GeneMask):
        return genes
    if isinstance(genes, (set, frozenset, Mapping)):
        raise BadOptionError(
            f"{_WANTED}, in an order; got a {type(genes).__name__}, which has none of its own"
        )
    if getattr(genes, "ndim", 1) != 1:
        raise BadOptionError(f"{_WANTED}; got a {type(genes).__name__} of {genes.ndim} dimensions")
    values = _values(genes)
    if values and all(isinstance(value, (bool, np.bool_)) for value in values):
        return GeneMask(len(values), tuple(np.flatnonzero(values).tolist()))
    if not all(isinstance(value, str) for value in values):
        odd = next((value for value in values if not isinstance(value, (str, bool, np.bool_))), True)
        raise BadOptionError(f"{_WANTED}; got {odd!r:.60} among them")
    return tuple(map(str, values))


def _values(genes: Any) -> list[Any]:
    try:
        return list(
            genes.tolist() if hasattr(genes, "tolist") else genes
        )  # of NumPy and pandas: plain values
    except TypeError:
        raise BadOptionError(f"{_WANTED}; got {genes!r:.60}") from None

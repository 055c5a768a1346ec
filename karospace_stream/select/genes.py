"""Select the genes, their order, and their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadOptionError
from karospace_stream.model.column import Column
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import VariableGenes
from karospace_stream.select.gene_hint import meant_genes, meant_genes_in_python
from karospace_stream.select.given_genes import GeneMask

GeneMode = Literal["all", "none", "hvgs", "top_mean", "list"]

HIGHLY_VARIABLE = "highly_variable"
#: Columns of var that `choose_genes` uses.
VAR_COLUMNS = (HIGHLY_VARIABLE, "highly_variable_rank", "dispersions_norm")


@dataclass(frozen=True, slots=True)
class GeneChoice:
    """``--genes``, parsed. ``count`` for hvgs and top_mean; for list ``path``, ``names`` or ``mask``."""

    mode: GeneMode
    count: int = 0
    path: str = ""
    names: tuple[str, ...] = ()
    mask: GeneMask | None = None

    @property
    def spelling(self) -> str:
        """For messages about a list."""
        return f"--genes list:{self.path}" if self.path else "genes"


@dataclass(frozen=True, slots=True, eq=False)
class CountedGenes:
    """What a pass over the matrix found about all genes.

    Attributes
    ----------
    means
        Mean of every gene over the exported cells.
    order
        Source columns of the most variable genes, best first; then means are not needed.
    variable
        The numbers by which they were found.
    """

    means: npt.NDArray[np.float64] | None = None
    order: npt.NDArray[np.int64] | None = None
    variable: VariableGenes | None = None
    findings: tuple[Finding, ...] = ()


def parse_genes(text: str | tuple[str, ...] | GeneMask) -> GeneChoice:
    """Read ``all``, ``none``, ``hvgs:N``, ``top_mean:N`` or ``list:PATH``; or take names or a mask.

    Raises
    ------
    BadOptionError
        If it is none of them.
    """
    if isinstance(text, GeneMask):
        return GeneChoice("list", mask=text)
    if not isinstance(text, str):
        return GeneChoice("list", names=text)
    mode, _, rest = text.partition(":")
    if text in ("all", "none"):
        return GeneChoice("all" if text == "all" else "none")
    if mode == "list" and rest:
        return GeneChoice("list", path=rest)
    if mode in ("hvgs", "top_mean") and rest.isdecimal() and int(rest) > 0:
        return GeneChoice("hvgs" if mode == "hvgs" else "top_mean", count=int(rest))
    hint = meant_genes(text)
    error = BadOptionError(
        f"--genes must be all, hvgs:N, top_mean:N (N above zero), list:PATH or none; got {text!r}{hint}"
    )
    error.in_python = (hint, meant_genes_in_python(text))
    raise error


def needs_means(requested: GeneChoice, var: Mapping[str, Column]) -> bool:
    """Whether the genes cannot be chosen without the means over the exported cells."""
    if requested.mode == "hvgs":
        flagged = _flagged(var)
        return flagged is None or int(flagged.sum()) < requested.count
    return requested.mode == "top_mean"


def choose_genes(
    requested: GeneChoice,
    n_genes: int,
    var: Mapping[str, Column],
    *,
    means: npt.NDArray[np.float64] | None = None,
) -> npt.NDArray[np.int64]:
    """Resolve ``--genes`` to source columns, in exported order. Lists are not resolved here.

    Parameters
    ----------
    n_genes
        Of the matrix.
    var
        The columns ``highly_variable``, ``highly_variable_rank`` and ``dispersions_norm``,
        those that there are.
    means
        Mean of every gene over the exported cells; needed if `needs_means` says so.

    Notes
    -----
    Genes of equal mean, rank or dispersion are in the order of var.
    """
    if requested.mode == "all":
        return np.arange(n_genes, dtype=np.int64)
    if requested.mode == "none":
        return np.zeros(0, dtype=np.int64)
    if requested.mode == "hvgs":
        chosen = _variable(var)[: requested.count]
        if len(chosen) == requested.count or means is None:
            return chosen
        rest = np.setdiff1d(np.arange(n_genes), chosen)
        filling = rest[_descending(means[rest])][: requested.count - len(chosen)]
        return np.concatenate([chosen, filling]).astype(np.int64)
    assert means is not None, "top_mean cannot be resolved without means"
    return _descending(means)[: requested.count].astype(np.int64)


def unique_labels(
    names: npt.NDArray[np.object_], genes: npt.NDArray[np.int64]
) -> tuple[tuple[str, ...], int]:
    """Give each exported gene a name that is not empty and no other gene's.

    A repeated name gets ``-1``, ``-2``, … as in anndata's ``var_names_make_unique``, an empty
    one becomes ``unnamed-<source column>``.

    Returns
    -------
    The labels, and how many differ from the name in the file.
    """
    given = [str(names[gene]) or f"unnamed-{gene}" for gene in genes]
    taken = set(given)
    seen: dict[str, int] = {}
    labels = []
    for label in given:
        count = seen.get(label, 0)
        seen[label] = count + 1
        if count:
            while (unique := f"{label}-{count}") in taken:
                count += 1
            seen[label] = count + 1
            taken.add(unique)
            labels.append(unique)
        else:
            labels.append(label)
    changed = sum(label != str(names[gene]) for label, gene in zip(labels, genes, strict=True))
    return tuple(labels), changed


def _flagged(var: Mapping[str, Column]) -> npt.NDArray[np.bool_] | None:
    column = var.get("highly_variable")
    if column is None:
        return None
    if column.categories is not None:  # written by tools that turn booleans into text
        true = np.asarray([name.lower() == "true" for name in column.categories] + [False])
        return np.asarray(true[column.values], dtype=bool)
    if column.kind == "string":
        return np.asarray([str(value).lower() == "true" for value in column.values], dtype=bool)
    flags = np.nan_to_num(np.asarray(column.values, dtype=np.float64)) != 0
    return np.asarray(flags if column.missing is None else flags & ~column.missing, dtype=bool)


def _variable(var: Mapping[str, Column]) -> npt.NDArray[np.int64]:
    flagged = _flagged(var)
    if flagged is None:
        return np.empty(0, dtype=np.int64)
    positions = np.flatnonzero(flagged)
    for name, sign in (("highly_variable_rank", 1.0), ("dispersions_norm", -1.0)):
        column = var.get(name)
        if column is not None and column.kind in ("integer", "float"):
            keys = sign * np.asarray(column.values[positions], dtype=np.float64)
            keys[np.isnan(keys)] = np.inf
            if column.missing is not None:
                keys[column.missing[positions]] = np.inf
            return positions[np.argsort(keys, kind="stable")].astype(np.int64)
    return positions.astype(np.int64)


def _descending(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    # To float32, so that the last bits of a sum do not decide between equal means.
    keys = -np.nan_to_num(values.astype(np.float32), nan=0.0)
    return np.argsort(keys, kind="stable").astype(np.int64)

"""Compare files of sums with others, and with sums of some genes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from karospace_stream.formats.genes.pseudobulk.result import N_CELLS

if TYPE_CHECKING:
    from anndata import AnnData

_MOST_NAMED = 3


def same_sums(found: bytes, ours: bytes) -> bool:
    """Whether two files hold the same, however another version of HDF5 has packed it."""
    if found == ours:
        return True
    theirs = read_sums(found)
    return theirs is not None and not _unlike(theirs, _read(ours))


def difference_of_some(
    found: bytes, ours: AnnData, positions: npt.NDArray[np.int64], labels: Sequence[str]
) -> str | None:
    """What is wrong with a file, of which the sums of some genes are known; None if nothing is.

    Parameters
    ----------
    positions
        Of these genes, among those of the file.
    labels
        Of all genes of the file.
    """
    theirs = read_sums(found)
    if theirs is None or theirs.n_vars != len(labels):
        return "is no file of sums of the exported genes"
    return _unlike(theirs[:, positions].copy(), ours)


def read_sums(data: bytes) -> AnnData | None:
    """Read a file; None if it is damaged."""
    try:
        return _read(data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
        return None


def _read(data: bytes) -> AnnData:
    from anndata import read_h5ad

    with tempfile.TemporaryDirectory(prefix="karospace-upload-") as folder:
        path = Path(folder) / "sums.h5ad"
        path.write_bytes(data)
        return read_h5ad(path)


def _unlike(theirs: AnnData, ours: AnnData) -> str | None:
    obs = [each.obs.astype(str) for each in (theirs, ours)]
    if not (obs[0].equals(obs[1]) and list(theirs.obs_names) == list(ours.obs_names)):
        return f"differs from the source: combinations of columns, or their {N_CELLS}"
    if list(theirs.var_names) != list(ours.var_names):
        return "differs from the source: names of genes"
    wrong = np.flatnonzero((np.asarray(theirs.X) != np.asarray(ours.X)).any(axis=0))
    if not len(wrong):
        return None
    named = ", ".join(repr(str(ours.var_names[at])) for at in wrong[:_MOST_NAMED].tolist())
    return f"differs from the source: sums of {named}{', …' if len(wrong) > _MOST_NAMED else ''}"

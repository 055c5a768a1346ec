"""Is an exported store what anndata has read of the input?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anndata as ad
import numpy as np
import pandas as pd
from scipy import sparse


def differences(wanted: ad.AnnData, found: ad.AnnData) -> Iterator[str]:
    """Parts of an export that differ from those of its input; what was left out is not looked at."""
    if found.shape != wanted.shape:
        yield f"the shape is {found.shape}, not {wanted.shape}"
        return
    if found.X is not None and wanted.X is not None and not _same_matrix(found.X, wanted.X):
        yield "X"
    if found.obs_names.tolist() != wanted.obs_names.tolist():
        yield "names of cells"
    for axis in ("obs", "var"):
        ours, theirs = getattr(found, axis), getattr(wanted, axis)
        for name in ours.columns.intersection(theirs.columns):
            if not _same_column(ours[name], theirs[name]):
                yield f"{axis}/{name}"
    for part in ("obsm", "obsp"):
        ours, theirs = getattr(found, part), getattr(wanted, part)
        for key in set(ours) & set(theirs):
            if not _same_matrix(ours[key], theirs[key]):
                yield f"{part}/{key}"


def _same_matrix(ours: Any, theirs: Any) -> bool:
    """Value for value; entries that are there twice add up, and may do so in another order."""
    first, second = _dense(ours), _dense(theirs)
    if sparse.issparse(theirs) and not theirs.has_canonical_format:
        return first.shape == second.shape and np.allclose(first, second, rtol=1e-5, equal_nan=True)
    return _equal(first, second)


def _dense(values: Any) -> Any:
    return values.toarray() if sparse.issparse(values) else np.asarray(values)


def _equal(first: Any, second: Any) -> bool:
    return first.shape == second.shape and bool(
        np.array_equal(first, second, equal_nan=first.dtype.kind == "f")
    )


def _same_column(ours: pd.Series, theirs: pd.Series) -> bool:
    missing = theirs.isna().to_numpy(bool)
    if theirs.dtype.kind in "fiub" and ours.dtype.kind in "fiub":
        return _equal(ours.to_numpy(np.float64), theirs.to_numpy(np.float64))
    if not (ours.isna().to_numpy(bool) == missing).all():
        return False
    return ours[~missing].astype(str).tolist() == theirs[~missing].astype(str).tolist()

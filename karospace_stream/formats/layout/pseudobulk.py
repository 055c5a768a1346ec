"""The sums over combinations of columns, in an export of any format."""

from __future__ import annotations

PSEUDOBULK = "pseudobulk.h5ad"
MEDIA_TYPE = "application/x-hdf5"

"""AnnData's on-disk elements, written by appending. Encoding versions of anndata 0.8 and later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from karospace_stream.testing.storage import Growing, Store

ARRAY = {"encoding-type": "array", "encoding-version": "0.2.0"}
TEXT = {"encoding-type": "string-array", "encoding-version": "0.2.0"}
CHUNK_ROWS = 65_536


def start_anndata(store: Store) -> None:
    """Write the root, and the groups that may be empty."""
    store.group("/", {"encoding-type": "anndata", "encoding-version": "0.1.0"})
    for name in ("layers", "obsm", "obsp", "uns", "varm", "varp"):
        store.group(name, {"encoding-type": "dict", "encoding-version": "0.1.0"})


class Frame:
    """A data frame that grows.

    Parameters
    ----------
    categories
        Names of the categories of each categorical column.
    plain
        Type of each column of numbers or booleans.
    nullable
        Names of the nullable integer columns.
    order
        All column names, in order.
    """

    def __init__(
        self,
        store: Store,
        path: str,
        order: Sequence[str],
        *,
        categories: Mapping[str, Sequence[str]],
        plain: Mapping[str, npt.DTypeLike],
        nullable: Sequence[str] = (),
    ) -> None:
        # HDF5 needs an explicit type for an attribute of strings; Zarr takes the list in it.
        column_order = np.array(list(order), dtype=h5py.string_dtype())
        store.group(
            path,
            {
                "encoding-type": "dataframe",
                "encoding-version": "0.2.0",
                "_index": "_index",
                "column-order": column_order,
            },
        )
        self._columns = {"_index": store.growing(f"{path}/_index", str, (CHUNK_ROWS,), TEXT)}
        for name, dtype in plain.items():
            self._columns[name] = store.growing(f"{path}/{name}", dtype, (CHUNK_ROWS,), ARRAY)
        for name, labels in categories.items():
            kind = {"encoding-type": "categorical", "encoding-version": "0.2.0", "ordered": False}
            store.group(f"{path}/{name}", kind)
            store.text(f"{path}/{name}/categories", labels, TEXT)
            self._columns[name] = store.growing(f"{path}/{name}/codes", "int8", (CHUNK_ROWS,), ARRAY)
        self._masks: dict[str, Growing] = {}
        for name in nullable:
            store.group(f"{path}/{name}", {"encoding-type": "nullable-integer", "encoding-version": "0.1.0"})
            self._columns[name] = store.growing(f"{path}/{name}/values", "int64", (CHUNK_ROWS,), ARRAY)
            self._masks[name] = store.growing(f"{path}/{name}/mask", "bool", (CHUNK_ROWS,), ARRAY)

    def append(
        self,
        names: Sequence[str],
        columns: Mapping[str, npt.NDArray[Any]],
        masks: Mapping[str, npt.NDArray[np.bool_]] | None = None,
    ) -> None:
        """Append rows: their names, and a value (or code) of every column."""
        self._columns["_index"].append(np.array(names, dtype=object))
        for name, values in columns.items():
            self._columns[name].append(values)
        for name, mask in (masks or {}).items():
            self._masks[name].append(mask)

    def close(self) -> None:
        """Write the remaining values."""
        for growing in (*self._columns.values(), *self._masks.values()):
            growing.close()

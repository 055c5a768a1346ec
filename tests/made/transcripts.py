"""Tables of transcripts, as instruments write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

#: Genes and a control, from many transcripts to few.
NAMES = ("Gene1", "Gene2", "Gene10", "NegControlProbe_00001", "Gene3")
_SHARES = (0.6, 0.2, 0.1, 0.06, 0.04)


def make_transcripts(n: int, low: float = 0.0, high: float = 1000.0, seed: int = 0) -> pd.DataFrame:
    """Columns x, y, gene and qv; denser at the left."""
    rng = np.random.default_rng(seed)
    x, y = low + (high - low) * rng.random(n) ** 2, low + (high - low) * rng.random(n)
    gene = np.asarray(NAMES, object)[rng.choice(len(NAMES), n, p=_SHARES)]
    return pd.DataFrame({"x": x, "y": y, "gene": gene, "qv": rng.integers(15, 40, n).astype(np.float32)})


def write_xenium_transcripts(path: Path, made: pd.DataFrame, *, as_bytes: bool, rows: int = 50_000) -> None:
    """``transcripts.parquet`` of Xenium; names are bytes in older versions."""
    names = pa.array(made["gene"].to_list())
    columns = {"x_location": made["x"], "y_location": made["y"], "qv": made["qv"]}
    table = pa.table(columns | {"feature_name": names.cast(pa.binary()) if as_bytes else names})
    pq.write_table(table, path, row_group_size=rows)


def places(made: pd.DataFrame, gene: str) -> npt.NDArray[np.float64]:
    """Where the transcripts of a gene are, sorted by x."""
    found = made.loc[made["gene"] == gene, ["x", "y"]].to_numpy(np.float64)
    return found[np.argsort(found[:, 0])]

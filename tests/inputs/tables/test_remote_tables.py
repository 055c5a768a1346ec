"""Tables at URLs are read by ranges, and a truncated or missing one is refused in one sentence."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.tables.read import read_table
from tests.source.remote.servers import Web, serving

N = 2_000


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    columns = {"leiden": rng.integers(0, 9, N), "x": rng.normal(size=N), "kind": rng.choice(["a", "b"], N)}
    frame = pd.DataFrame(columns, index=pd.Index([f"c{n}" for n in range(N)], name="cell", dtype=object))
    return frame.astype({"kind": "category"})


@pytest.mark.parametrize("name", ["t.csv", "t.tsv.gz", "t.parquet"])
def test_a_table_at_a_url(tmp_path: Path, web: Web, frame: pd.DataFrame, name: str) -> None:
    path = tmp_path / name
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
        frame.to_parquet(path)
    else:
        frame.to_csv(path, sep="\t" if "tsv" in name else ",")
    web.put(path)
    table = read_table(f"{web.address}/{name}")
    assert table.name == name
    pd.testing.assert_frame_equal(table.frame, frame, check_categorical=name.endswith("parquet"))
    assert table.frame["kind"].tolist() == frame["kind"].tolist()


def test_refusals(tmp_path: Path, web: Web, frame: pd.DataFrame) -> None:
    with pytest.raises(BadInputError, match=r"none\.csv does not exist"):
        read_table(f"{web.address}/none.csv")
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(frame.to_csv().encode())[:-1000])
    web.put(path)
    with pytest.raises(BadInputError, match=r"cut\.csv\.gz ends too early: its compressed data are cut off"):
        read_table(f"{web.address}/cut.csv.gz")

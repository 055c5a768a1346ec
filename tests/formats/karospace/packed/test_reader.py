"""The reader in the documentation reads what is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import karospace_stream
from karospace_stream.encode.checks import inflated
from karospace_stream.encode.sparse_block import block_pieces, rows_and_values
from tests.formats.karospace.packed.test_values import small

DOCUMENT = Path(__file__).parents[4] / "docs" / "formats" / "packed.md"


def documented() -> dict[str, Any]:
    """The reader of the documentation."""
    code = DOCUMENT.read_text("utf-8").split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def test_the_documented_reader(tmp_path: Path) -> None:
    data = small()
    karospace_stream.export(data, tmp_path / "packed", layout="packed", order="source", anno=[])
    wanted = data.X.toarray()
    read = documented()["read_gene"]
    for gene in (0, 1, 2, 3, 4, 5, 7, 8):  # not the one with infinities, which are clipped
        np.testing.assert_array_equal(read(tmp_path / "packed", gene), wanted[:, gene])


@settings(deadline=None, max_examples=150)
@given(
    gaps=st.lists(st.integers(0, 2**22), max_size=300),
    dtype=st.sampled_from(["float32", "uint16", "uint8"]),
    level=st.sampled_from([1, 6]),
    seed=st.integers(0, 99),
)
def test_blocks_are_read_as_they_were_written(gaps: list[int], dtype: str, level: int, seed: int) -> None:
    rows = np.cumsum(np.asarray(gaps, np.int64) + 1) - 1
    values = np.random.default_rng(seed).integers(0, 255, len(rows)).astype(dtype)
    for kind in ("int32", "int64"):
        block = b"".join(block_pieces(rows.astype(kind), values, level))
        found, stored = rows_and_values(inflated(block, 1 << 20), len(rows), dtype)
        np.testing.assert_array_equal(found, rows)
        np.testing.assert_array_equal(stored, values)
        assert stored.dtype == np.dtype(dtype).newbyteorder("<")

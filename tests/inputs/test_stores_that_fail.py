"""A store that does not answer while a library decodes its bytes: that is said, and not called damage."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from karospace_stream.inputs.parquet import open_parquet
from karospace_stream.inputs.tables import parquet_table
from karospace_stream.storage import StorageError


@dataclass(frozen=True)
class Silent:
    """A file whose store does not answer."""

    path: str = "s3://bucket/cells.parquet"
    size: int = 1000

    def read(self, offset: int, length: int) -> bytes:
        raise StorageError("s3://bucket/cells.parquet could not be read: no answer")


def test_a_store_that_does_not_answer_is_no_damage() -> None:
    with pytest.raises(StorageError, match="no answer"):
        open_parquet(Silent())


def test_nor_is_it_for_a_table() -> None:
    with pytest.raises(StorageError, match="no answer"), parquet_table._readable("cells.parquet"):
        Silent().read(0, 1)

"""A store that does not answer while a library decodes its bytes: that is said, and not called damage."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from karospace_stream.images.picture import PictureFile
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


@dataclass
class Failing:
    """A picture whose store stops to answer."""

    data: bytes
    path: str = "s3://bucket/slide.png"
    answers: bool = True

    @property
    def size(self) -> int:
        return len(self.data)

    @contextmanager
    def open(self) -> Iterator[Failing]:
        yield self

    def read_into(self, offset: int, out: memoryview) -> None:
        if not self.answers and offset + len(out) > 50_000:
            raise StorageError("s3://bucket/slide.png could not be read: no answer")
        out[:] = self.data[offset : offset + len(out)]


def test_nor_for_a_picture() -> None:
    drawn = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (600, 600, 3), dtype=np.uint8)
    Image.fromarray(noise).save(drawn, "PNG")
    file = Failing(drawn.getvalue())
    picture = PictureFile.of(file)
    file.answers = False
    with pytest.raises(StorageError, match="no answer"):
        list(picture.bands(100))

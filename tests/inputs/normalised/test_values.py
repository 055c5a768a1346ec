"""Exported values are those of ``normalize_total`` and ``log1p``, in every layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import karospace_stream
from tests.inputs.normalised.made import LAYOUTS, counts, expected, exported, write


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("target", [1e4, "median", None])
def test_every_layout(layout: str, target: Any, tmp_path: Path, scratch: Path) -> None:
    values = counts(seed=1)
    source = write(tmp_path / "cells.h5ad", values, layout)
    found = exported(source, tmp_path / "out.zarr", normalize=target, log1p=True, scratch=scratch)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected(values, target, log=True), rtol=5e-7)
    assert not list(scratch.iterdir())
    assert karospace_stream.verify(tmp_path / "out.zarr", source=source, progress=False)

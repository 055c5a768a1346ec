"""Normalised values are those of ``scanpy.pp.normalize_total`` and ``scanpy.pp.log1p``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.inputs.normalised.made import LAYOUTS, counts, exported, write
from tests.oracle.others import made_once

STEPS: tuple[dict[str, Any], ...] = (
    {"normalize": 1e4, "log1p": True},
    {"normalize": 1e4, "log1p": False},
    {"normalize": "median", "log1p": True},
    {"normalize": 1e6, "log1p": True},
    {"normalize": None, "log1p": True},
)
TYPES = ("float32", "float64", "int32", "int64", "uint16")


def draw(folder: Path) -> None:
    """Counts of every type, and fractions, in every layout; and what is done to each."""
    cases = []
    for layout in LAYOUTS:
        for dtype in (*TYPES, "fractions"):
            values = counts(seed=1) if dtype == "fractions" else counts(dtype)
            # Its median of a CSR matrix counts cells without counts; other layouts leave them out.
            values[3, :5] = 2
            source = write(folder / f"{layout}-{dtype}.h5ad", values, layout)
            cases += [
                {"source": str(source), "name": f"{source.stem}-{n}", **each} for n, each in enumerate(STEPS)
            ]
    (folder / "cases.json").write_text(json.dumps(cases))


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all cases, and Scanpy's values."""

    def prepare(folder: Path) -> list[str]:
        draw(folder)
        return []

    script = Path(__file__).with_name("scanpy") / "normalised.py"
    return made_once(tmp_path_factory, "scanpy-normalised", "scanpy", script, prepare)


@pytest.mark.big
def test_every_case(peer: Path, tmp_path: Path) -> None:
    several = json.loads((peer / "cases.json").read_text())
    assert len(several) == len(LAYOUTS) * (len(TYPES) + 1) * len(STEPS)
    for case in several:
        truth = np.load(peer / f"{case['name']}.npz")
        options = {"normalize": case["normalize"], "log1p": case["log1p"]}
        found = exported(case["source"], tmp_path / case["name"], **options)
        np.testing.assert_allclose(found, truth["x"], rtol=5e-7, err_msg=str(case))
        assert truth["log"].tolist() == (['{"base": null}'] if case["log1p"] else [])

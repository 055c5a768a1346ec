"""Whatever is wrong with a matrix of 10x Genomics, there is a right export or one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.damage import tenx_kinds
from tests.damage.harness import Container, try_variant

CONTAINERS = {
    "h5": Container("h5", tenx_kinds.build_h5, tenx_kinds.H5_KINDS, tenx_kinds.read_h5),
    "mtx": Container("mtx", tenx_kinds.build_mtx, tenx_kinds.MTX_KINDS, tenx_kinds.read_mtx),
}


def problems(name: str, number: int, folder: Path) -> list[str]:
    outcome = try_variant(CONTAINERS[name], number, folder / str(number), formats=("anndata",))
    return [f"{outcome.label}: {each}" for each in outcome.problems]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CONTAINERS)
def test_a_few(name: str, tmp_path: Path) -> None:
    assert [each for number in range(0, 40, 8) for each in problems(name, number, tmp_path)] == []


@pytest.mark.big
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("start", range(0, 400, 50))
@pytest.mark.parametrize("name", CONTAINERS)
def test_many(name: str, start: int, tmp_path: Path) -> None:
    assert [each for number in range(start, start + 50) for each in problems(name, number, tmp_path)] == []

"""Every prefix of the order is a fair sample: shares of categories, and the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from karospace_stream.source import open_source
from tests.derive.test_fair_order import order_of

DATA = (Path(__file__).parents[3] / "shared" / "data").resolve()
N_CELLS = 1_000_000
#: Largest distance of the picture of a prefix from the full one, where a random sample's is not larger.
MOST_DISTANCE = 0.02


def real_cells(name: str, key: str, columns: list[str]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """A million cells drawn from those of a real file, each moved a little."""
    path = DATA / f"{name}.h5ad"
    if not path.exists():
        pytest.skip(f"the shared data are not at {DATA}")
    source, random = open_source(path), np.random.default_rng(11)
    n_cells = source.catalog.n_cells
    drawn = random.integers(0, n_cells, N_CELLS)
    points = source.obsm(key, 0, n_cells, 2).astype(float)[drawn]
    points += random.normal(size=points.shape) * np.nanstd(points, axis=0) / 50
    return points, {column: source.obs_column(column, 0, n_cells).values[drawn] for column in columns}


def made_cells(n_cells: int = N_CELLS, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Thirty clusters of different sizes, many of which overlap."""
    random = np.random.default_rng(seed)
    codes = random.choice(30, n_cells, p=random.dirichlet(np.full(30, 0.7)))
    centres, widths = random.normal(0, 5, (30, 2)), random.uniform(0.1, 1.2, 30)
    return centres[codes] + random.normal(size=(n_cells, 2)) * widths[codes][:, None], codes


def worst_share(codes: np.ndarray, rows: np.ndarray, n_first: int) -> float:
    """The largest relative error of the share of a category, of those above 1 %."""
    truth = np.bincount(codes + 1) / len(codes)
    found = np.bincount(codes[rows[:n_first]] + 1, minlength=len(truth)) / n_first
    large = truth > 0.01
    return float(np.abs(found / np.where(large, truth, 1) - 1)[large].max())


def bins(points: np.ndarray) -> np.ndarray:
    """The bin of each cell in a picture of 64 x 64."""
    low, high = points.min(axis=0), points.max(axis=0)
    across, up = np.minimum(64 * (points - low) / (high - low), 63).astype(np.int32).T
    return 64 * up + across


def distances(binned: np.ndarray, rows: np.ndarray, several: list[int]) -> list[float]:
    """How far the pictures of some prefixes are from that of all cells, by total variation."""
    full = np.bincount(binned, minlength=64 * 64) / len(binned)
    found = [np.bincount(binned[rows[:n_first]], minlength=64 * 64) / n_first for n_first in several]
    return [float(np.abs(each - full).sum() / 2) for each in found]


def assert_nearer(binned: np.ndarray, rows: np.ndarray, several: list[int]) -> None:
    """Prefixes are nearer to the full picture than random samples of the same size."""
    random = np.random.default_rng(0).permutation(N_CELLS)
    pairs = zip(distances(binned, rows, several), distances(binned, random, several), strict=True)
    assert all(mine < theirs for mine, theirs in pairs)


REAL = [
    ("anndata_v050_pbmc68k", "X_umap", ["bulk_labels", "louvain", "phase"]),
    ("mti_imc_sn", "spatial", ["cell type"]),
]


@pytest.mark.parametrize(("name", "key", "columns"), REAL, ids=[name for name, _, _ in REAL])
def test_real_cells(name: str, key: str, columns: list[str]) -> None:
    points, all_codes = real_cells(name, key, columns)
    binned, several = bins(points), [N_CELLS // 100, N_CELLS // 20]
    plain = order_of(points).rows
    assert_nearer(binned, plain, several)
    for codes in all_codes.values():
        rows = order_of(points, codes).rows
        assert worst_share(codes, rows, N_CELLS // 100) < 0.03
        assert_nearer(binned, rows, several)
        # An order that knows nothing of the column: the smallest categories have a hundred cells there.
        assert worst_share(codes, plain, N_CELLS // 100) < 0.15


@pytest.mark.parametrize("by", [False, True])
def test_every_prefix(by: bool) -> None:
    points, codes = made_cells()
    binned, rows = bins(points), order_of(points, codes if by else None).rows
    several = np.unique(np.geomspace(N_CELLS / 100, N_CELLS, 40).astype(int)).tolist()
    assert max(worst_share(codes, rows, n_first) for n_first in several) < (0.07 if by else 0.15)
    random = distances(binned, np.random.default_rng(0).permutation(N_CELLS), several)
    for n_first, mine, theirs in zip(several, distances(binned, rows, several), random, strict=True):
        assert mine < max(theirs, MOST_DISTANCE), n_first


def test_few_cells_have_exact_shares_by_a_column() -> None:
    points, codes = made_cells(997)
    codes[::50] = -1
    rows = order_of(points, codes).rows
    truth = np.bincount(codes + 1, minlength=31) / 997
    for n_first in range(1, 998):
        found = np.bincount(codes[rows[:n_first]] + 1, minlength=31)
        assert np.abs(found - truth * n_first).max() < 3, n_first

"""Makes expected.json: p-values, and tests of a few genes, by scipy alone. Run it in this folder."""

import json
from pathlib import Path

import numpy as np
from scipy import integrate, special, stats

N_CELLS, N_GENES = 200, 14


def p_values() -> dict[str, list[list[float]]]:
    """Two-sided p-values, and logarithms of those that are too small for a double."""
    z = [0, 1e-8, 0.3, 1, 1.9, 2.2, 5, 12, 37, 38.5, 60, 250]
    freedom = [1, 1.7, 5, 23.4, 180, 4321.5, 1e5, 3e7]
    t = [1e-6, 0.2, 1.1, 1.7, 1.8, 3, 9, 25]
    return {
        "normal": [[x, 2 * float(special.ndtr(-x)), float(np.log(2) + special.log_ndtr(-x))] for x in z],
        "student": [[x, v, 2 * float(special.stdtr(v, -x))] for v in freedom for x in t],
        "far": [[x, v, far_tail(x, v)] for x, v in ((60, 5000), (100, 1e5), (300, 2000), (41, 1e7))],
    }


def far_tail(t: float, freedom: float) -> float:
    """Logarithm of a two-sided p-value, by integrating the density relative to its value at t."""
    density = stats.t(freedom).logpdf
    scale = (freedom + t * t) / (freedom * t)
    area = integrate.quad(
        lambda x: np.exp(density(t + x * scale) - density(t)), 0, np.inf, epsabs=0, epsrel=1e-11
    )
    return float(np.log(2 * area[0] * scale) + density(t))


def genes() -> dict[str, object]:
    """Values of all kinds: sparse, dense, negative, tied, constant, and none at all."""
    rng = np.random.default_rng(7)
    marks = rng.integers(0, 3, N_CELLS)
    values = np.log1p(rng.poisson(rng.gamma(0.5, 2, N_GENES)[:, None], (N_GENES, N_CELLS)))
    values[0] = rng.normal(size=N_CELLS)
    values[1] = 0
    values[2] = 1.25
    values[3] = np.where(marks == 1, 2, 1)
    values[4] += (marks == 1) * rng.random(N_CELLS)
    values[5] = rng.normal(size=N_CELLS) * (rng.random(N_CELLS) < 0.3)
    values = values.astype(np.float32)
    one, other = (values[:, marks == mark].astype(float) for mark in (1, 2))
    n, m = one.shape[1], other.shape[1]
    found = []
    for a, b in zip(one, other, strict=True):
        u = stats.mannwhitneyu(a, b, use_continuity=False, method="asymptotic")
        plain = (u.statistic - n * m / 2) / np.sqrt(n * m * (n + m + 1) / 12)
        with np.errstate(invalid="ignore", divide="ignore"):
            t = stats.ttest_ind(a, b, equal_var=False)
        found.append(
            {
                "u": u.statistic,
                "plain": [plain, 2 * stats.norm.sf(abs(plain))],
                "tie_correct": u.pvalue,
                "welch": [t.statistic, t.pvalue],
                "means": [a.mean(), b.mean()],
                "shares": [(a != 0).mean(), (b != 0).mean()],
            }
        )
    adjusted = stats.false_discovery_control([each["plain"][1] for each in found])
    return {
        "marks": marks.tolist(),
        "values": [[float(str(x)) for x in row] for row in values],
        "found": [{name: _plain(each) for name, each in row.items()} for row in found],
        "adjusted": adjusted.tolist(),
    }


def _plain(value):
    """NaN and infinite numbers as texts, as JSON has none."""
    if np.ndim(value):
        return [_plain(each) for each in value]
    return float(value) if np.isfinite(value) else str(float(value))


if __name__ == "__main__":
    Path("expected.json").write_text(json.dumps({**p_values(), "genes": genes()}) + "\n")

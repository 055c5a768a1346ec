"""Plots of the results, as SVG: text stays text, and the files are small enough to keep."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt

from benchmarks.records import Record, median_of, of_case
from benchmarks.sides import Case

_OURS, _OTHERS = "#0072b2", "#999999"  # of the Okabe-Ito colours


def write_plots(cases: Sequence[Case], records: Sequence[Record], folder: Path) -> None:
    """Draw what there are results for: sides beside each other, and how cost grows."""
    mpl.rcParams["svg.hashsalt"] = "karospace-stream"  # the same results, the same file
    folder.mkdir(parents=True, exist_ok=True)
    by_name = {case.name: case for case in cases}
    together = of_case(records, by_name["cellucid"])
    together += [r for r in of_case(records, by_name["floor"]) if r["side"] == "floor"]
    if together:
        _save(_bars(together), folder / "sides.svg")
    sizes = of_case(records, by_name["size"])
    sizes += [r for r in of_case(records, by_name["floor"]) if r["side"] == "ours"]
    if len({record["dataset"]["n_cells"] for record in sizes}) > 1:
        _save(_growth(sizes), folder / "growth.svg")


def _by_side(records: Sequence[Record]) -> dict[str, list[Record]]:
    grouped: dict[str, list[Record]] = {}
    for record in records:
        grouped.setdefault(record["side"], []).append(record)
    return grouped


def _bars(records: Sequence[Record]) -> Any:
    grouped = _by_side(records)
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.6), layout="constrained", sharey=True)
    scales = (("wall", "wall, s", 1.0), ("peak", "peak memory, GB", 1e9), ("output", "output, MB", 1e6))
    colors = [_OURS if side.startswith("ours") else _OTHERS for side in grouped]
    for axis, (name, label, unit) in zip(axes, scales, strict=True):
        heights = [median_of(runs, name) / unit for runs in grouped.values()]  # type: ignore[arg-type]
        bars = axis.barh(list(grouped), heights, color=colors)
        axis.bar_label(bars, fmt="%.3g", padding=2)
        axis.set_xlabel(label)
        axis.margins(x=0.2)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].invert_yaxis()
    figure.suptitle("100,000 cells x 20,000 genes, gzip .h5ad, all genes, float32")
    return figure


def _growth(records: Sequence[Record]) -> Any:
    by_cells: dict[int, list[Record]] = {}
    for record in records:
        by_cells.setdefault(record["dataset"]["n_cells"], []).append(record)
    cells = sorted(by_cells)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
    left.loglog(cells, [median_of(by_cells[n], "wall") for n in cells], "o-", color=_OURS)
    left.set(xlabel="cells", ylabel="wall, s")
    right.semilogx(cells, [median_of(by_cells[n], "peak") / 1e9 for n in cells], "o-", color=_OURS)
    right.axhline(1, color=_OTHERS, linestyle="--")
    right.annotate("--memory 1GB", (cells[0], 1), xytext=(0, -12), textcoords="offset points", color=_OTHERS)
    right.set(xlabel="cells", ylabel="peak memory, GB", ylim=(0, 1.1))
    for axis in (left, right):
        axis.spines[["top", "right"]].set_visible(False)
    figure.suptitle("20,000 genes, all exported, the same budget")
    return figure


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)

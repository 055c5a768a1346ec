"""Words that start each side of a case, as a user would type them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.beside import BESIDE, ENDINGS
from benchmarks.data import column_names, console_script, gene_names
from benchmarks.peers.environments import PEERS, script
from benchmarks.sides import Side

#: The columns that an export without ``--anno`` takes; the peers are given the same.
_LABELS = ("cell_type", "sample", "leiden", "is_doublet")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one run finds and leaves its files.

    Attributes
    ----------
    sample
        Folder made by `benchmarks.sample.write_sample`; for floors.
    python
        The peer's interpreter; for peers.
    workers
        Tasks at once in our own run; a floor takes as many.
    """

    source: Path
    out: Path
    scratch: Path
    lists: Path
    sample: Path | None = None
    python: Path | None = None
    workers: int = 1


def command(side: Side, spot: Spot) -> list[str]:
    """The words. ``out`` must not exist; the output is there afterwards."""
    if side.program == "help":
        return [str(console_script()), "--help"]
    if side.program == "ours":
        beside = spot.source.with_suffix(ENDINGS.get(side.data.tissue, ""))
        return [*_ours(side, spot), *(each.replace(BESIDE, str(beside)) for each in side.options)]
    if side.program == "floor":
        level = side.options[1] if side.options else "1"
        return [
            sys.executable, "-m", "benchmarks.floor", str(spot.source), str(spot.out),
            "--sample", str(spot.sample), "--level", level, "--threads", str(spot.workers),
        ]  # fmt: skip
    if side.program == "baseline":
        names = _write_list(spot, side, side.timed_genes)
        words = [sys.executable, "-m", "benchmarks.baseline", str(spot.source), str(spot.out)]
        return [*words, "--genes", str(names), "--of", str(side.n_genes)]
    assert side.program in PEERS, side.program
    columns = column_names(spot.source) if side.columns == "all" else _LABELS
    labels = [word for label in columns for word in ("--anno", label)]
    words = [str(spot.python), str(script(side.program)), str(spot.source), str(spot.out)]
    return [*words, *labels, *side.options]


def _ours(side: Side, spot: Spot) -> list[str]:
    words = [str(console_script()), "export", str(spot.source), str(spot.out), "--json"]
    words += ["--scratch", str(spot.scratch)]
    words += [word for name in side.formats for word in ("--format", name)]
    words += ["--anno", "all"] * (side.columns == "all")
    if side.n_genes is not None:
        words += ["--genes", f"list:{_write_list(spot, side, side.n_genes)}"]
    return words


def _write_list(spot: Spot, side: Side, n_listed: int) -> Path:
    """Names of ``side.n_genes`` genes spread evenly over the file, or of ``n_listed`` of these."""
    assert side.n_genes is not None
    names = gene_names(spot.source)
    chosen = np.linspace(0, len(names) - 1, side.n_genes).astype(int)
    some = chosen[np.linspace(0, len(chosen) - 1, n_listed).astype(int)]
    path = spot.lists / f"{n_listed}.txt"
    path.write_text("".join(f"{names[number]}\n" for number in some))
    return path

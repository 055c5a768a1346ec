"""The results: one JSON object a line, one line a finished process."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.data import DataSet
from benchmarks.sides import Bound, Case, Metric

Record = dict[str, Any]


def load(path: Path) -> list[Record]:
    """Read all lines; an absent file has none."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def replace_case(path: Path, name: str, records: Iterable[Record]) -> None:
    """Put the records of one case in the place of older ones of the same case."""
    kept = [record for record in load(path) if record["case"] != name]
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(record, sort_keys=True) + "\n" for record in (*kept, *records)]
    path.write_text("".join(lines))


def of_case(records: Iterable[Record], case: Case) -> list[Record]:
    """Those that belong to a case and to the data sets that it has now.

    A record may be older than some attribute of a data set: then it had what is the default now.
    """
    data = {side.label: side.data for side in case.sides}
    return [r for r in records if r["case"] == case.name and DataSet(**r["dataset"]) == data.get(r["side"])]


def metric(record: Record, name: Metric) -> float:
    """One number of a record. The wall time of a baseline is that of all genes, scaled."""
    if name == "wall":
        return float(record["scaled_wall_s"] or record["wall_s"])
    if name == "wall per value":
        return float(record["wall_s"]) / int(record["n_values"])
    return float(record["peak_nbytes" if name == "peak" else "output_nbytes"])


def median_of(records: Sequence[Record], name: Metric) -> float:
    """The median over the rounds."""
    return statistics.median(metric(record, name) for record in records)


def ratio(records: Iterable[Record], bound: Bound) -> float | None:
    """The median over the rounds of the ratio within each round; None where a side did not run."""
    bottoms = bound.bottoms
    by_round: dict[int, dict[str, float]] = {}
    for record in records:
        by_round.setdefault(record["round"], {})[record["side"]] = metric(record, bound.metric)
    pairs = [
        sides[bound.top] / (sum(sides[label] for label in bottoms) if bottoms else 1.0)
        for sides in by_round.values()
        if sides.keys() >= {bound.top, *bottoms}
    ]
    return statistics.median(pairs) if pairs else None

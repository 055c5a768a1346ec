"""Writes the results into the documentation: tables between markers, and plots."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial

from benchmarks import cluster, tables
from benchmarks.arithmetic import projections
from benchmarks.machine import ROOT
from benchmarks.records import Record
from benchmarks.sides import Case

PAGE = ROOT / "docs" / "explanation" / "performance.md"
FIGURES = PAGE.with_name("figures")
RESULTS = FIGURES / "results.jsonl"


def sections(cases: Sequence[Case], records: Sequence[Record]) -> dict[str, str]:
    """Every generated section of the page, by the name of its marker."""
    return {
        "targets": tables.targets(cases, records),
        "measurements": tables.measurements(cases, records),
        "conditions": tables.conditions(records),
        "projections": projections(cases, records),
        "cluster": cluster.section(records),
        **_pictures(records),
    }


def _pictures(records: Sequence[Record]) -> dict[str, str]:
    """Links to the plots whose results exist."""
    ran = {record["case"] for record in records}
    sides = "![Wall time, peak memory and output of each side](figures/sides.svg)"
    growth = "![Wall time and peak memory against the number of cells](figures/growth.svg)"
    return {"sides": sides * ("cellucid" in ran), "growth": growth * ("size" in ran)}


def fill(text: str, parts: Mapping[str, str]) -> str:
    """Replace the text between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``.

    Raises
    ------
    ValueError
        If the page lacks one of the markers.
    """
    for name, content in parts.items():
        marked = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        if not marked.search(text):
            raise ValueError(
                f"the page must have the markers '<!-- begin {name} -->' and '<!-- end {name} -->'"
            )
        text = marked.sub(partial(_between, content), text)
    return text


def _between(content: str, found: re.Match[str]) -> str:
    return f"{found[1]}{content}\n{found[2]}"


def write_page(cases: Sequence[Case], records: Sequence[Record]) -> None:
    """Update the page and its plots."""
    from benchmarks.plots import write_plots  # late: matplotlib is for those who draw

    PAGE.write_text(fill(PAGE.read_text(), sections(cases, records)))
    write_plots(cases, records, FIGURES)

"""Results as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.records import Record, median_of, of_case, ratio
from benchmarks.sides import Bound, Case
from karospace_stream.units import format_nbytes, format_seconds

NOT_RUN = "Not measured yet."
_VERDICTS = {True: "met", False: "**missed**", None: ""}


def targets(cases: Iterable[Case], records: Sequence[Record]) -> str:
    """The requirements with the measured values."""
    rows = []
    for case in cases:
        mine = of_case(records, case)
        for bound in case.bounds:
            value = ratio(mine, bound)
            reached = "not run" if value is None else _value(bound, value)
            verdict = "" if value is None else _VERDICTS[bound.holds(value)]
            rows.append((bound.text, _limit(bound), reached, verdict))
    return markdown(("", "required", "measured", ""), rows)


def measurements(cases: Iterable[Case], records: Sequence[Record]) -> str:
    """Time, memory and bytes of every side: medians over the rounds."""
    rows = []
    for case in cases:
        mine = of_case(records, case)
        for side in case.sides:
            runs = [record for record in mine if record["side"] == side.label]
            if runs:
                rows.append((case.name, side.label, *_measured(runs)))
    heads = (
        "case", "side", "files on", "rounds", "wall", "CPU", "peak memory",
        "read", "written", "scratch", "output", "objects",
    )  # fmt: skip
    return markdown(heads, rows)


def conditions(records: Sequence[Record]) -> str:
    """Machines, versions and commits, one line for each combination."""
    records = [record for record in records if "machine" in record]
    lines = [f"- {about}" for about in sorted({_about(record) for record in records})]
    if lines:
        lines.append(
            f"- [results.jsonl](figures/results.jsonl) has one line for each of the {len(records)} runs"
        )
    loads = [record["load"] for record in records]
    if loads:
        lines.append(
            f"- load average in the minute before a run (includes the previous run): {min(loads):.1f} to "
            f"{max(loads):.1f}"
        )
    return "\n".join(lines)


def _about(record: Record) -> str:
    machine, versions = record["machine"], record["versions"]
    packages = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"{machine['processor']}, {machine['cores']} cores, {format_nbytes(machine['memory_nbytes'])}, "
        f"{machine['system']}; {packages}; commit {record['commit']}"
    )


def _measured(runs: Sequence[Record]) -> tuple[str, ...]:
    def median(name: str) -> float:
        return sorted(run[name] or 0 for run in runs)[len(runs) // 2]

    wall = format_seconds(median("wall_s"))
    if runs[0]["scaled_wall_s"]:
        wall = f"{format_seconds(median_of(runs, 'wall'))} (scaled from {wall})"
    cpu = sorted(run["user_s"] + run["system_s"] for run in runs)[len(runs) // 2]
    sizes = ("peak_nbytes", "read_nbytes", "written_nbytes", "scratch_nbytes", "output_nbytes")
    return (
        {"ram": "RAM", "disk": "disk"}[runs[0]["place"]],
        str(len(runs)),
        wall,
        format_seconds(cpu),
        *(format_nbytes(median(name)) for name in sizes),
        f"{runs[0]['n_objects']:,}",
    )


def _limit(bound: Bound) -> str:
    if bound.limit is None:
        return "-"
    return f"{_value(bound, bound.limit)} or {'less' if bound.at_most else 'more'}"


def _value(bound: Bound, value: float) -> str:
    if bound.bottom is None:
        return format_seconds(value) if bound.metric == "wall" else format_nbytes(value)
    return f"{value:.3g} x"


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

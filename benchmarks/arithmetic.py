"""Projects the cost of an export that cannot be run here, from measured rates and a plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.plans import CASE, CLUSTERS
from benchmarks.records import Record, median_of, of_case
from benchmarks.sides import Case
from benchmarks.tables import NOT_RUN, markdown
from karospace_stream.units import format_nbytes, format_seconds

_READ_NBYTES = 4 << 20  # one ranged read of the input, as the source makes them
_LINK_NBYTES_A_SECOND = 100e6  # assumed for each machine, to and from an object store


@dataclass(frozen=True, slots=True)
class Rates:
    """Measured per stored value: bytes of input, scratch and output, and processor seconds."""

    n_cells: int
    input_nbytes: float
    scratch_nbytes: float
    output_nbytes: float
    cpu_s: float


def measured_rates(cases: Iterable[Case], records: Sequence[Record]) -> Rates | None:
    """Rates of our largest run over all genes that used scratch."""
    runs = [
        record
        for case in cases
        if case.name in ("size", "floor")
        for record in of_case(records, case)
        if record["program"] == "ours" and record["scratch_nbytes"]
    ]
    if not runs:
        return None
    n_cells = max(record["dataset"]["n_cells"] for record in runs)
    mine = [record for record in runs if record["dataset"]["n_cells"] == n_cells]
    first, n_values = mine[0], mine[0]["n_values"]
    cpu = sorted(record["user_s"] + record["system_s"] for record in mine)[len(mine) // 2]
    return Rates(
        n_cells=n_cells,
        input_nbytes=first["input_nbytes"] / n_values,
        scratch_nbytes=first["scratch_nbytes"] / n_values,
        output_nbytes=median_of(mine, "output") / n_values,
        cpu_s=cpu / n_values,
    )


def projections(cases: Iterable[Case], records: Sequence[Record]) -> str:
    """Reads, scratch, objects, requests and hours of the planned export, as Markdown."""
    plans = {record["cluster"]["label"]: record for record in records if record["case"] == CASE}
    rates = measured_rates(cases, records)
    planned = [plans[cluster.label] for cluster in CLUSTERS if cluster.label in plans]
    if rates is None or not planned:
        return NOT_RUN
    columns = [_column(plan, rates) for plan in planned]
    heads = ("", *(plan["cluster"]["label"] for plan in planned))
    rows = [(name, *(column[name] for column in columns)) for name in columns[0]]
    return (
        f"{planned[0]['n_cells']:,} cells x {planned[0]['n_genes']:,} genes, {planned[0]['n_values']:,} "
        f"stored values. Rates per stored value, measured at {rates.n_cells:,} cells: "
        f"{rates.input_nbytes:.2f} bytes of input, {rates.scratch_nbytes:.2f} of scratch, "
        f"{rates.output_nbytes:.2f} of output, and {rates.cpu_s * 1e9:.0f} ns of processor time."
        f"\n\n{markdown(heads, rows)}"
    )


def _column(plan: Record, rates: Rates) -> dict[str, str]:
    n_values, machines = plan["n_values"], plan["cluster"]["machines"]
    read, scratch, out = (
        n_values * rate for rate in (rates.input_nbytes, rates.scratch_nbytes, rates.output_nbytes)
    )
    reads = int(read / _READ_NBYTES) + 2 * plan["row_blocks"]
    fetches = plan["row_blocks"] * plan["gene_bands"]
    computing = n_values * rates.cpu_s / (2 * machines)
    moving = (read + 2 * scratch + out) / (machines * _LINK_NBYTES_A_SECOND)
    return {
        "strategy (planned)": f"{plan['strategy']}, {plan['workers']} tasks at once",
        "row blocks x gene bands (planned)": f"{plan['row_blocks']:,} x {plan['gene_bands']:,}",
        "peak memory, all workers (planned)": format_nbytes(plan["peak_nbytes"]),
        "read": format_nbytes(read),
        "scratch, written once and read once": f"{format_nbytes(scratch)} (at most "
        f"{format_nbytes(plan['scratch_nbytes'])})",
        "output": format_nbytes(out),
        "objects written (planned)": f"{plan['n_objects']:,}",
        "requests: ranged reads of the input": f"{reads:,}",
        "requests: writes of scratch": f"{plan['row_blocks']:,}",
        "requests: ranged reads of scratch": f"{fetches:,}",
        "requests: writes of objects": f"{plan['n_objects']:,}",
        "processor time, divided by all cores": format_seconds(computing),
        "transfer at 100 MB/s per machine": format_seconds(moving),
        "total, if nothing overlaps": format_seconds(computing + moving),
    }

"""``python -m benchmarks``: run the cases, write the results, bring the page up to date."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import cluster, plans
from benchmarks.cases import LARGEST, cases, quick_cases
from benchmarks.data import forget
from benchmarks.locations import Locations, ram_file_system
from benchmarks.machine import ROOT
from benchmarks.records import Record, load, replace_case
from benchmarks.report import RESULTS, sections, write_page
from benchmarks.runner import Workspace, run_case
from benchmarks.sides import Case

_CACHE = ROOT / ".bench"


def main(argv: Sequence[str] | None = None) -> int:
    """Run; give the exit code."""
    asked = _parser().parse_args(argv)
    locations = Locations(asked.ram, asked.disk)
    table = quick_cases() if asked.quick else cases(asked.largest or _largest(locations))
    if asked.list:
        print("\n".join(f"{name:<10} {title}" for name, title in _titles(table).items()))
        return 0
    chosen = _chosen(table, asked.case)
    # Quick figures mean nothing: they never take the place of real ones.
    results: Path = asked.results or (Path(tempfile.mkdtemp()) / RESULTS.name if asked.quick else RESULTS)
    if not asked.report:
        workspace = Workspace(locations, asked.environments, not asked.quick, _tell)
        for number, case in enumerate(chosen):
            replace_case(results, case.name, run_case(case, workspace))
            if not asked.keep:
                _forget(locations, chosen[number + 1 :])
        every = not asked.case and not asked.quick
        if every or cluster.CASE in (asked.case or ()):
            replace_case(results, cluster.CASE, _measure_cluster(locations.disk, quick=asked.quick))
        if every:
            replace_case(results, plans.CASE, plans.plan_atlas(locations.disk))
    records = load(results)
    if asked.quick:
        print("Tiny data: starting the process is most of the time, and the ratios mean nothing.\n")
    print("\n\n".join(sections(chosen, records).values()))
    if results == RESULTS:
        write_page(table, records)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--full", action="store_true", help="Run all cases: minutes to an hour. The default.")
    which.add_argument(
        "--quick", action="store_true", help="Use tiny data: shows only that everything still runs."
    )
    parser.add_argument(
        "--case", action="append", metavar="NAME", help="Run only this case; repeat for several."
    )
    parser.add_argument("--list", action="store_true", help="List the cases and exit.")
    parser.add_argument("--report", action="store_true", help="Run nothing; write the page from results.")
    parser.add_argument("--keep", action="store_true", help="Leave the data sets for the next call.")
    parser.add_argument("--results", type=Path, metavar="FILE", help=f"JSON lines; default {RESULTS.name}.")
    parser.add_argument("--largest", type=int, metavar="CELLS", help=f"Of {LARGEST}; default: what fits.")
    parser.add_argument(
        "--ram", type=Path, default=ram_file_system(), metavar="DIR", help="Folder on a RAM file system."
    )
    parser.add_argument("--disk", type=Path, default=_CACHE / "data", metavar="DIR", help="Folder on a disk.")
    parser.add_argument(
        "--environments", type=Path, default=_CACHE / "environments", metavar="DIR", help="Of the peers."
    )
    return parser


def _forget(locations: Locations, later: Sequence[Case]) -> None:
    needed = {side.data for case in later for side in case.sides}
    for folder in filter(None, (locations.ram, locations.disk)):
        forget(folder / "data", needed)


def _largest(locations: Locations) -> int:
    """The most cells for which the disk holds input, scratch and output."""
    for n_cells in LARGEST:
        size = next(case for case in cases(n_cells) if case.name == "size")
        if locations.fits_disk(size.file_nbytes()):
            return n_cells
    return LARGEST[-1]


def _titles(table: Sequence[Case]) -> dict[str, str]:
    return {**{case.name: case.title for case in table}, cluster.CASE: cluster.TITLE}


def _measure_cluster(place: Path, *, quick: bool) -> list[Record]:
    if quick:
        return cluster.measure_cluster(place, _tell, cluster.QUICK, rounds=1)
    return cluster.measure_cluster(place, _tell)


def _chosen(table: Sequence[Case], names: list[str] | None) -> list[Case]:
    known = _titles(table)
    for name in names or ():
        if name not in known:
            raise SystemExit(f"--case must be one of {', '.join(known)}, not {name!r}")
    return [case for case in table if not names or case.name in names]


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""Runs one case: its sides in turn, A B A B, each in a fresh process, then looks at what they wrote."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import h5py

from benchmarks import machine
from benchmarks.agree import compare_sides, compare_size
from benchmarks.commands import Spot, command
from benchmarks.data import build
from benchmarks.locations import Locations
from benchmarks.measure import Measurement, folder_nbytes, measure
from benchmarks.peers.environments import PEERS, interpreter
from benchmarks.records import Record
from benchmarks.sample import write_sample
from benchmarks.sides import Case, Side


class SideError(Exception):
    """A side of a case did not end well."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """What all cases of one call share.

    Attributes
    ----------
    environments
        Cache folder of the peers.
    make_environments
        Whether missing ones are made; else their sides are left out.
    tell
        Called with one line for people.
    """

    locations: Locations
    environments: Path
    make_environments: bool
    tell: Callable[[str], None]


def run_case(case: Case, workspace: Workspace) -> list[Record]:
    """Run all rounds of a case; give one record a process.

    Raises
    ------
    SideError
        If a program fails.
    DisagreementError
        If outputs that should hold the same do not.
    """
    kind, place = workspace.locations.choose(
        case.file_nbytes(), case.process_nbytes, disk_only=case.disk_only
    )
    case, pythons = _with_what_is_there(case, workspace)
    about = _about(case, kind)
    place.mkdir(parents=True, exist_ok=True)
    workspace.tell(f"{case.name}: {case.title} ({kind})")
    with tempfile.TemporaryDirectory(prefix=f"{case.name}-", dir=place) as folder:
        spots = {}
        for side in case.sides:
            source = build(side.data, place / "data")
            spots[side.label] = Spot(
                source, Path(folder) / _file_name(side), Path(folder) / "scratch", Path(folder),
                python=pythons.get(side.program),
            )  # fmt: skip
        return _Run(case, workspace, about, spots, Path(folder)).rounds()


def _file_name(side: Side) -> str:
    """Name of a side's output; one that is a Zarr store says so."""
    name = "".join(letter if letter.isalnum() else "_" for letter in side.label)
    return f"{name}.zarr" if side.program == "cellucid 0.9.5" else name


def _with_what_is_there(case: Case, workspace: Workspace) -> tuple[Case, dict[str, Path | None]]:
    """Leave out peers whose environment is not there and may not be made."""
    pythons = {
        side.program: interpreter(side.program, workspace.environments, make=workspace.make_environments)
        for side in case.sides
        if side.program in PEERS
    }
    absent = {side.label for side in case.sides if side.program in pythons and not pythons[side.program]}
    for label in sorted(absent):
        workspace.tell(
            f"{case.name}: {label} is left out: its environment is not there (make bench makes it)"
        )
    sides = tuple(side for side in case.sides if side.label not in absent)
    agree = tuple(pair for pair in case.agree if not absent & set(pair))
    return replace(case, sides=sides, agree=agree), pythons


def _about(case: Case, kind: str) -> Record:
    return {
        "case": case.name,
        "place": kind,
        "machine": machine.about_machine(),
        "versions": machine.versions(),
        "commit": machine.commit(),
    }


@dataclass
class _Run:
    """The rounds of one case in one folder."""

    case: Case
    workspace: Workspace
    about: Record
    spots: dict[str, Spot]
    folder: Path

    def rounds(self) -> list[Record]:
        """Every side in turn, as often as the case wants."""
        records = []
        if self.case.warm_up:
            self._warm_up(self.case.sides[0])
        for number in range(self.case.rounds):
            sizes = {}
            for side in self.case.sides:
                record = self._run_side(side, number)
                sizes[side.label] = (record["output_nbytes"], record["n_objects"])
                records.append(record)
            self._agree(sizes)
            for side in self.case.sides:
                _remove(self.spots[side.label].out)
        return records

    def _warm_up(self, side: Side) -> None:
        """Compiled modules and page cache for all; genes and workers for a floor of the same data."""
        spot = self.spots[side.label]
        done = self._finish(side, spot)
        for other in self.case.sides:
            if other.program == "floor":
                sample, report = self.folder / "sample", json.loads(done.stdout)
                write_sample(spot.out, sample)
                self.spots[other.label] = replace(
                    self.spots[other.label], sample=sample, workers=report["workers"]
                )
        _remove(spot.out)

    def _finish(self, side: Side, spot: Spot) -> Measurement:
        done = measure(command(side, spot), cwd=machine.ROOT, scratch=spot.scratch)
        if done.exit_code:
            raise SideError(
                f"{self.case.name}: {side.label} ended with {done.exit_code}: {done.stderr[-2000:]}"
            )
        return done

    def _run_side(self, side: Side, number: int) -> Record:
        spot = self.spots[side.label]
        started = datetime.now(UTC).isoformat(timespec="seconds")
        done = self._finish(side, spot)
        nbytes, count = folder_nbytes(spot.out)
        told = _told(side, done)
        record: Record = {
            **self.about,
            "side": side.label,
            "program": side.program,
            "options": list(side.options),
            "round": number,
            "started_at": started,
            "dataset": side.data.to_json(),
            "n_genes": side.n_genes or side.data.n_genes,
            "n_values": sum(map(stored_values, files_of(spot.source))),
            "input_nbytes": sum(path.stat().st_size for path in files_of(spot.source)),
            "output_nbytes": nbytes,
            "n_objects": count,
            "scaled_wall_s": _scaled(done.wall_s, told),
            "told": told,
        }
        measured = asdict(done)
        for text in ("stdout", "stderr", "exit_code"):
            del measured[text]
        record |= measured
        self.workspace.tell(_line(record))
        if side.label not in {label for pair in self.case.agree for label in pair}:
            _remove(spot.out)
        return record

    def _agree(self, sizes: dict[str, tuple[int, int]]) -> None:
        for ours, theirs in self.case.agree:
            one, other = self.case.side(ours), self.case.side(theirs)
            if other.program == "floor":
                compare_size(sizes[ours], sizes[theirs])
                self.workspace.tell(f"  {theirs} wrote as many objects and bytes as {ours}")
            else:
                told = compare_sides(one, other, self.spots[ours].out, self.spots[theirs].out)
                self.workspace.tell(f"  {told}")


def _told(side: Side, done: Measurement) -> dict[str, Any]:
    """What the program itself said, where it says anything; without paths."""
    if side.program not in ("ours", "floor", "baseline"):
        return {}
    told: dict[str, Any] = json.loads(done.stdout)
    return {key: value for key, value in told.items() if key not in ("target", "targets")}


def _scaled(wall_s: float, told: dict[str, Any]) -> float | None:
    """What the baseline would take for all genes: start-up once, the genes timed times their number."""
    if "timed_genes" not in told:
        return None
    more: float = told["genes_s"] * (told["all_genes"] / told["timed_genes"] - 1)
    return wall_s + more


def files_of(source: Path) -> list[Path]:
    """The files of an input: itself, or those of a folder that are read as one."""
    return sorted(source.glob("*.h5ad")) if source.is_dir() else [source]


def stored_values(path: Path) -> int:
    """Values that the matrix stores; where it is dense, all of them."""
    with h5py.File(path) as file:
        matrix = file["X"]
        if isinstance(matrix, h5py.Group):
            return int(matrix["data"].shape[0])
        shape = matrix.shape
        return int(shape[0] * shape[1])


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)


def _line(record: Record) -> str:
    wall = f"{record['wall_s']:.2f} s"
    if record["scaled_wall_s"]:
        wall += f" (all genes: {record['scaled_wall_s']:.0f} s)"
    return (
        f"  {record['side']:<16} {wall}, cpu {record['user_s'] + record['system_s']:.1f} s, "
        f"peak {record['peak_nbytes'] / 1e6:.0f} MB, output {record['output_nbytes'] / 1e6:.1f} MB "
        f"in {record['n_objects']:,} objects, load {record['load']:.1f}"
    )

"""State that outlives the exporter: its runs, pasted gene lists, recently opened files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from karospace_stream.app.jobs.job import ENDED, Run
from karospace_stream.app.problem import Problem
from karospace_stream.units import format_seconds

_FOLDER = "KAROSPACE_APP_STATE"
_MOST_RUNS = 50
_MOST_RECENT = 8


class AppState:
    """A folder of small JSON files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._runs, self._genes = root / "runs", root / "genes"
        for folder in (self._runs, self._genes):
            folder.mkdir(parents=True, exist_ok=True)

    def save(self, run: Run) -> None:
        """Save a run. Its options, which may hold secrets, are left out."""
        facts = {
            "owner": _owner(),
            "id": run.id,
            "source": run.source,
            "target": run.target,
            "values": run.values,
            "state": run.state,
            "created_at": run.created_at,
            "started_at": run.started_at,
            "ended_at": run.ended_at,
            "problem": None if run.problem is None else asdict(run.problem),
            "report": run.report,
            "log": run.log,
        }
        _write(self._runs / f"{run.id}.json", facts)

    def forget(self, run: Run) -> None:
        """Delete the saved data of a run; its export stays."""
        (self._runs / f"{run.id}.json").unlink(missing_ok=True)

    def runs(self) -> list[Run]:
        """Runs of earlier sessions, the oldest first; unfinished ones were interrupted."""
        found = sorted(self._read_runs(), key=lambda run: run.created_at)
        for old in found[:-_MOST_RUNS]:
            self.forget(old)
        return found[-_MOST_RUNS:]

    def _read_runs(self) -> Iterator[Run]:
        for path in self._runs.glob("*.json"):
            with suppress(OSError, ValueError, KeyError, TypeError):
                facts = json.loads(path.read_text("utf-8"))
                owner, problem = facts.pop("owner"), facts.pop("problem")
                log = [(when, text) for when, text in facts.pop("log")]
                if not isinstance(facts["source"], str):
                    facts["source"] = tuple(map(str, facts["source"]))
                run = Run(**facts, log=log, problem=None if problem is None else Problem(**problem))
                if run.id != path.stem or (run.state not in ENDED and _is_alive(owner)):
                    continue  # another exporter is using it
                if run.state not in ENDED:
                    run.state = "interrupted"
                    ran = format_seconds((run.ended_at or run.created_at) - run.created_at)
                    run.say(f"the exporter stopped before this export finished (after {ran} or more)")
                yield run

    def keep_genes(self, names: Sequence[str]) -> str:
        """Save a gene list, one gene per line; return the path."""
        text = "".join(f"{name}\n" for name in names)
        path = self._genes / f"genes-{hashlib.sha256(text.encode()).hexdigest()[:12]}.txt"
        path.write_text(text, "utf-8", newline="\n")
        return str(path)

    def recent(self) -> list[str]:
        """Recently opened inputs, the latest first."""
        with suppress(OSError, ValueError):
            found = json.loads((self.root / "recent.json").read_text("utf-8"))
            return [str(each) for each in found][:_MOST_RECENT]
        return []

    def remember(self, source: str) -> None:
        """Put an input first in the list of recent ones."""
        others = [each for each in self.recent() if each != source]
        _write(self.root / "recent.json", [source, *others][:_MOST_RECENT])


def open_state() -> AppState:
    """Open the folder that KAROSPACE_APP_STATE names, or the system's folder for application state."""
    from platformdirs import user_state_path

    named = os.environ.get(_FOLDER)
    return AppState(Path(named) if named else user_state_path("karospace-stream") / "app")


def _write(path: Path, value: Any) -> None:
    draft = path.with_suffix(f".{os.getpid()}.part")
    draft.write_text(json.dumps(value), "utf-8")
    draft.replace(path)


def _owner() -> list[float]:
    this = psutil.Process()
    return [this.pid, this.create_time()]


def _is_alive(owner: list[float]) -> bool:
    with suppress(psutil.Error):
        return psutil.Process(int(owner[0])).create_time() == owner[1] and owner != _owner()
    return False

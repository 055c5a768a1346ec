"""Progress on stderr: bars on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from karospace_stream.runtime.events import Event, Listener, Note, StageTotals, TaskDone, WorkerPeak, ignore
from karospace_stream.runtime.labels import stage_label
from karospace_stream.runtime.memory import tree_rss_nbytes
from karospace_stream.units import format_nbytes, format_seconds

_PLAIN_EVERY_S = 5.0


@contextmanager
def progress(quiet: bool) -> Iterator[Listener]:
    """A listener that shows the events."""
    if quiet:
        yield _notes_only
    elif sys.stderr.isatty():
        with _bars() as listener:
            yield listener
    else:
        yield _Lines()


def _notes_only(event: Event) -> None:
    if isinstance(event, Note):
        click.echo(f"note: {event.text}", err=True)
    else:
        ignore(event)


class _Lines:
    """One line every few seconds: done, rate, time left, memory."""

    def __init__(self) -> None:
        self._totals: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._started = self._told = time.monotonic()
        self._peak_nbytes = 0

    def __call__(self, event: Event) -> None:
        if isinstance(event, Note):
            click.echo(f"note: {event.text}", err=True)
        elif isinstance(event, StageTotals):
            self._totals, self._done = event.totals, dict.fromkeys(event.totals, 0)
            self._started = time.monotonic()
        elif isinstance(event, WorkerPeak):
            self._peak_nbytes = event.nbytes
        elif isinstance(event, TaskDone):
            self._done[event.stage] += 1
            now = time.monotonic()
            if now - self._told >= _PLAIN_EVERY_S:
                self._told = now
                self._tell(now)

    def _tell(self, now: float) -> None:
        done, total = sum(self._done.values()), sum(self._totals.values())
        rate = done / max(1e-9, now - self._started)
        stages = ", ".join(
            f"{stage_label(stage)} {self._done[stage]}/{count}"
            for stage, count in self._totals.items()
            if 0 < self._done[stage] < count
        )
        click.echo(
            f"{done}/{total} tasks ({stages or 'starting'}), {rate:.1f} tasks/s, about "
            f"{format_seconds((total - done) / rate)} left, memory {_memory(self._peak_nbytes)}",
            err=True,
        )


def _memory(peak_nbytes: int) -> str:
    """Memory of this process and its workers; on a cluster, the peak of any one worker."""
    return format_nbytes(peak_nbytes or tree_rss_nbytes())


@contextmanager
def _bars() -> Iterator[Listener]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<20}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:>10}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[memory]}"),
    )
    with Progress(*columns, console=console, refresh_per_second=4) as shown:
        bars: dict[str, object] = {}
        peak_nbytes = 0

        def listen(event: Event) -> None:
            nonlocal peak_nbytes
            if isinstance(event, Note):
                console.print(f"note: {event.text}", markup=False, highlight=False)
            elif isinstance(event, StageTotals):
                for stage, count in event.totals.items():
                    bars[stage] = shown.add_task(stage_label(stage), total=count, rate="", memory="")
            elif isinstance(event, WorkerPeak):
                peak_nbytes = event.nbytes
            elif isinstance(event, TaskDone):
                bar = bars[event.stage]
                shown.advance(bar)  # type: ignore[arg-type]
                speed = shown.tasks[bar].speed  # type: ignore[call-overload]
                rate = f"{speed:.1f}/s" if speed else ""
                shown.update(bar, rate=rate, memory=_memory(peak_nbytes))  # type: ignore[arg-type]

        yield listen

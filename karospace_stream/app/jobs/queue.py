"""The queue: one export at a time, each in its own process."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from karospace_stream.app.flags import to_flags, without_secrets
from karospace_stream.app.form import Form, Inputs
from karospace_stream.app.jobs.job import ENDED, Run
from karospace_stream.app.jobs.messages import Failed, Finished, LogLine, Message, Progress, Stopped
from karospace_stream.app.jobs.state import AppState
from karospace_stream.app.jobs.worker import CANCEL, work
from karospace_stream.app.problem import Problem, problem_of
from karospace_stream.errors import BadOptionError
from karospace_stream.runtime.workers import WorkerContext
from karospace_stream.units import counted, format_nbytes, format_seconds

#: A keyword of `karospace_stream.export`.
RESUME = "resume"


class Runs:
    """All runs, the oldest first. Its methods may be called from any thread.

    Attributes
    ----------
    version
        Increases with every change.
    """

    def __init__(self, form: Form, kept: AppState) -> None:
        self.version = 0
        self._form, self._kept = form, kept
        self._lock = threading.Condition()
        self._runs = {run.id: run for run in kept.runs()}
        self._pipe: Connection | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="exports", daemon=True)
        self._thread.start()

    def add(self, source: Inputs, target: str, values: Mapping[str, Any]) -> Run:
        """Put an export at the end of the queue.

        Raises
        ------
        BadOptionError
            If an option is wrong.
        """
        options = self._form.parse(to_flags(self._form, values))
        run = Run(secrets.token_hex(6), source, target, without_secrets(values), options)
        run.say("waiting")
        with self._lock:
            self._runs[run.id] = run
            self._changed(run)
        return run

    def resume(self, id: str, values: Mapping[str, Any]) -> Run:
        """Resume a run that ended without a bundle.

        Parameters
        ----------
        values
            Of options that may hold secrets, which are never stored.
        """
        with self._lock:
            run = self._get(id)
            if run.state not in ENDED or run.state == "done":
                raise BadOptionError("only an export that ended without a bundle can be run again")
            keep = run.state == "interrupted" and self._form.field(RESUME) is not None
            own = {**run.values, **values, **({RESUME: True} if keep else {})}
            run.options = self._form.parse(to_flags(self._form, own))
            run.state, run.problem, run.ended_at, run.progress = "waiting", None, None, Progress()
            run.say("waiting to resume" if keep else "waiting to start over")
            self._changed(run)
            return run

    def cancel(self, id: str) -> Run:
        """Stop a run, or take it out of the queue. No partial result remains."""
        with self._lock:
            run = self._get(id)
            if run.state == "waiting":
                run.end("cancelled", "cancelled before it started")
            elif run.state == "running" and self._pipe is not None:
                run.state = "stopping"
                run.say("cancelling and deleting the written files")
                with suppress(OSError):
                    self._pipe.send(CANCEL)
            self._changed(run)
            return run

    def remove(self, id: str) -> None:
        """Forget a run that has ended; its export stays."""
        with self._lock:
            run = self._get(id)
            if run.state not in ENDED:
                raise BadOptionError("cancel the export first")
            del self._runs[id]
            self._kept.forget(run)
            self.version += 1

    def get(self, id: str) -> Run:
        """One run.

        Raises
        ------
        BadOptionError
            If there is no run with that id.
        """
        with self._lock:
            return self._get(id)

    def to_json(self) -> list[dict[str, Any]]:
        """All runs, as the page shows them."""
        with self._lock:
            return [run.to_json() for run in self._runs.values()]

    @property
    def n_active(self) -> int:
        """Number of running or waiting exports."""
        with self._lock:
            return sum(run.state not in ENDED for run in self._runs.values())

    def close(self) -> None:
        """End at once. Running and waiting exports are interrupted, and can be resumed later."""
        with self._lock:
            self._closed = True
            if self._pipe is not None:
                self._pipe.close()  # then its process ends by itself
            self._lock.notify_all()
        self._thread.join()

    def _get(self, id: str) -> Run:
        if id not in self._runs:
            raise BadOptionError("the export no longer exists")
        return self._runs[id]

    def _changed(self, run: Run, *, keep: bool = True) -> None:
        self.version += 1
        if keep:
            self._kept.save(run)
        self._lock.notify_all()

    def _work(self) -> None:
        while (run := self._next()) is not None:
            try:
                self._perform(run)
            except Exception as error:  # a dead queue would report nothing
                with self._lock:
                    run.end("failed", str(error), problem_of(error, self._form))
                    self._changed(run)

    def _next(self) -> Run | None:
        with self._lock:
            while not self._closed:
                for run in self._runs.values():
                    if run.state == "waiting":
                        run.state, run.started_at = "running", time.time()
                        run.say(f"exporting {run.shown_source} to {run.target}")
                        self._changed(run)
                        return run
                self._lock.wait()
        return None

    def _perform(self, run: Run) -> None:
        context = WorkerContext()
        ours, theirs = context.Pipe()
        arguments = (theirs, run.source, run.target, dict(run.options or {}))
        keep = {"keep": bool(run.values.get(RESUME))}
        process = context.Process(target=work, args=arguments, kwargs=keep, name=f"export {run.id}")
        with self._lock:
            self._pipe = ours
        process.start()
        theirs.close()
        reported = self._listen(run, ours)
        process.join()
        with self._lock:
            self._pipe = None
            if not reported and not self._closed:
                run.end("interrupted", _lost(process.exitcode), Problem("", _lost(process.exitcode)))
            self._changed(run)
        ours.close()
        process.close()

    def _listen(self, run: Run, pipe: Connection) -> bool:
        """Process messages; return whether the final one arrived."""
        while True:
            try:
                if not pipe.poll(0.5):
                    continue
                message: Message = pipe.recv()
            except (EOFError, OSError, TypeError):  # closed, here or there
                return False
            with self._lock:
                self._take(run, message)
                self._changed(run, keep=not isinstance(message, Progress))
                if run.state in ENDED:
                    return True

    def _take(self, run: Run, message: Message) -> None:
        match message:
            case Progress():
                run.progress = message
            case LogLine(text):
                run.say(text)
            case Finished(report):
                run.report = report
                run.end("done", _summary(report))
            case Stopped():
                run.end("cancelled", "cancelled, and its files deleted")
            case Failed(error):
                found = problem_of(error, self._form)
                run.end("failed", f"error: {found.message}", found)


def _lost(code: int | None) -> str:
    return (
        f"the process of this export ended too early (exit code {code}), usually because the system "
        "killed it for using too much memory; give a smaller --memory or fewer --workers"
    )


def _summary(report: Mapping[str, Any]) -> str:
    return (
        f"done: {counted(report['n_objects'], 'file')}, {format_nbytes(report['nbytes'])} in "
        f"{format_seconds(report['seconds'])}, {format_nbytes(report['peak_nbytes'])} peak memory"
    )

"""One export in its own process: it can be stopped, and its memory is released at the end."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from karospace_stream.app.jobs.messages import Failed, Finished, LogLine, Message, Progress, Stopped
from karospace_stream.errors import KaroSpaceError
from karospace_stream.runtime.events import Event, Note, StageTotals, TaskDone
from karospace_stream.runtime.memory import tree_rss_nbytes

if TYPE_CHECKING:
    from karospace_stream.app.form import Inputs
    from karospace_stream.options.keywords import ExportKeywords

#: Message from the page's process to stop the export.
CANCEL = "cancel"
_EVERY_S = 0.2


def work(pipe: Connection, source: Inputs, target: str, options: ExportKeywords, *, keep: bool) -> None:
    """Export, and report progress through the pipe; the last message gives the outcome.

    ``keep`` leaves finished work for another run if this one is cancelled or fails.
    """
    # First of all: an early cancellation must be received too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    teller = _Teller(pipe)
    threading.Thread(target=_obey, args=[pipe, teller], daemon=True).start()
    try:
        from karospace_stream.formats.options import read_options
        from karospace_stream.pipeline.run import run_export

        with teller:
            # A resumed run is cancelled like any other: nothing of it remains.
            report = run_export(source, target, read_options(options), teller.hear, keep=keep)
        end: Message = Finished(report.to_json())
    except KeyboardInterrupt:
        end = Stopped()
    except (KaroSpaceError, MemoryError) as error:
        end = Failed(error)
    except Exception as error:  # its type may not be picklable
        end = Failed(RuntimeError(f"{type(error).__name__}: {error}"))
    with suppress(OSError):
        pipe.send(end)


class _Teller:
    """Counts finished tasks, and sends the counts a few times a second from a separate thread."""

    def __init__(self, pipe: Connection) -> None:
        self.cancelled = False
        self._pipe = pipe
        self._stages: dict[str, list[int]] = {}
        self._notes: list[str] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def hear(self, event: Event) -> None:
        """Record an event. Sends nothing itself: an interrupt may come at any line."""
        match event:
            case StageTotals(totals):
                for stage, total in totals.items():
                    self._stages[stage] = [0, total]
            case TaskDone(stage):
                self._stages[stage][0] += 1
                if self.cancelled:  # the interrupt came where Python drops exceptions, as in a callback
                    raise KeyboardInterrupt
            case Note(text):
                self._notes.append(text)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        n_sent = 0
        with suppress(OSError):
            while True:
                over = self._over.wait(_EVERY_S)
                notes = self._notes[n_sent:]
                n_sent += len(notes)
                for note in notes:
                    self._pipe.send(LogLine(note))
                stages = {name: (done, total) for name, (done, total) in list(self._stages.items())}
                self._pipe.send(Progress(stages, tree_rss_nbytes()))
                if over:
                    return


def _obey(pipe: Connection, teller: _Teller) -> None:
    """Stop on request. If the page's process is gone, end at once: the run can then be resumed."""
    try:
        pipe.recv()
    except (EOFError, OSError):
        os._exit(1)
    teller.cancelled = True
    if hasattr(signal, "pthread_kill"):
        # To the main thread, which may be waiting for a lock: else it would not wake up.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
    else:
        import _thread

        _thread.interrupt_main()

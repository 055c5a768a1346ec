"""Progress if nobody watches: a plain line now and then."""

from __future__ import annotations

import sys
import time

from karospace_stream.display.width import width_of
from karospace_stream.display.wrap import wrap_sentence
from karospace_stream.progress.tally import Tally
from karospace_stream.runtime.events import Event, Note, TaskDone
from karospace_stream.words.words import Words

_EVERY_S = 5.0


class Lines:
    """A listener that writes lines to stderr: notes, and every few seconds how far the run is."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._tally = Tally()
        self._told = time.monotonic()

    def __call__(self, event: Event) -> None:
        """Hear an event."""
        if isinstance(event, Note):
            _write_note(self._words.note(event))
            return
        self._tally.hear(event)
        now = time.monotonic()
        if isinstance(event, TaskDone) and now - self._told >= _EVERY_S:
            self._told = now
            tally = self._tally
            _write(f"{tally.done}/{tally.total} tasks ({tally.stage}), {tally.left}, memory {tally.memory}")


class NotesOnly:
    """A listener that writes nothing but notes."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def __call__(self, event: Event) -> None:
        """Hear an event."""
        if isinstance(event, Note):
            _write_note(self._words.note(event))


def _write_note(sentence: str) -> None:
    for line in wrap_sentence(sentence, width_of(sys.stderr)):
        _write(line)


def _write(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()

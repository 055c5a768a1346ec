"""Errors as one sentence on stderr and an exit code; tracebacks only with ``--debug``."""

from __future__ import annotations

import errno
import os
import signal
import sys
from pathlib import Path
from typing import Any

import click

from karospace_stream.cli.leaving import hurry, left_sentence
from karospace_stream.cli.streams import finish_streams, usable_streams
from karospace_stream.errors import KaroSpaceError
from karospace_stream.runtime import stop
from karospace_stream.runtime.clock import EPOCH, timestamp

_UNEXPECTED = 70  # EX_SOFTWARE of sysexits.h


def run_command(command: click.Command, name: str, argv: list[str] | None) -> int:
    """Run a command and return its exit code."""
    with usable_streams():
        code = _run(command, name, argv)
    if argv is None:  # the process is ending: a signal that arrives now must not change how
        stop.deafen()
    else:
        stop.unwatch()
    return code


def _run(command: click.Command, name: str, argv: list[str] | None) -> int:
    given = sys.argv[1:] if argv is None else argv
    debug = "--debug" in given
    stop.watch(hurry)
    try:
        _check_clock()
        result = command.main(args=given, prog_name=name, standalone_mode=False)
        finish_streams()
    except Exception as error:
        # Interrupted in code that turns it into its own error, as modules do while being imported.
        if stop.asked() is None:
            return _ended(error, given, debug)
        return _fail(_interrupted(given), _interrupted_code(), debug)
    except KeyboardInterrupt:
        return _fail(_interrupted(given), _interrupted_code(), debug)
    return result if isinstance(result, int) else 0


def _ended(error: Exception, given: list[str], debug: bool) -> int:
    match error:
        case KaroSpaceError():
            return _fail(str(error), error.exit_code, debug)
        case click.exceptions.Abort():
            return _fail(_interrupted(given), _interrupted_code(), debug)
        case click.ClickException():
            error.show()
            return error.exit_code
        case MemoryError():
            text = f"out of memory ({error}); give a smaller --memory or fewer --workers"
            return _fail(text, _UNEXPECTED, debug)
        case OSError():
            return _fail(*_of_system(error), debug)
    text = f"{type(error).__name__}: {error} (this should not happen; --debug shows where)"
    return _fail(text, _UNEXPECTED, debug)


def _check_clock() -> None:
    """Check ``SOURCE_DATE_EPOCH`` first, since libraries that read it raise less clear errors."""
    if not os.environ.get(EPOCH, "0"):
        del os.environ[EPOCH]  # set to an empty string, which numpy tries to read as a number
    timestamp()


def _of_system(error: OSError) -> tuple[str, int]:
    """Errors of the environment rather than of any part of the program."""
    if error.errno == errno.ENAMETOOLONG:
        return (
            f"{str(error.filename)[:80]}…: the name is longer than this system allows; choose a shorter one"
        ), 2
    try:
        Path.cwd()
    except FileNotFoundError:
        return "the current folder no longer exists; change to another, or give absolute paths", 2
    return f"{type(error).__name__}: {error} (this should not happen; --debug shows where)", _UNEXPECTED


def _interrupted(given: list[str]) -> str:
    """The sentence at the end; what nobody has cleaned up is cleaned up first.

    A signal may come after an export has made its files, and before the block that removes them is entered.
    """
    with stop.shielded():
        left = [each for work in stop.under_way() for each in _take_back(work)]
    for sentence in left:
        click.echo(f"note: {sentence}", err=True)
    return left_sentence(keep="--resume" in given, left=stop.has_left() or bool(left))


def _take_back(work: dict[str, Any]) -> list[str]:
    from karospace_stream.pipeline.rollback import take_back  # late: most commands end without

    return take_back(work)


def _interrupted_code() -> int:
    """The exit code of shells: 128 plus the signal. Nothing is left to do, so ignores further signals."""
    stop.deafen()
    return 128 + (stop.asked() or signal.SIGINT)


def _fail(sentence: str, code: int, debug: bool) -> int:
    if debug:
        import traceback

        traceback.print_exc()
    click.echo(f"error: {sentence}", err=True)
    return code

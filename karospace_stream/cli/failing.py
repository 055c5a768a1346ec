"""Errors as one sentence on stderr and an exit code; tracebacks only with ``--debug``."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress

import click

from karospace_stream.errors import KaroSpaceError

INTERRUPTED = 130
_UNEXPECTED = 70  # EX_SOFTWARE of sysexits.h


def run_command(command: click.Command, name: str, argv: list[str] | None) -> int:
    """Run a command and give its exit code."""
    given = sys.argv[1:] if argv is None else argv
    debug = "--debug" in given
    # A batch system that stops a job asks with SIGTERM: to be cleaned up after like Ctrl-C.
    with suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        result = command.main(args=given, prog_name=name, standalone_mode=False)
    except KaroSpaceError as error:
        return _fail(str(error), error.exit_code, debug)
    except click.exceptions.Abort:
        return _fail(_interrupted(given), INTERRUPTED, debug)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except KeyboardInterrupt:
        return _fail(_interrupted(given), INTERRUPTED, debug)
    except MemoryError as error:
        return _fail(
            f"out of memory ({error}); give a smaller --memory or fewer --workers", _UNEXPECTED, debug
        )
    except Exception as error:
        text = f"{type(error).__name__}: {error} (this should not happen; --debug shows where)"
        return _fail(text, _UNEXPECTED, debug)
    return result if isinstance(result, int) else 0


def _interrupted(given: list[str]) -> str:
    if "--resume" in given:
        return "interrupted: what is done is kept; run the same command to go on"
    return "interrupted: nothing half done was left"


def _fail(sentence: str, code: int, debug: bool) -> int:
    if debug:
        import traceback

        traceback.print_exc()
    click.echo(f"error: {sentence}", err=True)
    return code

"""On a second signal, workers end at once, or this process turns into one that only cleans up."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from contextlib import suppress
from typing import NoReturn

from karospace_stream.runtime import stop

_PIPE_NBYTES = 60_000  # a pipe takes this much before somebody reads


def hurry() -> None:
    """End worker processes and threads at once, and clean up in their place.

    ``exec`` ends all threads of a process, releases its locks, and keeps its id: nothing can be written
    after it, and a parent that waits for the process still does.
    """
    if os.name != "posix":  # then the first signal continues to take effect
        return
    children = multiprocessing.active_children()
    for child in children:
        child.kill()
    for child in children:
        child.join()
    if children:  # with no workers left to wait for, the running cleanup soon ends
        return
    stop.deafen()
    asked = stop.asked() or 0
    message = json.dumps({"code": 128 + asked, "work": stop.under_way()}, default=str).encode()
    if sys.stderr is not None and sys.stderr.isatty():
        _say("\x1b[?25h")  # bars of progress hide the cursor
    if not stop.under_way():
        _say("error: interrupted: nothing was left behind")
        os._exit(128 + asked)
    if len(message) > _PIPE_NBYTES:
        _say("error: interrupted: the written files remain; remove them with: karospace-stream clean TARGET")
        os._exit(128 + asked)
    read, write = os.pipe()
    os.write(write, message)
    os.close(write)
    os.set_inheritable(read, True)
    words = "import sys; from karospace_stream.cli.leaving import main; main(int(sys.argv[1]))"
    os.execv(sys.executable, [sys.executable, "-P", "-c", words, str(read)])  # noqa: S606 - no shell is wanted


def main(pipe_end: int) -> NoReturn:
    """Entry point after ``exec``: clean up, report what is left, and exit as the first signal requested."""
    with os.fdopen(pipe_end, "rb") as pipe:
        content = json.loads(pipe.read())
    from karospace_stream.pipeline.rollback import take_back

    work = content["work"]
    left = [sentence for each in work for sentence in take_back(each)]
    for sentence in left:
        _say(f"note: {sentence}")
    keep = any(each["keep"] for each in work)
    _say(f"error: {left_sentence(keep=keep, left=bool(left))}")
    os._exit(content["code"])


def left_sentence(*, keep: bool, left: bool) -> str:
    """The sentence about what an interrupt left behind."""
    if left:
        return "interrupted: some files could not be removed, see above"
    if keep:
        return "interrupted: finished work is kept; run the same command to resume"
    return "interrupted: nothing was left behind"


def _say(text: str) -> None:
    with suppress(OSError):  # the reader is gone
        os.write(2, f"{text}\n".encode(errors="backslashreplace"))

"""Write the sentence for an unknown name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

_SHOWN = 10


def not_there(what: str, missing: Sequence[str], there: Sequence[str], *, option: str) -> str:
    """Say which names do not exist, and which do."""
    listed = ", ".join(repr(name) for name in missing[:_SHOWN])
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    plural = "s are" if len(missing) > 1 else " is"
    close = difflib.get_close_matches(missing[0], there[:5000], n=3)
    if close:
        hint = "close to it: " + ", ".join(map(repr, close))
    elif not there:
        hint = "the file has none"
    else:
        hint = "the file has " + ", ".join(map(repr, there[:_SHOWN])) + (", …" if len(there) > _SHOWN else "")
    return f"{option}: {len(missing)} {what}{plural} not in the file: {listed}{more} ({hint})"

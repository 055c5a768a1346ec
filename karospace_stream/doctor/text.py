"""Make text from elsewhere safe to print on a terminal."""

from __future__ import annotations

_LONGEST = 120


def shown(text: str, longest: int = _LONGEST) -> str:
    """Put the text on one line, shortened; escape unprintable characters and marks of writing direction."""
    clean = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


def listed(names: list[str], longest: int = 3) -> str:
    """Some of the names: ``a, b and 4 more``."""
    clean = [shown(name) for name in names]
    if len(clean) <= longest:
        return " and ".join(filter(None, [", ".join(clean[:-1]), *clean[-1:]]))
    return f"{', '.join(clean[:longest])} and {len(clean) - longest} more"

"""Write the sentence for an unknown name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from karospace_stream.similar.names import did_you_mean, similar_names
from karospace_stream.units import plural

_SHOWN = 10
_GUESSED = 3  # names for which similar ones are sought


def not_there(
    what: str,
    missing: Sequence[str],
    there: Sequence[str],
    *,
    option: str,
    lacking: Mapping[str, str] | None = None,
) -> str:
    """Say which names do not exist, and which the user may have meant.

    Parameters
    ----------
    what
        What the names are of, in the singular, such as ``"obs column"``.
    missing
        Names that do not exist; at least one.
    there
        Names that do.
    option
        The flag that named them, at the beginning of the sentence.
    lacking
        Names of parts that only some of several inputs have, and an input without each.
    """
    for name in missing:
        if lacking and name in lacking:
            return (
                f"{option}: the {what} {name!r} is not in all inputs ({lacking[name]} has none), so it is "
                "left out; --join outer takes it"
            )
    listed = ", ".join(repr(name) for name in missing[:_SHOWN])
    more = f" and {len(missing) - _SHOWN:,} more" if len(missing) > _SHOWN else ""
    noun = plural(what) if len(missing) > 1 else what
    return f"{option}: the file has no {noun} {listed}{more}{_hint(missing, there)}"


def _hint(missing: Sequence[str], there: Sequence[str]) -> str:
    known = set(there)
    parts = [part.strip() for part in missing[0].split(",")]
    if len(parts) > 1 and known.issuperset(parts):
        return f"; give each name by itself: {', '.join(map(repr, parts))}"
    if len(missing) == 1:
        guesses = did_you_mean(similar_names(missing[0], there))
    else:
        pairs = ((name, similar_names(name, there, 1)) for name in missing[:_GUESSED])
        guesses = did_you_mean(
            (f"{found[0]!r} for {name!r}" for name, found in pairs if found), str, joined_by="and"
        )
    if guesses:
        return guesses
    if not there:
        return "; it has none"
    return "; it has " + ", ".join(map(repr, there[:_SHOWN])) + (", …" if len(there) > _SHOWN else "")

"""A short summary of what an export leaves out, one line for each reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from karospace_stream.model.left_out import LeftOut, kind_of

_NAMED = 3
_NOUNS = {
    "layers": ("layer", "layers"),
    "obs": ("obs column", "obs columns"),
    "obsm": ("entry of obsm", "entries of obsm"),
    "obsp": ("graph", "graphs"),
    "uns": ("entry of uns", "entries of uns"),
    "var": ("var column", "var columns"),
    "varm": ("entry of varm", "entries of varm"),
    "varp": ("entry of varp", "entries of varp"),
}


def left_out_lines(lists: Mapping[str, Sequence[LeftOut]], notes: Sequence[str]) -> tuple[str, ...]:
    """Lines about parts that the program left out; the user knows their own exclusions.

    Parameters
    ----------
    lists
        By format name; with several, every line names its format.
    notes
        Shown too, so they are not repeated.
    """
    several = len(lists) > 1
    return tuple(
        f"{_verb(is_partial, format if several else '')}: {line}"
        for format, parts in lists.items()
        for is_partial, line in _lines(
            [each for each in parts if not each.by_user and not any(each.reason in note for note in notes)]
        )
    )


def _verb(is_partial: bool, format: str) -> str:
    if is_partial:
        return f"only in part in the {format} export" if format else "exported only in part"
    return f"left out of the {format} export" if format else "left out"


def _lines(several: Sequence[LeftOut]) -> Iterator[tuple[bool, str]]:
    """For all parts of one kind and reason, whether the rest of them is exported, and a line about them."""
    groups: dict[tuple[bool, str, str, str], list[str]] = {}
    for each in several:
        key = (each.is_partial, kind_of(each.part), each.reason, each.way_out)
        groups.setdefault(key, []).append(each.part)
    for (is_partial, kind, reason, way_out), parts in groups.items():
        names = [part.partition(":")[2] or part for part in parts]
        noun = _NOUNS.get(kind, ("", ""))[len(names) > 1]
        counted = f"{len(names):,} {noun}: " if noun else ""
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        ending = f"; {way_out}" if way_out else ""
        yield is_partial, f"{counted}{', '.join(names[:_NAMED])}{more} ({reason}{ending})"

"""The group of each column that all its other groups are compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from karospace_stream.errors import BadOptionError
from karospace_stream.model.finding import Finding

REST = "rest"
_NAMED = 5  # groups in a sentence


def find_references(groups: Mapping[str, Sequence[str]], given: Sequence[str]) -> dict[str, int | None]:
    """The position of the reference of each column; None if it is compared with all other cells.

    Parameters
    ----------
    groups
        Of each column that is compared.
    given
        ``GROUP`` for all columns that have it, or ``COLUMN=GROUP``.

    Raises
    ------
    BadOptionError
        If a column does not have the group that is given for it, or no column has one.
    """
    plain, own = list[str](), dict[str, str]()
    for each in given:
        column, group = _parted(each, groups)
        if column is None:
            plain.append(group)
            continue
        if own.setdefault(column, group) != group:
            raise BadOptionError(
                f"--reference must name one group of {column!r}, got {own[column]!r} and {group!r}"
            )
    found = {column: _position(column, names, own.get(column), plain) for column, names in groups.items()}
    for group in plain:
        if group != REST and not any(group in names for names in groups.values()):
            raise BadOptionError(f"--reference must be 'rest' or a group of {_listed(groups)}, got {group!r}")
    return found


def without_reference(groups: Mapping[str, Sequence[str]], given: Sequence[str]) -> Iterator[Finding]:
    """Findings about columns that do not have the group that is given for all of them."""
    parted = [_parted(each, groups) for each in given]
    own = {column for column, _ in parted}
    plain = [group for column, group in parted if column is None]
    if not plain or REST in plain:
        return
    for column, names in groups.items():
        if column not in own and not any(group in names for group in plain):
            text = (
                f"{column!r} has no group {' or '.join(map(repr, plain))}, so that each of its groups is "
                "compared with all cells outside it"
            )
            yield Finding("no-reference", text, "reference")


def _parted(given: str, columns: Mapping[str, Sequence[str]]) -> tuple[str | None, str]:
    """Column and group of ``COLUMN=GROUP``; either may hold more of that sign."""
    for at, letter in enumerate(given):
        if letter == "=" and given[:at] in columns:
            return given[:at], given[at + 1 :]
    return None, given


def _position(column: str, names: Sequence[str], own: str | None, plain: Sequence[str]) -> int | None:
    if own is None:
        there = [group for group in plain if group != REST and group in names]
        return names.index(there[0]) if there else None
    if own == REST:
        return None
    if own not in names:
        raise BadOptionError(
            f"--reference must be 'rest' or a group of {_listed({column: names})}, got {own!r} for {column!r}"
        )
    return names.index(own)


def _listed(groups: Mapping[str, Sequence[str]]) -> str:
    several = [
        f"{column!r} ({', '.join(names[:_NAMED])}{', …' if len(names) > _NAMED else ''})"
        for column, names in groups.items()
    ]
    return " or ".join(several)

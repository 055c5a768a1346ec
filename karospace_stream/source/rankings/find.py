"""Find the markers that a file has, without reading them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError
from karospace_stream.model.catalog import Parameter, RankingInfo
from karospace_stream.source.elements.attributes import encoding_type
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.elements.members import shown
from karospace_stream.source.problems.unreadable import Unreadable, optional
from karospace_stream.source.rankings.group_tables import FrameOf, GroupTable, group_table
from karospace_stream.source.rankings.ranking import NAMES, StoredRanking
from karospace_stream.units import counted

USUAL_KEY = "rank_genes_groups"
PARAMETERS = "params"
SCORES = "scores"
COLUMNS = (SCORES, "logfoldchanges", "pvals", "pvals_adj")
SHARES = ("pts", "pts_rest")
_SHAPE = (PARAMETERS, NAMES, SCORES)
_MOST_LISTED = 1_000  # values of a parameter that is a list
#: Ranks of all groups: memory of 36 bytes each. 1,000 groups of 30,000 genes are as many.
MOST_RANKS = 30_000_000


def find_rankings(
    uns: Mapping[str, Any], wrap: Wrap, frame_of: FrameOf, obs: Frame, unreadable: Unreadable
) -> dict[str, StoredRanking]:
    """All entries of uns that hold ``params``, ``names`` and ``scores``, by key; the usual one first.

    Parameters
    ----------
    obs
        Names the groups of an old layout, which has no names.
    """
    found = {}
    # The usual one first, the others in one order wherever they are stored.
    for key in sorted(uns, key=lambda name: (name != USUAL_KEY, str(name))):
        with optional(unreadable, f"uns/{shown(key)}"):
            if isinstance(key, str) and _is_ranking(key, uns[key]):
                found[key] = _resolve(key, uns[key], wrap, frame_of, obs, unreadable)
    return found


def _is_ranking(key: str, node: Any) -> bool:
    if not hasattr(node, "keys") or hasattr(node, "columns") or hasattr(node, "shape"):
        return False
    if key != USUAL_KEY:
        return all(name in node for name in _SHAPE)
    missing = [name for name in _SHAPE if name not in node]
    if missing:
        are = "are" if len(missing) > 1 else "is"
        raise BadInputError(
            f"markers need params, names and scores, but {' and '.join(missing)} {are} missing"
        )
    return True


def _resolve(
    key: str, node: Any, wrap: Wrap, frame_of: FrameOf, obs: Frame, unreadable: Unreadable
) -> StoredRanking:
    def table(name: str) -> GroupTable:
        return group_table(node[name], f"uns/{key}/{name}", wrap, frame_of)

    parameters = tuple(_parameters(key, node[PARAMETERS], wrap, unreadable))
    tables = {NAMES: table(NAMES), SCORES: table(SCORES)}
    for name in COLUMNS[1:]:
        with optional(unreadable, f"uns/{key}/{name}"):
            if name in node:
                tables[name] = table(name)
    n_ranks, n_groups = tables[NAMES].shape
    groups = tables[NAMES].groups or tables[SCORES].groups or _unnamed(parameters, n_groups, obs)
    kept = _fitting(key, tables, groups, unreadable)
    if n_ranks * n_groups > MOST_RANKS:
        raise BadInputError(
            f"markers of at most {MOST_RANKS:,} ranks are read, but {counted(n_groups, 'group')} have "
            f"{n_ranks:,} ranks each; keep fewer with n_genes"
        )
    frames = {}
    for name in SHARES:
        with optional(unreadable, f"uns/{key}/{name}"):
            if name in node:
                frames[name] = frame_of(node[name], f"uns/{key}/{name}")
    columns = tuple(name for name in COLUMNS if name in kept)
    info = RankingInfo(key, groups, n_ranks, columns, tuple(frames), parameters)
    return StoredRanking(info, kept, frames)


def _fitting(
    key: str, tables: Mapping[str, GroupTable], groups: tuple[str, ...], unreadable: Unreadable
) -> dict[str, GroupTable]:
    """The tables that have the groups and ranks of the names."""
    n_ranks = tables[NAMES].shape[0]
    kept = {}
    for name, each in tables.items():
        if each.shape == (n_ranks, len(groups)) and each.groups in ((), groups):
            kept[name] = each
            continue
        why = (
            f"names have {counted(n_ranks, 'rank')} of {counted(len(groups), 'group')}, but {name} "
            f"{counted(each.shape[0], 'rank')} of {counted(each.shape[1], 'group')}"
            if each.shape != (n_ranks, len(groups))
            else f"its groups are not those of the names: {', '.join(each.groups[:5])}"
        )
        if name == SCORES:
            raise BadInputError(why)
        unreadable.append((f"uns/{key}/{name}", why))
    return kept


def _unnamed(parameters: tuple[tuple[str, Parameter], ...], n_groups: int, obs: Frame) -> tuple[str, ...]:
    """The categories that unnamed groups must be: all of the column's, or all but the reference."""
    told = dict(parameters)
    column = told.get("groupby")
    if isinstance(column, str) and column in obs.columns and obs.columns[column].info(column).n_categories:
        names = [str(name) for name in obs.categories(column).values.tolist()]
        for some in (names, [name for name in names if name != told.get("reference")]):
            if len(some) == n_groups:
                return tuple(some)
    raise BadInputError(
        f"its {counted(n_groups, 'group')} have no names, and are not the categories of "
        + (f"obs[{column!r}]" if column else "a column that params name")
    )


def _parameters(key: str, node: Any, wrap: Wrap, unreadable: Unreadable) -> Iterator[tuple[str, Parameter]]:
    if not hasattr(node, "keys"):
        raise BadInputError("its params must be a group, but are not")
    for name in sorted(node, key=str):
        with optional(unreadable, f"uns/{key}/{PARAMETERS}/{shown(name)}"):
            value = node[name]
            if not hasattr(value, "keys"):
                yield str(name), _parameter(value, wrap)


def _parameter(node: Any, wrap: Wrap) -> Parameter:
    if node is None or isinstance(node, bool | int):
        return node
    if isinstance(node, str | float):  # NumPy has types that are kinds of these
        return str(node) if isinstance(node, str) else float(node)
    if isinstance(node, list | tuple):
        node = np.array(node)
    if getattr(node, "shape", ()) is None or (hasattr(node, "attrs") and encoding_type(node) == "null"):
        return None
    values = wrap(node)
    if int(np.prod(values.shape)) > _MOST_LISTED:
        raise BadInputError(f"a parameter must have at most {_MOST_LISTED:,} values, got {values.shape}")
    found = np.asarray(values.read(*(slice(0, n) for n in values.shape))).ravel().tolist()
    if len(found) == 1:
        (value,) = found
        return value if isinstance(value, str | bool | int | float) else str(value)
    return tuple(map(str, found))

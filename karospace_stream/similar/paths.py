"""Suggest existing files and folders with similar paths."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from karospace_stream.similar.names import did_you_mean, similar_names

_MOST_ENTRIES = 5_000
_MOST = 3


def similar_paths(path: str | os.PathLike[str]) -> list[str]:
    """Paths that exist and differ from a missing one in one name, as a user would write them.

    Parameters
    ----------
    path
        A local path that does not exist.
    """
    wanted = Path(path)
    try:
        above = next((folder for folder in wanted.parents if folder.is_dir()), None)
        if above is None:
            return []
        name, *rest = wanted.relative_to(above).parts
        entries = [entry.name for entry in islice(above.iterdir(), _MOST_ENTRIES)]
        found = [above.joinpath(each, *rest) for each in _similar_files(name, sorted(entries))]
        return [str(each) for each in found if each.exists()]
    except (OSError, ValueError):
        return []


def _similar_files(name: str, entries: list[str]) -> list[str]:
    """Names that are similar without their endings, which most files of a folder share."""
    stems: dict[str, list[str]] = {}
    for each in entries:
        stems.setdefault(Path(each).stem, []).append(each)
    wanted = Path(name).stem
    similar = [*(stem for stem in stems if stem == wanted), *similar_names(wanted, stems)]
    return [each for stem in similar for each in stems[stem]][:_MOST]


def did_you_mean_path(path: str | os.PathLike[str]) -> str:
    """The end of a sentence about a missing file; see `did_you_mean`."""
    return did_you_mean(similar_paths(path), str)

"""Find a table of transcripts: the file that somebody names, or that of the input itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from karospace_stream.errors import BadInputError, BadOptionError, KaroSpaceError
from karospace_stream.inputs.folders.folder import InputFolder, list_folder
from karospace_stream.inputs.spatial.levels import levels
from karospace_stream.inputs.transcripts.parquet import ParquetTranscripts
from karospace_stream.inputs.transcripts.store import elements_of, is_element, open_element, table_files
from karospace_stream.inputs.transcripts.table import TranscriptTable
from karospace_stream.inputs.transcripts.text import TextTranscripts
from karospace_stream.source.files.stream import find_file
from karospace_stream.storage import is_url, local_path, location_of

#: Names in an output folder, the first that is there.
NAMES = (
    "transcripts.parquet",
    "detected_transcripts.parquet",
    "transcripts.csv.gz",
    "detected_transcripts.csv",
)
_FOLDERS = {"Xenium folder", "SpatialData"}
_PARQUET = (".parquet", ".pq")


def own_transcripts(kind: str, place: str, storage_options: Mapping[str, Any] | None = None) -> str:
    """Path or URL of the transcripts of an input; empty if it has none.

    Parameters
    ----------
    kind, place
        Kind and location of the input.
    """
    if kind not in _FOLDERS:
        return ""
    folder = _folder(place, storage_options)
    if kind == "SpatialData":
        several = elements_of(folder)
        # Of several, `open_transcripts` says that one must be named.
        return folder.shown if len(several) > 1 else next((each.shown for each in several.values()), "")
    if PurePosixPath(folder.name).suffix:  # the manifest of such a folder was named
        folder = _folder(folder.shown.rpartition("/")[0] or ".", storage_options)
    found = ((outs, outs.first(*NAMES)) for outs in levels(folder))
    return next((outs.shown_file(name) for outs, name in found if name), "")


def open_transcripts(
    path: str, columns: Sequence[str] = (), storage_options: Mapping[str, Any] | None = None
) -> TranscriptTable:
    """Open a table of transcripts; reads its footer or its first line.

    Parameters
    ----------
    path
        A CSV or Parquet file, a folder of Parquet files, an output folder of Xenium or MERSCOPE, a
        SpatialData store, or an element of its ``points``; also at a URL.
    columns
        The columns x, y and gene; empty to find them by their names.

    Raises
    ------
    BadInputError, BadOptionError
        If there is none, or it has no such columns.
    """
    given = tuple(columns)
    folder = _folder(path, storage_options)
    if folder.names:
        _check_pyarrow()
        return _in_folder(folder, given)
    file = find_file(path, storage_options)  # or there is none, whatever is installed
    _check_pyarrow()
    if PurePosixPath(path.partition("?")[0]).suffix.lower() in _PARQUET:
        return ParquetTranscripts.of(_shown(path), [file], given)
    return TextTranscripts.of(file, given)


def _in_folder(folder: InputFolder, given: tuple[str, ...]) -> TranscriptTable:
    if is_element(folder):
        return open_element(folder, given)
    if "points" in folder.names and (several := elements_of(folder)):
        if len(several) > 1:
            names = ", ".join(f"{folder.shown_file('points')}/{name}" for name in list(several)[:3])
            raise BadOptionError(
                f"--transcripts {folder.shown}: it has several elements of points with genes; name one of "
                f"them: {names}"
            )
        return open_element(next(iter(several.values())), given)
    for outs in levels(folder):
        if name := outs.first(*NAMES):
            file = outs.file(name)
            if name.endswith(_PARQUET):
                return ParquetTranscripts.of(outs.shown_file(name), list(table_files(outs, name)), given)
            return TextTranscripts.of(file, given)
    if any(name.endswith(_PARQUET) for name in folder.names):
        parts = sorted(name for name in folder.names if name.endswith(_PARQUET))
        return ParquetTranscripts.of(folder.shown, [folder.file(name) for name in parts], given)
    raise BadInputError(
        f"--transcripts {folder.shown}: this folder has no table of transcripts; name a CSV or Parquet file, "
        "or an element of points of a SpatialData store"
    )


def _folder(path: str, storage_options: Mapping[str, Any] | None) -> InputFolder:
    """A folder and the names in it; without names if it is a file."""
    if not is_url(path):
        return list_folder(Path(local_path(path)).expanduser())
    location = location_of(path, storage_options)
    ask = (*NAMES, "points.parquet", ".zattrs", "zarr.json", "outs")
    try:
        if location.protocol == "http" and PurePosixPath(path.partition("?")[0]).suffix in {
            *_PARQUET,
            ".csv",
            ".gz",
        }:
            return InputFolder(location, frozenset())
        return list_folder(location, ask)
    except KaroSpaceError:
        raise
    except OSError:
        return InputFolder(location, frozenset())


def _shown(path: str) -> str:
    return location_of(path).shown if is_url(path) else path


def _check_pyarrow() -> None:
    try:
        import pyarrow.csv
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise BadOptionError(
            "--transcripts needs pyarrow, which is not installed; install it with: "
            "pip install 'karospace-stream[spatial]'"
        ) from error

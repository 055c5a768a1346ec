"""Transcripts in a SpatialData store: an element of ``points``, with its transformation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.folders.folder import InputFolder
from karospace_stream.inputs.kinds.spatialdata.transformations import GLOBAL, transformations_of
from karospace_stream.inputs.transcripts.batches import Affine
from karospace_stream.inputs.transcripts.parquet import ParquetTranscripts
from karospace_stream.source.files.stream import AnyFile

_ATTRIBUTES = (".zattrs", "zarr.json")
_TABLE = "points.parquet"
_MOST_FILES = 100_000


def elements_of(folder: InputFolder) -> dict[str, InputFolder]:
    """The elements of ``points`` of a store that have a gene for each point, by name."""
    points = folder.folder("points")
    several = {name: points.folder(name) for name in sorted(points.names) if not name.startswith(".")}
    return {name: each for name, each in several.items() if is_element(each) and _feature(each)}


def is_element(folder: InputFolder) -> bool:
    """Whether a folder is an element of ``points``."""
    return _TABLE in folder.names


def open_element(folder: InputFolder, given: tuple[str, ...] = ()) -> ParquetTranscripts:
    """Describe an element.

    Raises
    ------
    BadInputError, BadOptionError
        If it has no such columns, or its transformation makes no sense.
    """
    attributes = _attributes(folder)
    axes = [str(each) for each in attributes.get("axes", ("x", "y"))]
    try:
        several = transformations_of(attributes.get("coordinateTransformations", []), axes)
    except BadInputError as error:
        raise BadInputError(f"{folder.shown}: {error}") from error
    found = several.get(GLOBAL) or next(iter(several.values()), None)
    rows = None if found is None else found.rows
    affine: Affine | None = None
    if rows is not None:
        (a, b, _, c), (d, e, _, f) = rows[:2]
        affine = ((a, b, c), (d, e, f))
        affine = None if affine == ((1, 0, 0), (0, 1, 0)) else affine
    files = list(table_files(folder, _TABLE))
    return ParquetTranscripts.of(folder.shown, files, given, _feature(folder), affine)


def table_files(folder: InputFolder, name: str) -> Iterator[AnyFile]:
    """A Parquet file of a folder, or the parts if it is a folder itself."""
    inside = folder.folder(name)
    parts = sorted(part for part in inside.names if part.endswith(".parquet"))
    if not parts:
        yield folder.file(name)
    numbered = {f"part.{number}.parquet": number for number in range(min(len(parts), _MOST_FILES))}
    yield from (inside.file(part) for part in sorted(parts, key=lambda part: (numbered.get(part, -1), part)))


def _feature(folder: InputFolder) -> str:
    """The column of the genes, as the store says."""
    about = _attributes(folder).get("spatialdata_attrs")
    return str(about.get("feature_key") or "") if isinstance(about, Mapping) else ""


def _attributes(folder: InputFolder) -> Mapping[str, Any]:
    """The attributes of a group of Zarr, of either version."""
    for name in _ATTRIBUTES:
        if name in folder.names:
            file = folder.file(name)
            with suppress(ValueError), file.open() as ranges:
                data = bytearray(file.size)
                ranges.read_into(0, memoryview(data))
                found = json.loads(bytes(data))
                inner = found.get("attributes", found) if name == "zarr.json" else found
                return inner if isinstance(inner, Mapping) else {}
    return {}

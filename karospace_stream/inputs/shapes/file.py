"""A file of shapes that the user names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.inputs.kinds.spatialdata.outlines import RegionShapes
from karospace_stream.inputs.kinds.spatialdata.shapes import ParquetShapes
from karospace_stream.inputs.parquet import check_extra, open_parquet
from karospace_stream.inputs.shapes.geojson import GeoJson
from karospace_stream.inputs.shapes.long_table import CELL, COLUMNS, LongTable
from karospace_stream.model.inputs.shapes import ShapeReader, ShapesInfo
from karospace_stream.similar.paths import did_you_mean_path
from karospace_stream.source.files.ranges import LocalFile
from karospace_stream.source.files.stored_file import PlainFile, StoredFile

_GEOJSON = (".geojson", ".json")


def open_shapes(path: str) -> ShapesInfo:
    """Describe the shapes in a file, which are in the coordinates of the tissue.

    Raises
    ------
    BadOptionError
        If it cannot be read, or holds no shapes.
    """
    check_extra("Files of shapes")
    if not path:
        raise BadOptionError("--shapes must be the path of a file, got ''")
    try:
        file = PlainFile(LocalFile.at(Path(path)))
        name = Path(path).name.partition(".")[0]
        reader = _reader(file)
        are_cells = reader.named if isinstance(reader, GeoJson) else True
        return ShapesInfo(name or "shapes", "", reader, are_cells=are_cells)
    except FileNotFoundError as error:
        raise BadOptionError(f"--shapes {path}: there is no such file{did_you_mean_path(path)}") from error
    except OSError as error:
        raise BadOptionError(f"--shapes {path}: cannot be read: {error.strerror or error}") from error
    except BadInputError as error:
        raise BadOptionError(f"--shapes: {error}") from error


def _reader(file: StoredFile) -> ShapeReader:
    if file.path.lower().endswith(_GEOJSON):
        return GeoJson.of(file)
    try:
        schema = open_parquet(file).schema_arrow
    except BadInputError as error:
        raise BadInputError(f"boundaries are in a Parquet, GeoParquet or .geojson file; {error}") from error
    if b"geo" in (schema.metadata or {}):
        shapes = ParquetShapes.of("", file)
        # The column with the names of cells, if there is one; else the index of the data frame.
        if CELL in schema.names:
            shapes = replace(shapes, table=replace(shapes.table, index=CELL))
        return RegionShapes(shapes)
    if set(COLUMNS) <= set(schema.names):
        return LongTable.of(file)
    raise BadInputError(
        f"{file.path} must be GeoParquet or GeoJSON, or a Parquet file with the columns {', '.join(COLUMNS)}"
    )

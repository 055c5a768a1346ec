"""Shapes in a GeoJSON file: a feature for each, as QuPath and others write them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from karospace_stream.errors import BadInputError, KaroSpaceError
from karospace_stream.inputs.shapes.polygons import outlines_of
from karospace_stream.model.inputs.shapes import Outlines
from karospace_stream.source.files.stored_file import StoredFile
from karospace_stream.source.problems.unreadable import reason

#: Members of a feature's properties that name its cell.
NAMES = ("cell_id", "cell", "id", "name")
#: Larger files are read as a whole too, and take too much memory.
MOST_NBYTES = 1 << 30
_HELD = 12  # bytes of Python objects for each byte of the file
_AT_ONCE = 10_000
_VERTEX_NBYTES = 20  # of text


@dataclass(frozen=True, slots=True)
class GeoJson:
    """Polygons of a file that is read as a whole; see `ShapeReader`.

    Attributes
    ----------
    named
        Whether features name cells.
    """

    file: StoredFile
    n_shapes: int
    named: bool

    @classmethod
    def of(cls, file: StoredFile) -> GeoJson:
        """Read the file.

        Raises
        ------
        BadInputError
            If it is no GeoJSON, or too large.
        """
        features = _features(file)
        return cls(file, len(features), bool(features) and all(_name(each) is not None for each in features))

    @property
    def n_vertices(self) -> int:
        """By the size of the file."""
        return self.file.size // _VERTEX_NBYTES

    @property
    def n_pieces(self) -> int:
        """One."""
        return 1

    @property
    def piece_nbytes(self) -> int:
        """The whole file as objects."""
        return _HELD * self.file.size

    def read(self, piece: int) -> Iterator[Outlines]:
        """All of them; see the protocol."""
        import shapely

        features = _features(self.file)
        for start in range(0, len(features), _AT_ONCE):
            some = features[start : start + _AT_ONCE]
            try:
                geometries = shapely.from_geojson(
                    # A feature may be without a geometry.
                    [json.dumps(each["geometry"]) if each.get("geometry") else None for each in some],
                    on_invalid="raise",
                )
            except Exception as error:  # shapely's own kinds
                raise BadInputError(
                    f"{self.file.path} holds geometries that cannot be read: {reason(error)}"
                ) from error
            names = np.array([str(_name(each)) for each in some], object) if self.named else None
            yield outlines_of(geometries, names, all_of_them=True)


def _features(file: StoredFile) -> list[dict[str, Any]]:
    if file.size > MOST_NBYTES:
        raise BadInputError(
            f"{file.path} has {file.size:,} bytes, and GeoJSON is read as a whole; write it as GeoParquet, "
            "for instance with geopandas.read_file(...).to_parquet(...)"
        )
    try:
        found = json.loads(file.read(0, file.size))
    except KaroSpaceError:
        raise
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{file.path} is no GeoJSON: {reason(error)}") from error
    features = found.get("features") if isinstance(found, dict) else found
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise BadInputError(f"{file.path} must be a GeoJSON FeatureCollection, or a list of features")
    return features


def _name(feature: dict[str, Any]) -> str | int | None:
    """The name of the cell of a feature; None if it has none."""
    properties = feature.get("properties")
    if isinstance(properties, dict):
        for key in NAMES:
            if isinstance(properties.get(key), str | int):
                return properties[key]  # type: ignore[no-any-return]
    own = feature.get("id")
    return own if isinstance(own, str | int) else None

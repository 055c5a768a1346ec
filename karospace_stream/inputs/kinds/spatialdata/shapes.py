"""Shapes of a store: circles and polygons in a Parquet file, since SpatialData 0.2, or in arrays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError, DamagedError, KaroSpaceError
from karospace_stream.inputs.kinds.spatialdata.centers import Centers, Points
from karospace_stream.inputs.parquet import open_parquet
from karospace_stream.source.elements.arrays import TEXT, StoredArray
from karospace_stream.source.files.stored_file import StoredFile
from karospace_stream.source.problems.unreadable import reason

#: More are read by tasks, before the export.
MOST_AT_ONCE = 4_000_000
#: Memory that it takes to read some of them.
BATCH_NBYTES = 64 << 20
_BATCH = 1 << 14
#: By GeoArrow encoding, the lists around its coordinates.
_NESTED = {
    "POINT": 0,
    "LINESTRING": 1,
    "MULTIPOINT": 1,
    "POLYGON": 2,
    "MULTILINESTRING": 2,
    "MULTIPOLYGON": 3,
}


@dataclass(frozen=True, slots=True)
class IndexedParquet:
    """Rows of a Parquet file that pandas or geopandas wrote, by their index.

    Attributes
    ----------
    index
        Column of the index; empty for a range of numbers.
    start, step
        Of that range.
    columns
        Names of all columns.
    """

    file: StoredFile
    n_rows: int
    row_groups: tuple[int, ...]
    index: str
    start: int
    step: int
    columns: tuple[str, ...] = ()

    @classmethod
    def of(cls, file: StoredFile, columns: Sequence[str]) -> IndexedParquet:
        """Read the footer of a file that must have some columns."""
        opened = open_parquet(file)
        names = set(opened.schema_arrow.names)
        if missing := [name for name in columns if name not in names]:
            raise BadInputError(f"{file.path} must have a column {missing[0]!r}")
        described = opened.metadata
        rows = tuple(described.row_group(group).num_rows for group in range(described.num_row_groups))
        index, start, step = _index_of(opened.schema_arrow.metadata or {}, names)
        return cls(file, described.num_rows, rows, index, start, step, tuple(opened.schema_arrow.names))

    def batches(self, group: int, columns: Sequence[str]) -> Iterator[tuple[npt.NDArray[Any], Any]]:
        """Names of rows and Arrow columns of one row group, some rows at a time."""
        opened = open_parquet(self.file)
        row = sum(self.row_groups[:group])
        wanted = [*columns, *([self.index] if self.index else [])]
        try:
            for batch in opened.iter_batches(_BATCH, row_groups=[group], columns=wanted, use_threads=False):
                yield self._names(batch, row), batch
                row += batch.num_rows
        except KaroSpaceError:  # a store that does not answer is no damage
            raise
        except Exception as error:  # pyarrow's own kinds, and OSError
            raise DamagedError(f"{self.file.path} is damaged: {reason(error)}") from error

    def _names(self, batch: Any, row: int) -> npt.NDArray[Any]:
        if not self.index:
            return self.start + self.step * np.arange(row, row + batch.num_rows, dtype=np.int64)
        return as_names(batch.column(self.index).to_numpy(zero_copy_only=False))


def as_names(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Names of instances as int64 if they are numbers, else as text."""
    if values.dtype.kind in "iub":
        return values.astype(np.int64)
    if values.dtype.kind == "f" and np.isfinite(values).all() and (values == np.trunc(values)).all():
        return values.astype(np.int64)
    return np.array([str(value) for value in values.tolist()], object)


def _index_of(metadata: Mapping[bytes, bytes], names: set[str]) -> tuple[str, int, int]:
    """The column of the index, or beginning and step of the range that it is."""
    try:
        index = json.loads(metadata[b"pandas"])["index_columns"][0]
        if isinstance(index, str) and index in names:
            return index, 0, 1
        return "", int(index["start"]), int(index["step"])
    except (KeyError, ValueError, TypeError, IndexError):
        return "", 0, 1


@dataclass(frozen=True, slots=True)
class ParquetShapes:
    """Circles and polygons of a GeoParquet file; see `Element`.

    Attributes
    ----------
    encoding
        Of the geometries: ``WKB``, or the name of a type of GeoArrow.
    """

    name: str
    table: IndexedParquet
    column: str
    encoding: str
    diameter: float | None = None

    @classmethod
    def of(cls, name: str, file: StoredFile) -> ParquetShapes:
        """Describe a file; reads its footer.

        Raises
        ------
        BadInputError
            If it is damaged, or holds no geometries.
        """
        metadata = open_parquet(file).schema_arrow.metadata or {}
        try:
            described = json.loads(metadata[b"geo"])
            column = str(described["primary_column"])
            encoding = str(described["columns"][column]["encoding"])
        except (KeyError, ValueError, TypeError) as error:
            raise BadInputError(
                f"{file.path} must be a GeoParquet file, but describes no geometries"
            ) from error
        return cls(name, IndexedParquet.of(file, [column]), column, encoding, _diameter(file))

    @property
    def what(self) -> str:
        """For messages."""
        return f"the shapes {self.name!r}"

    @property
    def n_axes(self) -> int:
        """Shapes lie in a plane."""
        return 2

    @property
    def cost(self) -> float:
        """Time that reading takes."""
        return self.table.n_rows / MOST_AT_ONCE

    @property
    def piece_nbytes(self) -> int:
        """Memory of some rows."""
        return BATCH_NBYTES

    @property
    def most_instances(self) -> int:
        """Number of shapes."""
        return self.table.n_rows

    def pieces(self, task_nbytes: int) -> Sequence[int]:
        """Row groups; each is read some rows at a time."""
        return range(len(self.table.row_groups))

    def read(self, piece: int) -> Centers:
        """Centroids of one row group; see the protocol."""
        ids, places = [], [np.empty((0, 2))]
        for names, geometries in self.geometries(piece):
            places.append(centroids(geometries))
            ids.append(names)
        return Centers(np.concatenate(ids) if ids else np.empty(0, np.int64), np.concatenate(places))

    @property
    def most_vertices(self) -> int:
        """Roughly: a vertex has 16 bytes."""
        described = open_parquet(self.table.file).metadata
        nbytes = 0
        for group in range(described.num_row_groups):
            row_group = described.row_group(group)
            chunks = (row_group.column(number) for number in range(row_group.num_columns))
            nbytes += sum(
                chunk.total_uncompressed_size
                for chunk in chunks
                if chunk.path_in_schema.partition(".")[0] == self.column
            )
        return nbytes // 16

    def geometries(self, piece: int) -> Iterator[tuple[npt.NDArray[Any], npt.NDArray[Any]]]:
        """Names and geometries of one row group, some rows at a time.

        Raises
        ------
        BadInputError
            If it is damaged.
        """
        for names, batch in self.table.batches(piece, [self.column]):
            try:
                found = _geometries(batch.column(self.column), self.encoding)
            except Exception as error:  # shapely's own kinds
                raise DamagedError(f"{self.table.file.path} is damaged: {reason(error)}") from error
            yield names, found


def _diameter(file: StoredFile) -> float | None:
    """Diameter of circles, if the footer says that all have the same."""
    opened = open_parquet(file)
    if "radius" not in opened.schema_arrow.names:
        return None
    column = opened.metadata.schema.names.index("radius")
    radii = set()
    for group in range(opened.metadata.num_row_groups):
        statistics = opened.metadata.row_group(group).column(column).statistics
        radii |= {statistics.min, statistics.max} if statistics and statistics.has_min_max else {None}
    radius = radii.pop() if len(radii) == 1 else None
    return 2.0 * radius if isinstance(radius, int | float) and 0 < radius < float("inf") else None


def centroids(geometries: npt.NDArray[Any]) -> Points:
    """Places of points, centroids of polygons; NaN where there is none."""
    import shapely

    middle = shapely.centroid(geometries)
    there = ~(shapely.is_missing(middle) | shapely.is_empty(middle))
    places = np.full((len(middle), 2), np.nan)
    places[there] = shapely.get_coordinates(middle[there])
    return places


def _geometries(column: Any, encoding: str) -> npt.NDArray[Any]:
    import shapely

    if encoding.upper() == "WKB":
        found: npt.NDArray[Any] = shapely.from_wkb(column.to_numpy(zero_copy_only=False))
        return found
    kind = getattr(shapely.GeometryType, encoding.upper(), None)
    if kind is None:
        raise BadInputError(
            f"the encoding of its geometries must be WKB or one of GeoArrow, got {encoding[:40]!r}"
        )
    inner, offsets = column, []
    while hasattr(inner, "offsets"):
        offsets.append(inner.offsets.to_numpy() - inner.offsets[0].as_py())
        inner = inner.flatten()
    places = _places(inner)
    if places is None or len(offsets) != _NESTED.get(encoding.upper()):
        raise BadInputError(
            f"its geometries should be of the GeoArrow encoding {encoding[:40]!r}, but are stored as "
            f"{str(column.type)[:100]}"
        )
    made: npt.NDArray[Any] = shapely.from_ragged_array(kind, places, tuple(reversed(offsets)) or None)
    return made


def _places(column: Any) -> npt.NDArray[Any] | None:
    """The coordinates x and y of GeoArrow, separate or interleaved; None if they are stored otherwise."""
    from pyarrow import types

    kind = column.type
    if types.is_struct(kind) and {"x", "y"} <= {field.name for field in kind}:
        axes = [column.field(axis) for axis in ("x", "y")]
        if all(types.is_floating(axis.type) for axis in axes):
            return np.column_stack([axis.to_numpy(zero_copy_only=False) for axis in axes])
    if types.is_fixed_size_list(kind) and kind.list_size > 1 and types.is_floating(kind.value_type):
        places: npt.NDArray[Any] = column.flatten().to_numpy(zero_copy_only=False)
        return places.reshape(len(column), -1)[:, :2]
    return None


@dataclass(frozen=True, slots=True)
class ArrayShapes:
    """Shapes of SpatialData before 0.2, in arrays of the store; see `Element`.

    Attributes
    ----------
    kind
        Type of geometry, as shapely numbers them.
    offsets
        Where polygons begin and end, the innermost first.
    """

    name: str
    ids: StoredArray
    places: StoredArray
    kind: int
    offsets: tuple[StoredArray, ...]

    @classmethod
    def of(cls, name: str, group: Any, wrap: Callable[[Any], StoredArray]) -> ArrayShapes:
        """Describe the arrays of a group; reads no values."""
        described = group.attrs.get("spatialdata_attrs")
        kind = described.get("geos", {}).get("type") if isinstance(described, Mapping) else None
        if "coords" not in group or "Index" not in group or not isinstance(kind, int):
            raise BadInputError("it has neither shapes.parquet nor the arrays coords and Index")
        offsets = tuple(wrap(group[key]) for key in sorted(key for key in group if key.startswith("offset")))
        return cls(name, wrap(group["Index"]), wrap(group["coords"]), kind, offsets)

    @property
    def what(self) -> str:
        """For messages."""
        return f"the shapes {self.name!r}"

    @property
    def n_axes(self) -> int:
        """Shapes lie in a plane."""
        return 2

    @property
    def cost(self) -> float:
        """Time that reading takes."""
        return self.ids.shape[0] / MOST_AT_ONCE

    @property
    def piece_nbytes(self) -> int:
        """Memory of some rows."""
        return BATCH_NBYTES

    @property
    def most_instances(self) -> int:
        """Number of shapes."""
        return self.ids.shape[0]

    @property
    def diameter(self) -> float | None:
        """Not read."""
        return None

    def pieces(self, task_nbytes: int) -> Sequence[int]:
        """All at once."""
        return (0,)

    def read(self, piece: int) -> Centers:
        """All centroids; see the protocol."""
        ((ids, found),) = self.geometries(piece)
        return Centers(ids, centroids(found))

    @property
    def most_vertices(self) -> int:
        """All of them."""
        return self.places.shape[0]

    def geometries(self, piece: int) -> Iterator[tuple[npt.NDArray[Any], npt.NDArray[Any]]]:
        """Names and geometries, all at once."""
        import shapely

        ids = self.ids.read()
        offsets = tuple(each.read() for each in self.offsets)
        places = self.places.read()[:, :2].astype(float)
        try:
            found = shapely.from_ragged_array(shapely.GeometryType(self.kind), places, offsets or None)
        except Exception as error:  # shapely's own kinds
            raise DamagedError(f"{self.what} are damaged: {reason(error)}") from error
        yield ids if ids.dtype == TEXT else as_names(ids), found

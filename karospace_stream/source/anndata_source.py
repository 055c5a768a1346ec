"""The one Source: a collection of parts that read themselves, whatever the container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from karospace_stream.errors import BadInputError
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.column import Categories, Column, GeneShares, RankedNames
from karospace_stream.model.inputs.colors import Colors
from karospace_stream.model.left_out import spell
from karospace_stream.model.source import MatrixReader, Preparation, stored_name
from karospace_stream.source.elements.arrays import NumpyArray, StoredArray
from karospace_stream.source.elements.columns import PlainElement, read_text
from karospace_stream.source.elements.embeddings import FrameEntry
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.elements.images import read_colors, read_palette
from karospace_stream.source.elements.number_labels import NumberLabels
from karospace_stream.source.parts import OBSM, OBSP, Parts, contents
from karospace_stream.source.problems.damage import damage_of
from karospace_stream.source.problems.unreadable import Unreadable
from karospace_stream.source.without import parts_without
from karospace_stream.units import counted


class Origin(Protocol):
    """The file or store that a source was opened from, as it was then."""

    def check(self) -> None:
        """Raise BadInputError if it has changed since."""
        ...


@runtime_checkable
class KeptOpen(Protocol):
    """An origin that takes longer to open than a small read."""

    def kept_open(self) -> AbstractContextManager[None]:
        """Open it once for everything that this thread reads within the block."""
        ...


@dataclass(frozen=True, slots=True)
class AnnDataSource:
    """An AnnData, wherever it is stored; see `Source`. Picklable; holds nothing open."""

    catalog: Catalog
    parts: Parts
    origin: Origin | None = None
    preparation: Preparation | None = None

    def matrix(self, name: str) -> MatrixReader:
        """The matrix called ``"X"``, ``"layers/<key>"``, ``"raw"`` or ``"obsp/<key>"``."""
        name = self.parts.aliases.get(name, name)
        if name not in self.parts.matrices:
            raise BadInputError(self._missing(name, "matrix", list(self.parts.matrices)))
        return self.parts.matrices[name]

    def var_names(self, *, raw: bool = False) -> npt.NDArray[np.object_]:
        """Names of all genes, as in the file: may repeat, may be empty."""
        frame = self._var(raw)
        return read_text(frame.index, 0, frame.n_rows)

    def var_column(self, name: str, *, raw: bool = False) -> Column:
        """All rows of one var column."""
        frame = self._var(raw)
        return frame.read(name, 0, frame.n_rows)

    def obs_names(self, start: int, stop: int) -> npt.NDArray[np.object_]:
        """Names of some cells."""
        return read_text(self.parts.obs.index, start, stop)

    def obs_column(self, name: str, start: int, stop: int) -> Column:
        """Some rows of one obs column."""
        return self.parts.obs.read(name, start, stop)

    def obs_categories(self, name: str) -> Categories:
        """Category names of an obs column."""
        return self.parts.obs.categories(name)

    def var_categories(self, name: str, *, raw: bool = False) -> Categories:
        """Category names of a var column."""
        return self._var(raw).categories(name)

    def obsm(self, key: str, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """Some rows of the first columns of an embedding: float32 or float64, C order."""
        if f"{OBSM}{key}" in self.parts.matrices:
            raise BadInputError(
                f"an embedding must be dense, but obsm[{key!r}] of {self.catalog.location} is sparse; "
                "store it with .toarray()"
            )
        if key not in self.parts.obsm:
            raise BadInputError(self._missing(key, "obsm entry", list(self.parts.obsm)))
        return self.parts.obsm[key].read(start, stop, n_columns)

    def obsm_column(self, key: str, name: str, start: int, stop: int) -> Column:
        """Some rows of one column of a data frame of obsm."""
        return self._table(key).read(name, start, stop)

    def obsm_categories(self, key: str, name: str) -> Categories:
        """Category names of a column of such a data frame."""
        return self._table(key).categories(name)

    def image(self, library: str, resolution: str) -> npt.NDArray[np.generic]:
        """A tissue image as stored."""
        return self.image_array(library, resolution).read()

    def image_array(self, library: str, resolution: str) -> StoredArray:
        """The same as an array that is read by parts."""
        for image in self.parts.images:
            if (image.info.library, image.info.resolution) == (library, resolution):
                return image.values
        known = [f"{image.info.library}/{image.info.resolution}" for image in self.parts.images]
        raise BadInputError(self._missing(f"{library}/{resolution}", "image", known))

    @property
    def slides(self) -> tuple[Any, ...]:
        """Images of a store of several elements."""
        return self.parts.slides

    def uns_colors(self, column: str) -> Colors | None:
        """``uns['<column>_colors']`` as stored, if it is there."""
        key = f"{column}_colors"
        with damage_of(f"uns/{key}"):
            if (palette := self.parts.palettes.get(key)) is not None:
                return read_palette(palette)
            colors = self.parts.arrays.get(key)
            return None if colors is None else read_colors(colors)

    def uns_array(self, key: str) -> npt.NDArray[np.generic]:
        """An array of uns: text as `str`, or numbers."""
        with damage_of(f"uns/{key}"):
            return self.parts.arrays[key].read()

    def ranking(self, key: str) -> RankedNames:
        """Markers in uns."""
        with damage_of(f"uns/{key}"):
            return self.parts.rankings[key].read()

    def ranking_shares(self, key: str, name: str) -> GeneShares:
        """``pts`` or ``pts_rest`` of markers in uns."""
        with damage_of(f"uns/{key}"):
            return self.parts.rankings[key].shares(name)

    def gene_sets(self, key: str) -> list[tuple[str, list[str]]]:
        """Gene sets in an entry of uns; see the protocol."""
        with damage_of(f"uns/{key}"):
            return self.parts.sets[key].read()

    def varm(self, key: str, start: int, stop: int, n_columns: int) -> npt.NDArray[np.floating]:
        """Some rows of the first columns of an entry of varm."""
        with damage_of(f"varm/{key}"):
            return self.parts.varm[key].read(start, stop, n_columns)

    def with_columns(self, columns: Mapping[str, StoredArray]) -> AnnDataSource:
        """Return the source with more obs columns; see the protocol."""
        more = {name: PlainElement(values) for name, values in columns.items()}
        obs = replace(self.parts.obs, columns={**self.parts.obs.columns, **more})
        return replace(
            self, catalog=replace(self.catalog, obs=obs.infos()), parts=replace(self.parts, obs=obs)
        )

    def without(self, parts: Sequence[str]) -> AnnDataSource:
        """Return the source without some parts."""
        catalog, left, gone = self.catalog, *parts_without(self.catalog, self.parts, parts)
        unreadable = tuple((key, why) for key, why in catalog.unreadable if spell(key) not in gone)
        more = {"unreadable": unreadable, "left_out": (*catalog.left_out, *sorted(gone))}
        return self._left(left, more)

    def passing_over(self, key: str, why: str) -> AnnDataSource:
        """Return the source without a part that cannot be read; see the protocol."""
        catalog, left, _ = self.catalog, *parts_without(self.catalog, self.parts, [spell(key)])
        return self._left(left, {"unreadable": (*catalog.unreadable, (key, why))})

    def with_labels(self, columns: Mapping[str, Sequence[int]]) -> AnnDataSource:
        """Return the source with obs columns of whole numbers as categories; see the protocol."""
        obs = self.parts.obs
        labelled = {name: NumberLabels(obs.columns[name], tuple(labels)) for name, labels in columns.items()}
        obs = replace(obs, columns={**obs.columns, **labelled})
        return replace(
            self, catalog=replace(self.catalog, obs=obs.infos()), parts=replace(self.parts, obs=obs)
        )

    def with_var(self, columns: Mapping[str, npt.NDArray[np.generic]], *, raw: bool = False) -> AnnDataSource:
        """Return the source with further columns of var; see the protocol."""
        frame, catalog = self._var(raw), self.catalog
        made = {name: PlainElement(NumpyArray(f"var/{name}", values)) for name, values in columns.items()}
        frame = replace(frame, columns={**frame.columns, **made})
        if raw:
            parts = replace(self.parts, raw_var=frame)
            return replace(self, catalog=replace(catalog, raw_var=frame.infos()), parts=parts)
        parts = replace(self.parts, var=frame)
        return replace(self, catalog=replace(catalog, var=frame.infos()), parts=parts)

    def with_values(self, name: str, reader: MatrixReader, *, natural_log: bool = False) -> AnnDataSource:
        """Return the source with a matrix that is read another way; see the protocol."""
        matrices = dict(self.parts.matrices)
        matrices.setdefault(stored_name(name), matrices[name])
        base = None if natural_log else self.parts.log_base
        parts = replace(self.parts, matrices={**matrices, name: reader}, log_base=base)
        return replace(self, catalog=replace(self.catalog, **contents(parts)), parts=parts)

    def with_preparation(self, preparation: Preparation | None) -> AnnDataSource:
        """Return the source with something that must be done first; see the protocol."""
        return replace(self, preparation=preparation)

    def kept_open(self) -> AbstractContextManager[None]:
        """Open the file once for all that this thread reads meanwhile; see the protocol."""
        return self.origin.kept_open() if isinstance(self.origin, KeptOpen) else nullcontext()

    def check(self) -> None:
        """Raise BadInputError if the file or store has changed since it was opened."""
        if self.origin is not None:
            self.origin.check()

    def _left(self, parts: Parts, more: Mapping[str, Any]) -> AnnDataSource:
        """The source with fewer parts; what was noticed when it was opened is still true."""
        about = {**contents(parts), "findings": self.catalog.findings, **more}
        return replace(self, catalog=replace(self.catalog, **about), parts=parts)

    def _table(self, key: str) -> Frame:
        entry = self.parts.obsm[key]
        if not isinstance(entry, FrameEntry):
            raise TypeError(f"obsm/{key} is not a data frame")
        return entry.frame

    def _var(self, raw: bool) -> Frame:
        if not raw:
            return self.parts.var
        if self.parts.raw_var is None:
            raise BadInputError(f"{self.catalog.location} has no raw")
        return self.parts.raw_var

    def _missing(self, name: str, what: str, known: list[str]) -> str:
        why = dict(self.catalog.unreadable).get(name) or dict(self.catalog.unreadable).get(f"obsm/{name}")
        if why:
            return f"the {what} {name!r} of {self.catalog.location} cannot be read: {why}"
        return f"{self.catalog.location} has no {what} {name!r}; it has {', '.join(known) or 'none'}"


def make_source(
    parts: Parts,
    unreadable: Unreadable,
    *,
    location: str,
    name: str,
    container: Literal["h5ad", "zarr", "memory", "files"],
    fingerprint: str,
    origin: Origin | None = None,
    remote: bool = False,
    external_files: tuple[tuple[str, str], ...] = (),
) -> AnnDataSource:
    """Catalogue the parts, after passing over those that do not fit obs and var."""
    parts = fitting(parts, unreadable)
    # Several searches look at an entry of uns; what the first found of it is said.
    first = dict(reversed(unreadable))
    catalog = Catalog(
        location=location,
        name=_as_text(name),
        container=container,
        fingerprint=fingerprint,
        remote=remote,
        external_files=external_files,
        unreadable=tuple(reversed(first.items())),
        **contents(parts),
    )
    return AnnDataSource(catalog, parts, origin)


def fitting(parts: Parts, unreadable: Unreadable) -> Parts:
    """The parts without those that do not fit obs and var, which are noted."""
    n_cells = parts.obs.n_rows
    matrices, obsm = {}, {}
    for key, reader in parts.matrices.items():
        wanted = (n_cells, reader.info.shape[1] if key.startswith(OBSM) else _width(key, parts))
        if reader.info.shape == wanted:
            matrices[key] = reader
        else:
            axes = "obs needs" if key.startswith(OBSP) else "obs and var need"
            unreadable.append((key, f"its shape is {reader.info.shape}, but {axes} {wanted}"))
    for key, entry in parts.obsm.items():
        if entry.n_rows == n_cells:
            obsm[key] = entry
        else:
            unreadable.append(
                (f"obsm/{key}", f"it has {counted(entry.n_rows, 'row')}, but obs has {n_cells}")
            )
    raw_var = parts.raw_var if "raw" in matrices else None
    varm = {key: entry for key, entry in parts.varm.items() if entry.n_rows == parts.var.n_rows}
    return replace(parts, matrices=matrices, raw_var=raw_var, obsm=obsm, varm=varm)


def _width(key: str, parts: Parts) -> int:
    if key.startswith(OBSP):
        return parts.obs.n_rows
    frame = parts.raw_var if key == "raw" else parts.var
    return frame.n_rows if frame else 0


def _as_text(name: str) -> str:
    """A name that may come from a path whose bytes are no text, or that was read in an older locale."""
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace").decode()

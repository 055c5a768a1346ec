"""Add what lies beside a matrix to the source of the matrix."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import partial
from typing import Any

from karospace_stream.inputs.followed import Followed
from karospace_stream.model.finding import Finding
from karospace_stream.model.inputs.shapes import ShapesInfo
from karospace_stream.source.anndata_source import AnnDataSource, KeptOpen, Origin
from karospace_stream.source.common_lengths import common_length
from karospace_stream.source.elements.arrays import TEXT, NumpyArray
from karospace_stream.source.elements.columns import Element
from karospace_stream.source.elements.embeddings import EmbeddingEntry
from karospace_stream.source.elements.images import StoredImage
from karospace_stream.source.files.stream import AnyFile
from karospace_stream.source.parts import contents

_TEXT_NBYTES = 64  # of a short text


@dataclass(frozen=True, slots=True)
class Beside:
    """What is added to a matrix. Rows are those of its cells, in their order.

    Attributes
    ----------
    location, name, kind
        Of the whole, for the catalog.
    files
        Those that were read.
    """

    location: str
    name: str
    kind: str
    columns: Mapping[str, Element] = field(default_factory=dict)
    obsm: Mapping[str, EmbeddingEntry] = field(default_factory=dict)
    images: tuple[StoredImage, ...] = ()
    libraries: tuple[str, ...] = ()
    spot_diameter: float | None = None
    microns_per_pixel: float | None = None
    unreadable: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    files: tuple[AnyFile, ...] = ()
    shapes: tuple[ShapesInfo, ...] = ()
    spot_angle: float | None = None


@dataclass(frozen=True, slots=True)
class FolderOrigin:
    """The matrix and the files beside it, as they were when the folder was opened."""

    matrix: Origin | None
    files: tuple[AnyFile, ...]

    def check(self) -> None:
        """Raise BadInputError if one has changed since."""
        if self.matrix is not None:
            self.matrix.check()
        for file in self.files:
            file.check()

    def kept_open(self) -> AbstractContextManager[None]:
        """Keep the file of the matrix open."""
        return self.matrix.kept_open() if isinstance(self.matrix, KeptOpen) else nullcontext()


def with_beside(source: AnnDataSource, beside: Beside) -> AnnDataSource:
    """The source of a matrix, with what lies beside it."""
    parts, catalog = source.parts, source.catalog
    obs = replace(parts.obs, columns={**parts.obs.columns, **beside.columns})
    parts = replace(
        parts,
        obs=obs,
        obsm={**parts.obsm, **beside.obsm},
        images=beside.images,
        libraries=beside.libraries,
        spot_diameter=beside.spot_diameter,
        microns_per_pixel=common_length([beside.microns_per_pixel] if beside.microns_per_pixel else []),
        kind=beside.kind,
        held_nbytes=_held_nbytes([*beside.columns.values(), *beside.obsm.values()]),
        findings=(*catalog.findings, *beside.findings),
        shapes=beside.shapes,
        spot_angle=beside.spot_angle,
    )
    catalog = replace(
        catalog,
        location=beside.location,
        name=beside.name,
        fingerprint=_fingerprint(catalog.fingerprint, beside.files),
        unreadable=(*catalog.unreadable, *beside.unreadable),
        **contents(parts),
    )
    preparation = (
        None
        if source.preparation is None
        else Followed(source.preparation, partial(with_beside, beside=beside))
    )
    return AnnDataSource(catalog, parts, FolderOrigin(source.origin, beside.files), preparation)


def _held_nbytes(held: Any) -> int:
    """Bytes of all arrays in memory."""
    if isinstance(held, NumpyArray):
        per_text = _TEXT_NBYTES if held.dtype == TEXT else 0
        return int(held.values.nbytes + held.values.size * per_text)
    if is_dataclass(held):
        return sum(_held_nbytes(getattr(held, each.name)) for each in fields(held))
    return sum(map(_held_nbytes, held)) if isinstance(held, list | tuple) else 0


def _fingerprint(matrix: str, files: Sequence[AnyFile]) -> str:
    """Of several files, in one short text."""
    every = "\n".join([matrix, *(f"{file.path} {file.fingerprint}" for file in files)])
    return hashlib.sha256(every.encode("utf-8", "surrogateescape")).hexdigest()[:40]

"""Vector fields of a KaroSpace bundle: match each to an embedding and write it."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.encode.arrays import little_endian
from karospace_stream.formats.karospace.job import KarospaceJob, PlacedVectors
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.karospace.layout.manifest import Part
from karospace_stream.formats.tiles import read_coords
from karospace_stream.model.catalog import Catalog
from karospace_stream.model.selection import EmbeddingChoice, Selection, VectorChoice
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.relations import basis_of, choose_vectors


@dataclass(frozen=True, slots=True)
class Found:
    """Vector fields with their embeddings, and the keys of fields without one."""

    vectors: tuple[PlacedVectors, ...]
    unplaced: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes to the user."""
        return tuple(
            f"the vector field {key!r} is left out: it fits no exported embedding" for key in self.unplaced
        )


def find_vectors(catalog: Catalog, options: ExportOptions, selection: Selection) -> Found:
    """Choose the vector fields, each with the embedding that matches its name and width."""
    bases = [choice.key.removeprefix("X_") for choice in selection.embeddings]
    placed, unplaced = [], []
    for choice in choose_vectors(catalog, options.vectors, bases):
        number = _embedding(choice, selection, bases)
        if number is None:
            unplaced.append(choice.key)
        else:
            placed.append(PlacedVectors(choice, number))
    return Found(tuple(placed), tuple(unplaced))


def _embedding(choice: VectorChoice, selection: Selection, bases: list[str]) -> int | None:
    fitting = [
        number
        for number, embedding in enumerate(selection.embeddings)
        if embedding.n_dims == choice.n_dims and basis_of(choice.key, [bases[number]]) is not None
    ]
    return max(fitting, key=lambda number: len(bases[number]), default=None)


def write_vectors(job: KarospaceJob, number: int, part: int) -> Part:
    """Write one part of a vector field: float32, in the units of its embedding."""
    start, stop = job.parts.vectors[number][part : part + 2]
    chosen = job.vectors[number].choice
    choice = EmbeddingChoice(("obsm", chosen.key), chosen.n_dims, y_down=False)
    tiles = read_coords(job.source, job.selection, choice, start, stop)
    pieces = (little_endian(tile.astype("float32", copy=False)) for tile in tiles)
    return job.put_packed(names.vector_array(number, part, job.level is not None), pieces), start, stop

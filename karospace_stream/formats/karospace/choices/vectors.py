"""Vector fields of a KaroSpace bundle: match each to an embedding."""

from __future__ import annotations

from dataclasses import dataclass

from karospace_stream.model.catalog import Catalog
from karospace_stream.model.finding import Finding
from karospace_stream.model.selection import Selection, VectorChoice
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.select.relations import basis_of, choose_vectors


@dataclass(frozen=True, slots=True)
class PlacedVectors:
    """A vector field, and the number of its embedding."""

    choice: VectorChoice
    embedding: int


@dataclass(frozen=True, slots=True)
class Found:
    """Vector fields with their embeddings, and the keys of fields without one."""

    vectors: tuple[PlacedVectors, ...]
    unplaced: tuple[str, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings about fields without an embedding."""
        return tuple(
            Finding(
                "vectors-left-out", f"the vector field {key!r} is left out: it matches no exported embedding"
            )
            for key in self.unplaced
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

"""Which parts of the source go into the bundle: resolved, nothing left to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from karospace_stream.model.about import NOTHING, About
from karospace_stream.model.sections import Arrangement, CellsImage


@dataclass(frozen=True, slots=True)
class GivenSets:
    """Gene sets as somebody wrote them.

    Attributes
    ----------
    source
        Where they are from, for people: the name of a file, ``uns:KEY``, or ``Python``. No path.
    sets
        The name of each, and its genes.
    """

    source: str
    sets: tuple[tuple[str, tuple[str, ...]], ...]

    def to_json(self) -> dict[str, object]:
        """As plain data."""
        return {"source": self.source, "sets": {name: list(genes) for name, genes in self.sets}}


@dataclass(frozen=True, slots=True)
class GeneSet:
    """A gene set among the genes of the matrix that is read.

    Attributes
    ----------
    genes
        Source columns of its genes, in its order.
    missing
        Names of those that the matrix does not have.
    column
        The obs column with its score; empty for none.
    """

    name: str
    source: str
    genes: tuple[int, ...]
    missing: tuple[str, ...] = ()
    column: str = ""


@dataclass(frozen=True, slots=True)
class GeneSets:
    """All gene sets of an export, as given and as found; none by default."""

    given: tuple[GivenSets, ...] = ()
    sets: tuple[GeneSet, ...] = ()

    @property
    def scored(self) -> tuple[GeneSet, ...]:
        """Those that have a score."""
        return tuple(each for each in self.sets if each.column)

    @property
    def columns(self) -> tuple[str, ...]:
        """The obs columns with scores."""
        return tuple(each.column for each in self.scored)


@dataclass(frozen=True, slots=True)
class PageNote:
    """A sentence for people who see the export on a page.

    Attributes
    ----------
    overlapping
        The column whose sections lie on top of each other, if the note is about that: it does not hold while
        the cells of one section are shown. Empty otherwise.
    """

    text: str
    overlapping: str = ""


@dataclass(frozen=True, slots=True)
class EmbeddingChoice:
    """Coordinates to export.

    Attributes
    ----------
    source
        ``("obsm", key)`` or ``("obs", x, y)``.
    n_dims
        1, 2 or 3: how many columns are taken (of a latent space, all).
    y_down
        Whether y grows downwards (tissue) or upwards (UMAP and the like).
    """

    source: tuple[str, str] | tuple[str, str, str]
    n_dims: int
    y_down: bool

    @property
    def key(self) -> str:
        """Name for people: the obsm key, or ``"x, y"``."""
        return ", ".join(self.source[1:])

    @property
    def spelling(self) -> str:
        """The form of ``--coords`` and ``coordinate_source``: ``obsm:spatial``, ``obs:x,y``."""
        if self.source == ("obs", "centroid_x", "centroid_y"):
            return "obs:centroid_x_y"  # the spelling of schema 1.0.0
        return f"{self.source[0]}:{','.join(self.source[1:])}"


@dataclass(frozen=True, slots=True)
class VectorChoice:
    """A displacement of every cell: an obsm entry as wide as the embedding that it goes with.

    Attributes
    ----------
    key
        Of obsm.
    n_dims
        Its columns: 1, 2 or 3.
    """

    key: str
    n_dims: int


@dataclass(frozen=True, slots=True, eq=False)
class VariableGenes:
    """Numbers by which the most variable genes were found, under the names of scanpy's columns of var.

    Attributes
    ----------
    columns
        Of all genes of the matrix.
    batch
        Column of obs in whose groups they were found; empty for all cells together.
    """

    flavor: str
    columns: Mapping[str, npt.NDArray[np.generic]]
    batch: str = ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VariableGenes):
            return NotImplemented
        same = (self.flavor, self.batch) == (other.flavor, other.batch) and list(self.columns) == list(
            other.columns
        )
        return same and all(
            np.array_equal(values, other.columns[name], equal_nan=values.dtype.kind == "f")
            for name, values in self.columns.items()
        )

    def __hash__(self) -> int:
        return hash((self.flavor, tuple(self.columns)))


@dataclass(frozen=True, slots=True)
class GeneGroups:
    """Which group each exported gene is of, such as rna and atac.

    Attributes
    ----------
    column
        The column of var that says so.
    names
        Of the groups.
    codes
        The number of the group of each gene, one byte each.
    """

    column: str
    names: tuple[str, ...]
    codes: bytes

    def to_json(self) -> dict[str, Any]:
        """For a document of an export."""
        return {"column": self.column, "names": list(self.names), "codes": list(self.codes)}


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Which cells, genes, columns and embeddings are exported.

    Attributes
    ----------
    matrix
        ``"X"``, ``"layers/<key>"`` or ``"raw"``; empty if no gene is exported.
    cells
        Source rows, int64, sorted; None for all of them.
    n_cells
        How many cells are exported.
    genes
        Source columns, int64, in exported order.
    labels
        A name for each exported gene: never empty, never twice.
    columns
        obs columns, in exported order.
    embeddings
        The first is the one of the base layer.
    arrangement
        How sections are laid out in the coordinates of the tissue; None if they stay where they are.
    images
        Images of ``uns['spatial']``, each with the exported cells that it lies under.
    page_notes
        What a page that shows the export should tell about its picture.
    about
        What people read about the data set.
    names_from
        The column of var that names the genes; empty for its index.
    ids
        An identifier for each exported gene, from the var index, also unique; empty if these are the labels.
    variable
        How the most variable genes were found, if they were computed.
    gene_sets
        Sets of genes that go along, and the obs columns with their scores.
    gene_groups
        Groups of the exported genes; None if they are one.
    """

    matrix: str
    cells: npt.NDArray[np.int64] | None
    n_cells: int
    genes: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    embeddings: tuple[EmbeddingChoice, ...]
    arrangement: Arrangement | None = None
    images: tuple[CellsImage, ...] = ()
    page_notes: tuple[PageNote, ...] = ()
    about: About = NOTHING
    names_from: str = ""
    ids: tuple[str, ...] = ()
    variable: VariableGenes | None = None
    gene_sets: GeneSets = GeneSets()
    gene_groups: GeneGroups | None = None

    @property
    def overlap(self) -> PageNote | None:
        """The note about sections that lie on top of each other, if they do."""
        return next((note for note in self.page_notes if note.overlapping), None)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Selection):
            return NotImplemented
        return all(
            np.array_equal(getattr(self, each), getattr(other, each)) for each in ("cells", "genes")
        ) and all(
            getattr(self, each.name) == getattr(other, each.name)
            for each in fields(self)
            if each.name not in ("cells", "genes")
        )

    __hash__ = None  # type: ignore[assignment] # as of any dataclass that is compared by value

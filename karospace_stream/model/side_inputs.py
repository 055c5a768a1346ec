"""Side inputs of gene writers: columns, coordinates and neighbours of the exported cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from karospace_stream.model.selection import EmbeddingChoice


@dataclass(frozen=True, slots=True)
class SideNeeds:
    """The side inputs that the writer of a format needs.

    Attributes
    ----------
    columns
        Names of obs columns that hold categories, text or true/false.
    embeddings
        Coordinates, with as many columns as are wanted.
    graphs
        Keys of obsp.
    """

    columns: tuple[str, ...] = ()
    embeddings: tuple[EmbeddingChoice, ...] = ()
    graphs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.columns or self.embeddings or self.graphs)

    def __or__(self, other: SideNeeds) -> SideNeeds:
        """The needs of two writers together, without repetitions."""
        return SideNeeds(
            tuple(dict.fromkeys((*self.columns, *other.columns))),
            tuple(dict.fromkeys((*self.embeddings, *other.embeddings))),
            tuple(dict.fromkeys((*self.graphs, *other.graphs))),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """An obs column of all exported cells.

    Attributes
    ----------
    values
        ``(n_cells,)``, the smallest signed integers that hold them: positions in ``categories``, -1 where
        the value is missing.
    categories
        In category order, also those that no cell has; sorted values of any other column.
    """

    values: npt.NDArray[np.signedinteger]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """A matrix of obsp among the exported cells, CSR. Neighbours of a cell are sorted, each there once.

    Attributes
    ----------
    indptr
        int64, ``(n_cells + 1,)``.
    indices
        int32, or int64 if there are more cells than that.
    weights
        float32; a zero that is stored stays.
    """

    indptr: npt.NDArray[np.int64]
    indices: npt.NDArray[np.signedinteger]
    weights: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class SideInputs:
    """The side inputs of the exported cells, in exported order. Nobody may write into the arrays.

    Attributes
    ----------
    columns
        By name.
    embeddings
        float32 ``(n_cells, n_dims)``, by their choice.
    graphs
        By their key.
    """

    columns: Mapping[str, Codes] = field(default_factory=dict)
    embeddings: Mapping[EmbeddingChoice, npt.NDArray[np.float32]] = field(default_factory=dict)
    graphs: Mapping[str, Neighbours] = field(default_factory=dict)

    def only(self, needs: SideNeeds) -> SideInputs:
        """The side inputs that one writer needs."""
        return SideInputs(
            {name: self.columns[name] for name in needs.columns},
            {choice: self.embeddings[choice] for choice in needs.embeddings},
            {key: self.graphs[key] for key in needs.graphs},
        )

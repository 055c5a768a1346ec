"""One modality of a MuData, with what the MuData says of its cells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from karospace_stream.inputs.kinds.mudata.maps import RowMap
from karospace_stream.inputs.kinds.mudata.taken import taken_element, taken_entry
from karospace_stream.source.elements.columns import Element
from karospace_stream.source.elements.embeddings import EmbeddingEntry
from karospace_stream.source.parts import OBSP, Parts
from karospace_stream.source.problems.unreadable import Unreadable

OTHER_ORDER = "it is of all cells of the MuData, but the exported ones are fewer, or in another order"


@dataclass(frozen=True, slots=True)
class Modality:
    """One modality, and where its cells are in the MuData."""

    name: str
    parts: Parts
    map: RowMap


def single(whole: Parts, modality: Modality, unreadable: Unreadable) -> Parts:
    """The parts of one modality; its own come first, those of the MuData follow under their names.

    Parameters
    ----------
    whole
        The MuData itself: obs, obsm and obsp of all cells, and uns.
    """
    parts = modality.parts
    cells = modality.map.cells()
    columns: dict[str, Element] = dict(parts.obs.columns)
    for name, element in whole.obs.columns.items():
        called = name.removeprefix(f"{modality.name}:")
        columns.setdefault(called, taken_element(element, cells))
    obsm: dict[str, EmbeddingEntry] = dict(parts.obsm)
    for key, entry in whole.obsm.items():
        obsm.setdefault(key, taken_entry(entry, cells))
    matrices = dict(parts.matrices)
    for key, reader in graphs_of(whole).items():
        if modality.map.is_same:
            matrices.setdefault(key, reader)
        elif key not in matrices:
            unreadable.append((key, OTHER_ORDER))
    return replace(
        parts,
        matrices=matrices,
        obs=replace(parts.obs, columns=columns),
        obsm=obsm,
        images=parts.images or whole.images,
        arrays={**whole.arrays, **parts.arrays},
        palettes={**whole.palettes, **parts.palettes},
        libraries=parts.libraries or whole.libraries,
        texts=tuple({**dict(parts.texts), **dict(whole.texts)}.items()),
        others=tuple(dict.fromkeys([*parts.others, *whole.others])),
    )


def graphs_of(parts: Parts) -> dict[str, Any]:
    """Readers of obsp, by their paths."""
    return {key: reader for key, reader in parts.matrices.items() if key.startswith(OBSP)}

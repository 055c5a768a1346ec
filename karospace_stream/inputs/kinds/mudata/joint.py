"""Several modalities of a MuData at once: the cells that are in all of them, the features side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from karospace_stream.errors import BadOptionError
from karospace_stream.inputs.kinds.mudata.maps import common_rows
from karospace_stream.inputs.kinds.mudata.matrix import Side, side_by_side
from karospace_stream.inputs.kinds.mudata.single import OTHER_ORDER, Modality, graphs_of
from karospace_stream.inputs.kinds.mudata.stacked import stacked_var
from karospace_stream.inputs.kinds.mudata.taken import taken_element, taken_entry
from karospace_stream.model.finding import Finding
from karospace_stream.model.source import MatrixReader
from karospace_stream.source.elements.arrays import StoredArray
from karospace_stream.source.elements.columns import Element
from karospace_stream.source.elements.embeddings import EmbeddingEntry
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.parts import OBSP, Parts
from karospace_stream.source.problems.unreadable import Unreadable
from karospace_stream.units import counted

_RAW = "several modalities are exported at once, which have no raw in common"


def joint(whole: Parts, modalities: Sequence[Modality], where: str, unreadable: Unreadable) -> Parts:
    """The parts of several modalities as one AnnData.

    Columns and entries of the MuData keep their names; a column of a modality is called ``MODALITY:COLUMN``,
    as in mudata.

    Raises
    ------
    BadOptionError
        If no cell is in all of them, or their matrices cannot be read together.
    """
    cells, rows = _common(whole, modalities, where)
    n_cells = whole.obs.n_rows if cells is None else cells.shape[0]
    graphs = _graphs(whole, modalities, cells, rows, unreadable)
    matrices = {**_matrices(modalities, rows, n_cells, where, unreadable), **graphs}
    first = next((each.parts for each in modalities if each.parts.images), whole)
    var = stacked_var({each.name: each.parts.var for each in modalities})
    return replace(
        whole,
        matrices=matrices,
        obs=Frame(
            "obs", n_cells, taken_element(whole.obs.index, cells), _columns(whole, modalities, cells, rows)
        ),
        var=var,
        raw_var=None,
        obsm=_obsm(whole, modalities, cells, rows),
        varm={},
        images=first.images,
        libraries=first.libraries,
        spot_diameter=first.spot_diameter,
        microns_per_pixel=first.microns_per_pixel,
        log_base=next((each.parts.log_base for each in modalities if each.parts.log_base), None),
        arrays={**_prefixed("arrays", modalities), **whole.arrays},
        palettes={**_prefixed("palettes", modalities), **whole.palettes},
        rankings={},
        sets={},
        aliases={},
        others=(*whole.others, *_others(modalities)),
        findings=_left_out_cells(modalities, n_cells, whole.obs.n_rows),
    )


def _common(
    whole: Parts, modalities: Sequence[Modality], where: str
) -> tuple[StoredArray | None, list[StoredArray | None]]:
    """The cells that are in all modalities, and the row of each modality for them; None for all of them."""
    maps = [each.map for each in modalities]
    cells = common_rows(maps, None)
    n_cells = cells.shape[0]
    names = ", ".join(each.name for each in modalities)
    if not n_cells:
        raise BadOptionError(
            f"--modality: no cell of {where} is in all of the modalities {names}; choose one of them"
        )
    rows = [
        None if each.map.is_in_order and each.parts.obs.n_rows == n_cells else common_rows(maps, which)
        for which, each in enumerate(modalities)
    ]
    return (None if n_cells == whole.obs.n_rows else cells), rows


def _left_out_cells(modalities: Sequence[Modality], n_cells: int, n_all: int) -> tuple[Finding, ...]:
    if n_cells == n_all:
        return ()
    names = ", ".join(each.name for each in modalities)
    there = f"{n_cells:,} of {counted(n_all, 'cell')}"
    text = f"{there} are in all of the modalities {names}; the others are left out"
    return (Finding("cells-in-some-modalities", text, "modality", modalities[0].name),)


def _matrices(
    modalities: Sequence[Modality],
    rows: Sequence[StoredArray | None],
    n_cells: int,
    where: str,
    unreadable: Unreadable,
) -> dict[str, MatrixReader]:
    """X and the layers that all have; the first reason why there is no X is an error."""
    held = Counter(key for each in modalities for key in each.parts.matrices if not key.startswith(OBSP))
    found: dict[str, MatrixReader] = {}
    for key in held:
        if key == "raw" or key.startswith("obsm/"):
            unreadable.append((key, _RAW if key == "raw" else "several modalities are exported at once"))
            continue
        without = [each.name for each in modalities if key not in each.parts.matrices]
        if without:
            unreadable.append((key, f"the modality {without[0]} has no matrix of this name"))
            continue
        readers = [each.parts.matrices[key] for each in modalities]
        sides = [Side(*each) for each in zip(readers, rows, strict=True)]
        found[key] = side_by_side(key, sides, n_cells)
    return found


def _columns(
    whole: Parts,
    modalities: Sequence[Modality],
    cells: StoredArray | None,
    rows: Sequence[StoredArray | None],
) -> dict[str, Element]:
    columns = {name: taken_element(element, cells) for name, element in whole.obs.columns.items()}
    for each, its in zip(modalities, rows, strict=True):
        for name, element in each.parts.obs.columns.items():
            columns.setdefault(f"{each.name}:{name}", taken_element(element, its))
    return columns


def _obsm(
    whole: Parts,
    modalities: Sequence[Modality],
    cells: StoredArray | None,
    rows: Sequence[StoredArray | None],
) -> dict[str, EmbeddingEntry]:
    """All entries; one of several modalities, or also of the MuData, has the name of its modality in it."""
    held = Counter([*whole.obsm, *(key for each in modalities for key in each.parts.obsm)])
    entries = {key: taken_entry(entry, cells) for key, entry in whole.obsm.items()}
    for each, its in zip(modalities, rows, strict=True):
        for key, entry in each.parts.obsm.items():
            called = _apart(key, each.name) if held[key] > 1 else key
            entries.setdefault(called, taken_entry(entry, its))
    return entries


def _graphs(
    whole: Parts,
    modalities: Sequence[Modality],
    cells: StoredArray | None,
    rows: Sequence[StoredArray | None],
    unreadable: Unreadable,
) -> dict[str, MatrixReader]:
    """Graphs of exactly the exported cells, named as entries of obsm are."""
    every = [
        (whole, "", cells),
        *((each.parts, each.name, its) for each, its in zip(modalities, rows, strict=True)),
    ]
    held = Counter(key for parts, _, _ in every for key in graphs_of(parts))
    found: dict[str, MatrixReader] = {}
    for parts, name, its in every:
        for key, reader in graphs_of(parts).items():
            called = OBSP + (
                _apart(key.removeprefix(OBSP), name) if name and held[key] > 1 else key[len(OBSP) :]
            )
            if its is None:
                found[called] = replace(reader, info=replace(reader.info, name=called))
            else:
                unreadable.append((called, OTHER_ORDER))
    return found


def _apart(key: str, modality: str) -> str:
    """The name of an entry with its modality in it; it stays an embedding by its name."""
    return f"X_{modality}:{key[2:]}" if key.startswith("X_") else f"{modality}:{key}"


def _prefixed(field: str, modalities: Sequence[Modality]) -> dict[str, Any]:
    """Entries of uns; the colours of a column keep to the name that it has now."""
    return {
        f"{each.name}:{key}": value
        for each in modalities
        for key, value in getattr(each.parts, field).items()
    }


def _others(modalities: Sequence[Modality]) -> list[str]:
    """Parts of the modalities that are left out."""
    found: list[str] = []
    for each in modalities:
        parts = each.parts
        paths = [*parts.others, *(f"uns/{key}" for key in (*parts.rankings, *parts.sets))]
        paths += [f"varm/{key}" for key in parts.varm]
        found += [f"{group}/{each.name}:{rest}" for group, _, rest in (path.partition("/") for path in paths)]
    return list(dict.fromkeys(found))

"""Read a MuData as an AnnData: one of its modalities, or several at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.inputs.kinds.mudata.choose import choose, modalities_of
from karospace_stream.inputs.kinds.mudata.joint import joint
from karospace_stream.inputs.kinds.mudata.maps import row_map
from karospace_stream.inputs.kinds.mudata.single import Modality, single
from karospace_stream.model.catalog import Catalog
from karospace_stream.source.anndata_source import fitting
from karospace_stream.source.elements.attributes import encoding_type
from karospace_stream.source.elements.columns import Wrap
from karospace_stream.source.parts import Parts
from karospace_stream.source.problems.unreadable import Unreadable
from karospace_stream.source.resolve.stored import resolve_parts

MUDATA = "MuData"


@dataclass(frozen=True, slots=True)
class MuData:
    """Several AnnData of overlapping cells; a `Kind`.

    Attributes
    ----------
    modalities
        Those to read; none to take the usual one.
    """

    modalities: tuple[str, ...] = ()
    name: str = MUDATA

    def matches(self, root: Any) -> bool:
        """Whether an open root group is a MuData."""
        return encoding_type(root) == MUDATA or ("mod" in root and "X" not in root)

    def resolve(self, root: Any, where: str, wrap: Wrap, unreadable: Unreadable) -> Parts:
        """Describe it as the parts of an AnnData; reads the maps of cells besides attributes."""
        groups = modalities_of(root, where)
        names, findings = choose(list(groups), self.modalities, where)
        whole = _without_masks(
            fitting(resolve_parts(root, where, wrap, unreadable), unreadable), list(groups)
        )
        found = []
        for name in names:
            with _inside(name, where):
                own: Unreadable = []
                if "mod" in groups[name]:
                    raise BadInputError("it is a MuData itself")
                parts = fitting(resolve_parts(groups[name], where, wrap, own), own)
                if len(names) > 1 and "X" not in parts.matrices:
                    raise BadInputError(
                        f"its X is missing, or cannot be read: {dict(own).get('X', 'missing')}"
                    )
                found.append(Modality(name, parts, row_map(root, name, whole.obs, parts.obs, wrap, where)))
                unreadable += own if len(names) == 1 else _renamed(own, name)
        parts = (
            single(whole, found[0], unreadable) if len(found) == 1 else joint(whole, found, where, unreadable)
        )
        return replace(parts, findings=(*findings, *parts.findings))


@contextmanager
def _inside(name: str, where: str) -> Iterator[None]:
    """Say which modality cannot be read."""
    try:
        yield
    except BadInputError as error:
        raise BadInputError(f"the modality {name!r} of {where} cannot be read: {error}") from error


def _without_masks(whole: Parts, names: list[str]) -> Parts:
    """Without the entries of obsm by which mudata says which modality has a cell."""
    return replace(whole, obsm={key: entry for key, entry in whole.obsm.items() if key not in names})


def _renamed(own: Unreadable, modality: str) -> Unreadable:
    """Problems of one of several modalities, under the names that its parts have then."""
    split = [(*key.partition("/"), why) for key, why in own]
    return [(f"{group}{slash}{modality}:{rest}" if rest else group, why) for group, slash, rest, why in split]


def check_modality(catalog: Catalog, wanted: Sequence[str]) -> None:
    """Reject a choice of modalities of something that has none."""
    if wanted and catalog.kind != MUDATA:
        raise BadOptionError(
            f"--modality chooses among the modalities of a MuData, but {catalog.location} is "
            f"{catalog.kind or 'an AnnData'}; leave it out"
        )

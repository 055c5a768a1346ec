"""Parts of a source that an export leaves out, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from karospace_stream.model.catalog import Catalog

#: Why a matrix of several inputs is left out that is turned when the user chooses it.
TURNED_IF_CHOSEN = (
    "it is CSC in some inputs and by rows in others, which is put right only for the matrix that is chosen"
)
_ENDS_KIND = re.compile("[:/]")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One part that an export leaves out.

    Attributes
    ----------
    part
        As `parts_of` spells it, such as ``obs:score``; or ``cells`` and ``genes`` for some of them.
    reason
        Why; begins with ``only`` if the rest of the part is exported.
    way_out
        The option that would export it; empty if there is none.
    by_user
        Whether an option of the user asks for it.
    """

    part: str
    reason: str
    way_out: str = ""
    by_user: bool = False

    @property
    def is_partial(self) -> bool:
        """Whether the rest of the part is exported."""
        return self.reason.startswith("only ")


def spell(key: str) -> str:
    """The part at a path of the file: ``obs:score`` for ``obs/score``."""
    kind, slash, name = key.partition("/")
    return f"{kind}:{name}" if slash and kind != "raw" else key


def kind_of(part: str) -> str:
    """The member of an AnnData that a part belongs to, such as ``obs``."""
    return _ENDS_KIND.split(part, 1)[0]


def parts_of(catalog: Catalog) -> Iterator[str]:
    """Everything that there is: ``X``, ``raw``, ``layers:spliced``, ``obs:score``, ``varm:PCs`` and so on."""
    matrices = (catalog.matrix, *catalog.layers, catalog.raw)
    yield from (spell(info.name) for info in matrices if info is not None)
    yield from (f"obs:{info.name}" for info in catalog.obs)
    yield from (f"var:{info.name}" for info in catalog.var)
    yield from (f"obsm:{info.key}" for info in catalog.obsm)
    yield from (spell(info.name) for info in catalog.sparse)
    yield from (f"obsp:{key}" for key in catalog.obsp)
    yield from (f"uns:{key}" for key, _ in catalog.uns)
    yield from (f"uns:{image.path}" for image in catalog.images)
    yield from map(spell, catalog.others)


def removable_parts(catalog: Catalog) -> list[str]:
    """All parts that the user can name to leave them out, readable or not."""
    raw_var = (f"var:{info.name}" for info in catalog.raw_var)
    unreadable = (spell(key) for key, _ in catalog.unreadable)
    return list(dict.fromkeys([*parts_of(catalog), *raw_var, *unreadable]))


def is_within(part: str, wanted: str) -> bool:
    """Whether a part is the one that was named, or belongs to it: ``uns`` names all of uns."""
    return part == wanted or part.startswith((f"{wanted}:", f"{wanted}/"))

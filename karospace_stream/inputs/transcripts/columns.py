"""Which columns of a table of transcripts are x, y, the gene and the quality."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.select.suggest import not_there

#: In pairs: a table that has both has its coordinates there. The first of them that fits is taken.
_PLACES = (
    ("x_location", "y_location"),  # Xenium
    ("global_x", "global_y"),  # MERSCOPE
    ("x_global_px", "y_global_px"),  # CosMx
    ("x", "y"),  # SpatialData, and whoever writes by hand
    ("x_um", "y_um"),
    ("x_micron", "y_micron"),
    ("x_global", "y_global"),
)
_GENES = ("feature_name", "gene", "target", "gene_name", "gene_id", "feature", "genes", "geneid")
_QUALITY = "qv"
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class TranscriptColumns:
    """Names of columns; ``quality`` is empty if there is none."""

    x: str
    y: str
    gene: str
    quality: str = ""

    def __iter__(self) -> Iterator[str]:
        """All of them that exist."""
        return (name for name in (self.x, self.y, self.gene, self.quality) if name)


def find_columns(
    names: Sequence[str], where: str, given: Sequence[str] = (), feature: str = ""
) -> TranscriptColumns:
    """Find the columns of a table.

    Parameters
    ----------
    given
        Names of the columns x, y and gene, as the user has them; empty to find them by their names.
    feature
        The column of the genes, if the table says so.

    Raises
    ------
    BadOptionError
        If one that was given does not exist.
    BadInputError
        If they cannot be found.
    """
    if given:
        missing = [name for name in given if name not in names]
        if missing:
            raise BadOptionError(
                f"{where}: {not_there('column', missing, names, option='--transcript-columns')}"
            )
        x, y, gene = given
        return TranscriptColumns(x, y, gene, _quality(names))
    by_name = {name.casefold(): name for name in reversed(names)}
    place = next((pair for pair in _PLACES if set(pair) <= by_name.keys()), None)
    genes = (
        [feature] if feature and feature in names else [by_name[each] for each in _GENES if each in by_name]
    )
    if place is None or not genes:
        lacking = "x and y" if place is None else "the gene"
        shown = ", ".join(list(names)[:_SHOWN]) + (", …" if len(names) > _SHOWN else "") or "none"
        raise BadInputError(
            f"{where}: no column is known to hold {lacking} of a transcript; name three of its columns with "
            f"--transcript-columns X,Y,GENE; it has {shown}"
        )
    x, y = (by_name[each] for each in place)
    return TranscriptColumns(x, y, genes[0], _quality(names))


def check_kinds(
    columns: TranscriptColumns,
    kinds: Mapping[str, Literal["numbers", "names", "others"]],
    where: str,
    given: Sequence[str] = (),
    *,
    numbers_are_names: bool = False,
) -> None:
    """Check that columns hold what they must.

    Parameters
    ----------
    kinds
        What the columns of the table hold; those that are not known are left out.
    numbers_are_names
        Whether genes may be numbers, as in a text file.

    Raises
    ------
    BadOptionError, BadInputError
        If they hold something else, and the user has named them or not.
    """
    wanted = ((columns.x, "numbers", "x"), (columns.y, "numbers", "y"), (columns.gene, "names", "the gene"))
    for name, kind, what in wanted:
        own = kinds.get(name, kind)
        if own == kind or (kind == "names" and own == "numbers" and numbers_are_names):
            continue
        fitting = [repr(each) for each, own in kinds.items() if own == kind][:_SHOWN]
        text = (
            f"{where}: the column {name!r} cannot be {what} of a transcript, as it does not hold {kind}; "
            f"columns that do are {', '.join(fitting) or 'none'}"
        )
        if given:
            raise BadOptionError(f"--transcript-columns: {text}")
        raise BadInputError(f"{text}; name three with --transcript-columns X,Y,GENE")


def _quality(names: Sequence[str]) -> str:
    return next((name for name in names if name.casefold() == _QUALITY), "")

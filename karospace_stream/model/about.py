"""The description of a data set: its title, its origin, its licence."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

#: ``scaled``: some are negative; ``counts``: whole numbers; ``normalised``: neither.
ValueKind = Literal["scaled", "counts", "normalised"]


@dataclass(frozen=True, slots=True)
class ValueChange:
    """What was done to the values of the exported matrix as they were read.

    Attributes
    ----------
    total
        Of each cell that has counts; None if cells were not normalised, or the median is not counted yet.
    log1p
        Whether the natural logarithm of one plus the value followed.
    is_median
        Whether the total is the median of all exported cells.
    """

    total: float | None
    log1p: bool
    is_median: bool = False

    def __str__(self) -> str:
        total = "" if self.total is None else f"{self.total:,.6g}"
        median = "the median" + (f", {total}" if total else "")
        parts = [f"scaled to {median if self.is_median else total} a cell"] if total or self.is_median else []
        return ", then ".join([*parts, *(["log1p"] if self.log1p else [])])

    def to_json(self) -> dict[str, Any]:
        """The form in manifests; what was not done is absent."""
        total = {} if self.total is None else {"normalized_to": self.total}
        return {**total, **({"log1p": True} if self.log1p else {})}


@dataclass(frozen=True, slots=True)
class About:
    """Texts about a data set, from options and from uns; empty where nothing is texts.

    Attributes
    ----------
    title
        Empty where the name of the data set is its title.
    schema_version, schema_reference
        Of the schema that the input follows, such as CELLxGENE's.
    matrix, values
        The exported matrix, and what its values are as far as a sample tells; they alone are no text.
    changed
        What was done to the values as they were read; None if they are those of the file.
    from_uns
        Keys of uns whose texts are used.
    """

    title: str = ""
    description: str = ""
    citation: str = ""
    license: str = ""
    doi: str = ""
    source_name: str = ""
    source_url: str = ""
    organism: str = ""
    schema_version: str = ""
    schema_reference: str = ""
    matrix: str = ""
    values: ValueKind | None = None
    changed: ValueChange | None = None
    from_uns: tuple[str, ...] = ()

    def to_json(self, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """The form in manifests: texts and the meaning of values; empty if there is no text.

        Parameters
        ----------
        without
            Keys of the result that a manifest has elsewhere.
        """
        made: dict[str, Any] = {
            "title": self.title,
            "description": self.description,
            "citation": self.citation,
            "license": self.license,
            "doi": self.doi,
            "source": _given(name=self.source_name, url=self.source_url),
            "organism": self.organism,
            "schema": _given(version=self.schema_version, reference=self.schema_reference),
        }
        texts = {key: value for key, value in made.items() if value and key not in without}
        return {**texts, **self.values_json()} if texts else {}

    def values_json(self) -> dict[str, Any]:
        """The kind of the exported matrix's values; empty if unknown."""
        if self.values is None:
            return {}
        changed = {} if self.changed is None else self.changed.to_json()
        return {"values": {"matrix": self.matrix, "kind": self.values, **changed}}


def _given(**texts: str) -> dict[str, str]:
    return {key: text for key, text in texts.items() if text}


#: Where nothing is texts.
NOTHING = About()

_NOT_IN_UNS = ("source_name", "source_url", "matrix", "values", "changed", "from_uns")
#: Keys of uns from which the texts are taken: those of CELLxGENE's schema and of scverse.
UNS_KEYS = tuple(each.name for each in fields(About) if each.name not in _NOT_IN_UNS)

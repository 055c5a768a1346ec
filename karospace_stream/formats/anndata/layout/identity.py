"""``uns``: the title, the record ``cellucid``, which describes the store and how it opens, other texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.anndata.layout.arrays import ArraySpec
from karospace_stream.formats.anndata.layout.groups import ARRAY, GroupSpec, dict_group, encoding

SCHEMA = 1
OUTLIERS = "uns/cellucid/outlierQuantiles"
_ID = re.compile(r"(?=.{1,180}\Z)[A-Za-z0-9][A-Za-z0-9._-]*(?<!\.)", re.DOTALL)
_URL = re.compile(r"https?://[^/?#\s]+\S*")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ORDER = (*("embedding1d", "embedding2d", "embedding3d", "geneIdColumn", "latentKey", "centroidMinPoints"),)


#: A text, a number, some numbers, or several of them by name.
Default = str | int | tuple[int, ...] | Mapping[str, "str | tuple[int, ...]"]
#: A group, or a small array with its value.
Scalar = GroupSpec | tuple[ArraySpec, str | int | tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Identity:
    """The name of a store, its origin, and how it opens.

    Attributes
    ----------
    citation, source
        A text and a URL; either may be missing.
    defaults
        Launch defaults by key, only those that were chosen.
    title
        ``uns['title']``; the name if it is empty.
    further
        Other texts of ``uns`` by key, such as the licence, that have no field in the record.
    groups
        Groups of texts of ``uns`` by key, such as the note about sections that overlap.
    """

    id: str
    name: str
    description: str | None = None
    citation: tuple[str | None, str | None] = (None, None)
    source: tuple[str | None, str | None] = (None, None)
    defaults: Mapping[str, Default] = field(default_factory=dict)
    title: str = ""
    further: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """``uns['cellucid']``, without its outlier quantiles."""
        about: dict[str, Any] = {"schema": SCHEMA, "id": self.id, "name": self.name}
        if self.description is not None:
            about["description"] = self.description
        for key, words, (text, url) in (
            ("citation", "text", self.citation),
            ("source", "name", self.source),
        ):
            if text is not None:
                about[key] = {words: text} if url is None else {words: text, "url": url}
        if self.defaults:
            about["defaults"] = {key: self.defaults[key] for key in _ORDER if key in self.defaults}
        return about


def check_id(wanted: str) -> str:
    """Check a requested id.

    Raises
    ------
    BadOptionError
        If it cannot be part of a URL everywhere.
    """
    if not _ID.fullmatch(wanted):
        raise BadOptionError(
            "--dataset-id must be 1 to 180 of the characters A-Z, a-z, 0-9, '.', '_' and '-', beginning with "
            f"a letter or a digit and not ending in '.'; got {wanted[:60]!r}"
        )
    return wanted


def check_text(text: str, option: str, *, may_be_empty: bool = False) -> str:
    """Check a text that is shown unchanged.

    Raises
    ------
    BadOptionError
        If it is empty, begins or ends with a blank, or has a character that cannot be shown.
    """
    if not text and not may_be_empty:
        raise BadOptionError(f"{option} must not be empty; leave it out, or give a text")
    if text != text.strip() or any(unicodedata.category(each) in ("Cc", "Cs") for each in text):
        raise BadOptionError(
            f"{option} must be text without blanks at either end or invisible characters, got {text[:60]!r}"
        )
    return text


def check_url(url: str, option: str) -> str:
    """Check the URL of a page.

    Raises
    ------
    BadOptionError
        If it is not one.
    """
    if not _URL.fullmatch(check_text(url, option)):
        raise BadOptionError(f"{option} must be an address such as https://example.org, got {url[:60]!r}")
    return url


def shown(name: str) -> str:
    """Make a name that nobody chose, such as a file's, fit for display."""
    seen = "".join(each for each in name if unicodedata.category(each) not in ("Cc", "Cs"))
    return seen.strip() or "dataset"


def one_line(text: str) -> str:
    """A text of a file on one line: readers of a record refuse line ends."""
    return " ".join(text.split())


def id_of(name: str) -> str:
    """Derive an id from a name."""
    return _UNSAFE.sub("_", name).strip("._-")[:180].rstrip(".") or "dataset"


def elements(identity: Identity, attributes: Mapping[str, Any]) -> Iterator[Scalar]:
    """All elements of ``uns``, each group before its members, each scalar with its value."""
    yield dict_group("uns", attributes)
    yield _scalar("uns/title", identity.title or identity.name)
    yield from (_scalar(f"uns/{key}", text) for key, text in identity.further.items())
    yield from _mapping("uns/cellucid", identity.record())
    for key, texts in identity.groups.items():
        yield from _mapping(f"uns/{key}", texts)


def outlier_elements(latent: str, min_points: int) -> Iterator[Scalar]:
    """Elements that accompany outlier quantiles, whose arrays come afterwards."""
    yield from _mapping(OUTLIERS, {"latentKey": latent, "minPoints": min_points, "fields": {}})


def _mapping(path: str, values: Mapping[str, Any]) -> Iterator[Scalar]:
    yield dict_group(path)
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _mapping(f"{path}/{key}", value)
        else:
            yield _scalar(f"{path}/{key}", value)


def _scalar(path: str, value: str | int | tuple[int, ...]) -> Scalar:
    if isinstance(value, tuple):
        return ArraySpec(path, (len(value),), (len(value),), "int64", attributes=ARRAY), value
    if isinstance(value, str):
        return ArraySpec(path, (), (), "str", attributes=encoding("string", "0.2.0")), value
    return ArraySpec(path, (), (), "int64", attributes=encoding("numeric-scalar", "0.2.0")), value

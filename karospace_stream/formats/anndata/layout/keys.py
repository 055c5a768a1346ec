"""Keys of elements: their names, if those are valid paths on every system a store is copied to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

_FORBIDDEN = re.compile(r'[/\\<>:"|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]')
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³")}
)
_DOCUMENTS = frozenset({".zarray", ".zattrs", ".zgroup", ".zmetadata", "zarr.json"})
_LONGEST = 255  # bytes of a file name
#: Attribute of a group whose elements are not all stored under their own names: key to name.
ORIGINAL_NAMES = "original-names"


def stored_keys(names: Iterable[str], reserved: Sequence[str] = ()) -> dict[str, str]:
    """Find keys for the elements of one group that stay distinct wherever the store is copied to.

    A name that is a valid path everywhere is its own key. In others, invalid characters are written as in a
    URL, ``%3A`` for a colon; a key longer than a file name may be is cut; and one that is taken, in
    any letter case, gets a number at its end.

    Parameters
    ----------
    reserved
        Keys already in the group.

    Returns
    -------
    A key for each name, in order.
    """
    taken = {folded(key) for key in reserved}
    keys: dict[str, str] = {}
    given = list(dict.fromkeys(names))
    # Names that need no other key keep theirs, whatever comes before them.
    for plain in (True, False):
        for name in given:
            if (_escaped(name) == name) is plain:
                keys[name] = free_key(_escaped(name), taken, _LONGEST)
    return {name: keys[name] for name in given}


def folded(key: str) -> str:
    """Fold a key: equal for keys that are one file where letter case or accent encoding does not matter."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", key).casefold())


def free_key(wanted: str, taken: set[str], longest: int) -> str:
    """Return the key, or if it is taken, the first free one with ``-1``, ``-2``, …; mark it as taken."""
    key, number = wanted, 0
    while folded(key) in taken:
        number += 1
        ending = f"-{number}"
        key = wanted.encode()[: longest - len(ending)].decode(errors="ignore") + ending
    taken.add(folded(key))
    return key


def _escaped(name: str) -> str:
    key = _FORBIDDEN.sub(lambda found: _percent(found[0]), name)
    if key in (".", "..", "_index") or key in _DOCUMENTS:
        key = _percent(key[0]) + key[1:]
    if key.endswith((" ", ".")):  # which Windows strips
        key = key[:-1] + _percent(key[-1])
    if key.split(".", 1)[0].upper() in _DEVICES:
        key = _percent(key[0]) + key[1:]
    if len(key.encode()) > _LONGEST:
        digest = blake2b(name.encode(errors="surrogatepass"), digest_size=4).hexdigest()
        key = f"{key.encode()[: _LONGEST - 16].decode(errors='ignore')}-{digest}"
    return key or "unnamed"


def _unicode(name: str) -> str:
    """Replace lone surrogates, which JSON cannot hold, with question marks."""
    return name.encode(errors="replace").decode()


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode(errors="surrogatepass"))


@dataclass(frozen=True, slots=True)
class StoredKeys:
    """Keys of the elements of a store that cannot be stored under their own names.

    Attributes
    ----------
    others
        By group, such as ``obs``, the keys of those names.
    """

    others: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, groups: Mapping[str, Iterable[str]], reserved: Mapping[str, Sequence[str]]) -> StoredKeys:
        """Find a key for every name of every group."""
        found = {}
        for group, names in groups.items():
            keys = stored_keys(names, reserved.get(group, ()))
            found[group] = {name: key for name, key in keys.items() if key != name}
        return cls({group: keys for group, keys in found.items() if keys})

    def key(self, group: str, name: str) -> str:
        """Key of one element in its group."""
        return self.others.get(group, {}).get(name, name)

    def path(self, group: str, name: str) -> str:
        """Path of one element from the root."""
        return f"{group}/{self.key(group, name)}"

    def attributes(self, group: str) -> dict[str, Any]:
        """Attributes with the names of a group's elements; empty if all are stored under their own."""
        others = self.others.get(group)
        return {ORIGINAL_NAMES: {key: _unicode(name) for name, key in others.items()}} if others else {}

    def notes(self) -> Iterator[str]:
        """Notes to the user."""
        for group, keys in self.others.items():
            (name, key), *more = keys.items()
            others = f" and {len(more):,} more" if more else ""
            yield (
                f"in {group}, {name[:80]!r} is stored as {key[:80]!r}{others}: it must be a path of its own "
                f"on every system; the names themselves are in the attribute {ORIGINAL_NAMES}"
            )

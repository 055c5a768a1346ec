"""Names in a store: its documents, and keys that become paths on every system it is copied to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from karospace_stream.errors import BadInputError
from karospace_stream.formats.anndata.arrays import ZarrFormat

#: The consolidated document at the root, without which a browser finds nothing. Written last.
SEALED_BY: dict[ZarrFormat, str] = {2: ".zmetadata", 3: "zarr.json"}
#: All documents at the root, in the order in which they are written.
ROOT_DOCUMENTS: dict[ZarrFormat, tuple[str, ...]] = {
    2: (".zgroup", ".zattrs", ".zmetadata"),
    3: ("zarr.json",),
}
_FORBIDDEN = re.compile(r'[/\\<>:"|?*\x00-\x1f\x7f-\x9f]')
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³")}
)
_DOCUMENTS = frozenset({".zarray", ".zattrs", ".zgroup", ".zmetadata", "zarr.json"})
#: What the keys of all objects but the documents at the root begin with.
OWNED = tuple(f"{group}/" for group in ("X", "layers", "obs", "obsm", "obsp", "uns", "var", "varm", "varp"))
_LONGEST = 255  # bytes of a file's name


def check_keys(keys: Iterable[str], what: str) -> None:
    """Refuse keys that could not lie side by side in one group.

    Parameters
    ----------
    what
        Such as ``obs column``, for the message.

    Raises
    ------
    BadInputError
        If a key is no name of a folder everywhere, or two of them differ by case only.
    """
    seen: dict[str, str] = {}
    for key in keys:
        why = _problem(key)
        if why:
            raise BadInputError(
                f"the {what} {key[:80]!r} {why}. It would be a folder of the store: rename it in the input, "
                "or leave it out of the export"
            )
        other = seen.get(key.casefold())
        if other is not None:
            same = "is there twice" if other == key else f"and {other!r} differ in letter case only"
            raise BadInputError(
                f"the {what} {key!r} {same}. They would be one folder of the store on macOS and Windows: "
                "rename one of them in the input, or leave it out of the export"
            )
        seen[key.casefold()] = key


def _problem(key: str) -> str:
    if not key:
        return "has no name"
    if any("\ud800" <= character <= "\udfff" for character in key):
        return "is no Unicode text"
    if _FORBIDDEN.search(key):
        return 'has a character that no path may have everywhere (/ \\ < > : " | ? * or a control)'
    if key in (".", "..") or key in _DOCUMENTS:
        return "is a name that the store needs itself"
    if key.endswith((" ", ".")):
        return "ends in a blank or a dot, which Windows takes away"
    if key.split(".", 1)[0].upper() in _DEVICES:
        return "is the name of a device on Windows"
    if len(key.encode()) > _LONGEST:
        return f"is longer than the {_LONGEST} bytes of a file name"
    return ""

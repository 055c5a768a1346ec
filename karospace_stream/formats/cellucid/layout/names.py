"""Paths inside a Cellucid export. Keys of columns and genes become file names, by a fixed rule."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from karospace_stream.errors import BadInputError
from karospace_stream.formats.layout.checksums import CHECKSUMS

JSON = "application/json"
BINARY = "application/octet-stream"
GZIP = "application/gzip"

IDENTITY = "dataset_identity.json"

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 255 - len(".outliers.u16.gz")  # of the 255 bytes that file systems allow


@dataclass(frozen=True, slots=True)
class Layout:
    """Paths of all files. Usually only ``gzip`` is changed.

    Attributes
    ----------
    gzip
        Whether binary files are compressed; manifests never are.
    prefix
        Prefix of the paths of all files except the manifests; empty, or a folder with its slash.
    """

    gzip: bool
    prefix: str = ""
    obs_manifest: str = "obs_manifest.json"
    obs_folder: str = "obs"
    var_manifest: str = "var_manifest.json"
    var_folder: str = "var"
    graph_manifest: str = "connectivity_manifest.json"
    graph_folder: str = "connectivity"

    @property
    def entries(self) -> tuple[str, ...]:
        """Documents with fixed names, ending with the one that makes a folder an export."""
        return (self.obs_manifest, self.var_manifest, self.graph_manifest, CHECKSUMS, IDENTITY)

    @property
    def owned(self) -> tuple[str, ...]:
        """Prefixes of all other file names."""
        folders = (self.obs_folder, self.var_folder, self.graph_folder, "vectors")
        return (*(f"{folder}/" for folder in folders), "points_")

    @property
    def suffix(self) -> str:
        """``.gz`` if binary files are compressed, else empty."""
        return ".gz" if self.gzip else ""

    @property
    def media_type(self) -> str:
        """Media type of binary files."""
        return GZIP if self.gzip else BINARY

    @property
    def rows(self) -> str:
        """Rows of the input, where cells are in another order."""
        return f"{self.prefix}points_rows.bin{self.suffix}"

    def points(self, n_dims: int) -> str:
        """Normalised coordinates."""
        return f"{self.prefix}points_{n_dims}d.bin{self.suffix}"

    def vectors(self, field: str, n_dims: int) -> str:
        """Displacements of one vector field."""
        return f"{self.prefix}vectors/{field}_{n_dims}d.bin{self.suffix}"

    def obs_values(self, key: str, extension: str) -> str:
        """Values of a continuous obs field; ``extension`` is f32, u8 or u16."""
        return f"{self.prefix}{self.obs_folder}/{safe_name(key)}.values.{extension}{self.suffix}"

    def obs_codes(self, key: str, extension: str) -> str:
        """Codes of a categorical obs field."""
        return f"{self.prefix}{self.obs_folder}/{safe_name(key)}.codes.{extension}{self.suffix}"

    def obs_outliers(self, key: str, extension: str) -> str:
        """Outlier quantiles of a categorical obs field."""
        return f"{self.prefix}{self.obs_folder}/{safe_name(key)}.outliers.{extension}{self.suffix}"

    def gene(self, key: str, extension: str) -> str:
        """Values of one gene."""
        return f"{self.prefix}{self.var_folder}/{safe_name(key)}.values.{extension}{self.suffix}"

    def edges(self, end: Literal["src", "dst"]) -> str:
        """One end of every edge."""
        return f"{self.prefix}{self.graph_folder}/edges.{end}.bin{self.suffix}"


def safe_name(key: str) -> str:
    """The key as part of a file name. Readers apply the same rule."""
    return _UNSAFE.sub("_", key).strip("._") or "field"


def collisions(keys: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of keys whose files would be the same if case does not matter."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for key in keys:
        groups[file_of(key)].append(key)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def distinct_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """Make keys that can all be files of one folder: of several that clash, the first keeps its name.

    The others get the first suffix of ``-1``, ``-2``, … that makes a distinct file, ignoring case; a key
    that is too long for a file name is cut.
    """
    fitting = [_cut(key) for key in keys]
    taken = {file_of(key) for key in fitting}
    seen: dict[str, int] = {}
    found = []
    for key in fitting:
        number = seen.get(file_of(key))
        if number is None:
            seen[file_of(key)] = 0
            found.append(key)
            continue
        unique = key
        while file_of(unique) in taken:
            number += 1
            unique = f"{key[: _LONGEST - len(str(number)) - 1]}-{number}"
        seen[file_of(key)] = number
        taken.add(file_of(unique))
        found.append(unique)
    return tuple(found)


def file_of(key: str) -> str:
    """Fold a key: equal for keys whose files are the same if case does not matter."""
    return safe_name(key).lower()


def _cut(key: str) -> str:
    if len(safe_name(key)) <= _LONGEST:
        return key
    digest = blake2b(key.encode(errors="surrogatepass"), digest_size=4).hexdigest()
    return f"{key[: _LONGEST - len(digest) - 1]}-{digest}"


def check_names(keys: Iterable[str], what: str) -> None:
    """Refuse keys that cannot all be files of one folder.

    Continuous and categorical obs fields have different files, so they are checked separately.

    Parameters
    ----------
    what
        ``gene`` or ``column``, for the message.

    Raises
    ------
    BadInputError
        If two keys become the same file name (ignoring case), or a file name is too long.
    """
    wanted = list(keys)
    clashes = collisions(wanted)
    if clashes:
        first, second = clashes[0][:2]
        more = f" ({len(clashes)} such names in all)" if len(clashes) > 1 else ""
        same = "are the same" if first == second else f"would both be the file {safe_name(first)!r}"
        raise BadInputError(
            f"The {what}s {first!r} and {second!r} {same}{more}, so one would overwrite the other. "
            f"Leave one of them out of the export, or rename it in the input."
        )
    for key in wanted:
        if len(safe_name(key)) > _LONGEST:
            raise BadInputError(
                f"The {what} name {key[:40]!r}… has {len(key)} characters, but a file name must have "
                f"at most {_LONGEST}. Leave it out of the export, or rename it in the input."
            )

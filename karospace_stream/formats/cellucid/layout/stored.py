"""How numbers are stored: file extension, type, and the manifest entries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from karospace_stream.errors import BadInputError

#: What becomes of cells without finite coordinates, as the end of a sentence.
WITHOUT_COORDINATES = "are drawn in a corner, at -1 on each axis, as a Cellucid export must place every cell"
FORMAT = "compact_v1"

Dtype = Literal["uint8", "uint16"]
DtypeChoice = Literal["auto", "uint8", "uint16"]

#: More categories than this have no code; the last one marks a missing value.
_ROOM: dict[Dtype, int] = {"uint8": 254, "uint16": 65_535}

#: End of the message about a column with too many categories: what to do instead.
LEAVE_OUT = "; leave the column out."


@dataclass(frozen=True, slots=True)
class Stored:
    """How continuous values are stored.

    Attributes
    ----------
    bits
        8 or 16, or None for float32.
    """

    bits: Literal[8, 16] | None = None

    @property
    def extension(self) -> str:
        """File extension: f32, u8 or u16."""
        return f"u{self.bits}" if self.bits else "f32"

    @property
    def dtype(self) -> str:
        """Name of the type as NumPy and the manifests have it."""
        return f"uint{self.bits}" if self.bits else "float32"


@dataclass(frozen=True, slots=True)
class CodesDtype:
    """How the codes of a categorical field are stored; ``missing`` is the code of no category."""

    dtype: Dtype

    @property
    def missing(self) -> int:
        """255 or 65,535."""
        return 255 if self.dtype == "uint8" else 65_535

    @property
    def extension(self) -> str:
        """File extension: u8 or u16."""
        return "u8" if self.dtype == "uint8" else "u16"


def codes_dtype(key: str, n_categories: int | None, choice: DtypeChoice) -> CodesDtype:
    """Choose the type of codes: uint8 up to 254 categories, else uint16.

    Parameters
    ----------
    n_categories
        None if there are more than any code holds, so that they were not all counted.

    Raises
    ------
    BadInputError
        If there are more categories than codes.
    """
    n = _ROOM["uint16"] + 1 if n_categories is None else n_categories
    dtype: Dtype = ("uint8" if n <= _ROOM["uint8"] else "uint16") if choice == "auto" else choice
    if n > _ROOM[dtype]:
        counted = f"more than {_ROOM['uint16']:,}" if n_categories is None else f"{n:,}"
        way_out = "; leave --categorical-dtype at auto." if n <= _ROOM["uint16"] else LEAVE_OUT
        raise BadInputError(
            f"The column {key!r} has {counted} categories, but {dtype} codes hold {_ROOM[dtype]:,}{way_out}"
        )
    return CodesDtype(dtype)


def dump(content: dict[str, Any], *, indent: bool = False) -> bytes:
    """Encode a manifest: strict JSON in ASCII, so that any text survives. Keys keep their order."""
    return json.dumps(content, indent=2 if indent else None, allow_nan=False).encode("ascii")

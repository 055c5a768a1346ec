"""Bytes and seconds, as people write and read them."""

from __future__ import annotations

import math
import re

from karospace_stream.errors import BadOptionError

_FACTORS = {
    "": 1,
    "k": 10**3,
    "m": 10**6,
    "g": 10**9,
    "t": 10**12,
    "ki": 2**10,
    "mi": 2**20,
    "gi": 2**30,
    "ti": 2**40,
}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*([kmgt]i?)?b?\s*", re.IGNORECASE)


def parse_nbytes(text: str | float) -> int:
    """Read a size such as ``"2GB"``, ``"512MiB"`` or ``4096`` or ``2e9``, in bytes.

    Raises
    ------
    BadOptionError
        If the text is no size, or the size is zero.
    """
    if isinstance(text, str):
        found = _SIZE.fullmatch(text)
        if found is None:
            raise BadOptionError(f"a size such as 2GB or 512MiB was wanted, got {text!r}")
        nbytes = float(found[1]) * _FACTORS[(found[2] or "").lower()]
    else:
        nbytes = float(text)
    if not 1 <= nbytes < math.inf:
        raise BadOptionError(f"a size above zero was wanted, got {text!r}")
    return int(nbytes)


def format_nbytes(nbytes: float) -> str:
    """Write a size with three digits and a decimal unit: ``"1.23 GB"``."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if abs(nbytes) >= factor:
            count = nbytes / factor
            return f"{count:.3g} {unit}" if count < 999.5 else f"{count:,.0f} {unit}"
    return f"{nbytes:.0f} B"


def format_seconds(seconds: float) -> str:
    """Write a duration: ``"0.4 s"``, ``"12 s"``, ``"3 min 05 s"``, ``"2 h 10 min"``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"

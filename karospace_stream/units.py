"""Counts, bytes and seconds, as people write and read them."""

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
_LEAST_WITHOUT_UNIT = 1_000_000
_CONSONANT_Y = re.compile("[^aeiou]y$")
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*([kmgt]i?)?b?\s*", re.IGNORECASE)


def parse_nbytes(text: str | float) -> int:
    """Read a size such as ``"2GB"``, ``"512MiB"`` or ``2e9``, in bytes.

    Raises
    ------
    BadOptionError
        If the text is not a size, or the size is not above zero; or if it has no unit and is so small that no
        bytes can be meant: 2 and 2.5 were meant as gigabytes.
    """
    if isinstance(text, str):
        found = _SIZE.fullmatch(text)
        if found is None:
            raise BadOptionError(f"a size must be a number with a unit, such as 2GB or 512MiB, got {text!r}")
        nbytes = float(found[1]) * _FACTORS[(found[2] or "").lower()]
        has_unit = not text.strip()[-1].isdecimal()
    else:
        has_unit = False
        nbytes = float(text)
        if isinstance(text, bool) or (math.isfinite(nbytes) and not nbytes.is_integer()):
            raise BadOptionError(
                f"a size must be text with a unit, such as '2.5GB', or a whole number of bytes, got {text!r}"
            )
    if not 1 <= nbytes < math.inf:
        raise BadOptionError(f"a size must be above zero, got {text!r}")
    if nbytes < _LEAST_WITHOUT_UNIT and not has_unit:
        raise BadOptionError(f"a size must have a unit, such as 2GB or 512MiB, got {text!r}")
    return int(nbytes)


def format_nbytes(nbytes: float) -> str:
    """Write a size with three digits and a decimal unit: ``"1.23 GB"``."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if abs(nbytes) >= factor:
            count = nbytes / factor
            return f"{count:.3g} {unit}" if count < 999.5 else f"{count:,.0f} {unit}"
    return f"{nbytes:.0f} B"


def counted(n: int, noun: str) -> str:
    """A number and its noun: ``"1 gene"``, ``"1,200 genes"``, ``"2 categories"``."""
    return f"{n:,} {noun if n == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """The plural of a regular noun: ``"genes"``, ``"categories"``, ``"keys"``."""
    if noun.endswith("ch"):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if _CONSONANT_Y.search(noun) else f"{noun}s"


def format_shape(n_cells: int, n_genes: int) -> str:
    """Write the size of a matrix: ``"2,700 cells x 1 gene"``."""
    return f"{counted(n_cells, 'cell')} x {counted(n_genes, 'gene')}"


def format_range(low: float, high: float) -> str:
    """Write an estimate with two digits: ``"about 1.2 to 1.9 GB"``, or one number if both round alike."""
    first, last = _rounded(low), _rounded(high)
    if first == last:
        return f"about {last}"
    number, _, unit = first.partition(" ")
    return f"about {number if last.endswith(f' {unit}') else first} to {last}"


def _rounded(nbytes: float) -> str:
    return format_nbytes(float(f"{nbytes:.2g}"))


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

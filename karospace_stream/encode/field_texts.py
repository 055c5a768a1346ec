"""Fields of a table as text, a column at a time: libraries in C write all values of a column at once.

The same text as `csv` and `orjson` write for each value by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from karospace_stream.encode.tables import csv_field, dump_json
from karospace_stream.model.column import Column

Texts = list[bytes]
_SMALL, _LARGE = 1e-4, 1e16  # beyond, Python writes an exponent, in its own way
_QUOTED_IN_CSV = (b",", b'"', b"\r")  # and the line feed, which is looked for by itself


@dataclass(frozen=True, slots=True)
class Fields:
    """The texts of a column in some rows.

    Attributes
    ----------
    around
        What stands before and after each text.
    """

    texts: Texts
    around: bytes = b""


@dataclass(frozen=True, slots=True)
class Syntax:
    """How one kind of table writes values.

    Attributes
    ----------
    text
        Writes one string.
    texts
        Writes many strings.
    numbers
        Writes numbers; those that are no numbers are missing.
    missing, false, true
        As they are written.
    """

    text: Callable[[str], bytes]
    texts: Callable[[Sequence[str]], Fields]
    numbers: Callable[[npt.NDArray[Any]], Texts]
    missing: bytes
    false: bytes
    true: bytes


def fields_of(column: Column, syntax: Syntax) -> Fields:
    """Write the values of a column of numbers or strings."""
    if column.kind == "string":
        fields = syntax.texts(column.values.tolist())
    else:
        values = column.values
        if column.kind == "float":
            values = values.astype(np.float64, copy=False)
        fields = Fields(syntax.numbers(np.ascontiguousarray(values)))
    if column.missing is None or not column.missing.any():
        return fields
    texts = [fields.around + text + fields.around for text in fields.texts] if fields.around else fields.texts
    for row in np.flatnonzero(column.missing).tolist():
        texts[row] = syntax.missing
    return Fields(texts)


def _csv_texts(values: Sequence[str]) -> Fields:
    data = "\n".join(values).encode("utf-8", "replace")
    if data.count(b"\n") == len(values) - 1 and not any(mark in data for mark in _QUOTED_IN_CSV):
        return Fields(data.split(b"\n"))
    return Fields([csv_field(value) for value in values])


def _json_texts(values: Sequence[str]) -> Fields:
    data = dump_json(values)
    if b"\\" in data:  # then `","` may be part of a text
        return Fields([dump_json(value) for value in values])
    return Fields(data[2:-2].split(b'","'), b'"')


def _json_numbers(values: npt.NDArray[Any]) -> Texts:
    return orjson.dumps(values, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")


def _csv_numbers(values: npt.NDArray[Any]) -> Texts:
    if values.dtype.kind != "f":
        return _json_numbers(values)
    data = orjson.dumps(values, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1]
    texts = data.replace(b"null", b"").split(b",")
    sizes = np.abs(values)
    odd = (sizes >= _LARGE) | ((sizes < _SMALL) & (sizes > 0))
    if odd.any():
        for row in np.flatnonzero(odd).tolist():
            texts[row] = repr(float(values[row])).encode()
    return texts


CSV = Syntax(csv_field, _csv_texts, _csv_numbers, b"", b"False", b"True")
JSON = Syntax(dump_json, _json_texts, _json_numbers, b"null", b"false", b"true")

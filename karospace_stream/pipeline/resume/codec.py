"""Encode task results as JSON and decode them: known dataclasses, tuples, lists, numbers, strings, arrays.

No pickle, because others may be able to write to the ledger's folder. Stored by columns: ten thousand genes
are one list of numbers per field, not ten thousand small objects.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import accumulate, chain, pairwise
from typing import Any

import numpy as np
import orjson

Known = Mapping[str, type]
_PLAIN = (bool, int, str, type(None))
_WRONG = (KeyError, TypeError, AttributeError, IndexError, StopIteration, OverflowError, RecursionError)


def encode(value: Any) -> bytes:
    """Encode a value as JSON.

    Raises
    ------
    TypeError
        If it contains a value of an unsupported type.
    """
    return orjson.dumps(_column([value]))


def decode(data: bytes, known: Known) -> Any:
    """Decode a value.

    Parameters
    ----------
    known
        Dataclasses by name; no other class is built.

    Raises
    ------
    ValueError
        If the JSON is invalid, or names an unknown class.
    """
    try:
        (value,) = _values(orjson.loads(data), known)
    except _WRONG as error:
        raise ValueError(f"not a result of a task ({error})") from error
    return value


def _column(values: Sequence[Any]) -> dict[str, Any]:
    """Encode values of one kind as one column; of several kinds, as one column per kind."""
    kinds = [_kind(value) for value in values]
    distinct = list(dict.fromkeys(kinds))
    if len(distinct) == 1:
        return {"kind": distinct[0], **_ENCODERS[distinct[0].partition(":")[0]](values)}
    index_of = {kind: index for index, kind in enumerate(distinct)}
    return {
        "kind": "mixed",
        "which": [index_of[kind] for kind in kinds],
        "columns": [
            _column([v for v, k in zip(values, kinds, strict=True) if k == kind]) for kind in distinct
        ],
    }


def _kind(value: Any) -> str:
    if type(value) in _PLAIN:
        return "plain"
    if type(value) is float:
        return "float"
    if is_dataclass(value) and not isinstance(value, type):
        return f"class:{type(value).__qualname__}:{type(value).__module__}"
    for kind, types in (("tuple", tuple), ("list", list), ("map", dict), ("array", np.ndarray)):
        if type(value) is types:
            return kind
    raise TypeError(f"a {type(value).__qualname__} cannot be recorded in a ledger")


def _encode_floats(values: Sequence[float]) -> dict[str, Any]:
    # JSON has no NaN and no infinities.
    return {"values": [each if math.isfinite(each) else repr(each) for each in values]}


def _encode_objects(values: Sequence[Any]) -> dict[str, Any]:
    return {
        "length": len(values),
        "fields": {
            each.name: _column([getattr(value, each.name) for value in values]) for each in fields(values[0])
        },
    }


def _encode_sequences(values: Sequence[Sequence[Any]]) -> dict[str, Any]:
    flat = list(chain.from_iterable(values))
    return {"lengths": [len(each) for each in values], "values": _column(flat) if flat else None}


def _encode_maps(values: Sequence[Mapping[Any, Any]]) -> dict[str, Any]:
    return _encode_sequences([tuple(each.items()) for each in values])


def _encode_arrays(values: Sequence[Any]) -> dict[str, Any]:
    return {
        "values": [
            [
                each.dtype.str,
                list(each.shape),
                base64.b64encode(np.ascontiguousarray(each).tobytes()).decode(),
            ]
            for each in values
        ]
    }


def _encode_plain(values: Sequence[Any]) -> dict[str, Any]:
    return {"values": list(values)}


_ENCODERS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "plain": _encode_plain,
    "float": _encode_floats,
    "class": _encode_objects,
    "tuple": _encode_sequences,
    "list": _encode_sequences,
    "map": _encode_maps,
    "array": _encode_arrays,
}


def _values(column: Mapping[str, Any], known: Known) -> list[Any]:
    kind, _, name = str(column["kind"]).partition(":")
    if kind == "mixed":
        several = [iter(_values(each, known)) for each in column["columns"]]
        return [next(several[index]) for index in column["which"]]
    if kind == "class":
        return _objects(column, name, known)
    if kind in ("tuple", "list", "map"):
        make: Callable[[Any], Any] = {"tuple": tuple, "list": list, "map": dict}[kind]
        flat = [] if column["values"] is None else _values(column["values"], known)
        cuts = pairwise([0, *accumulate(column["lengths"])])
        return [make(flat[start:stop]) for start, stop in cuts]
    if kind == "array":
        return [_array(*each) for each in column["values"]]
    if kind == "float":
        return [float(each) for each in column["values"]]
    if kind == "plain":
        return list(column["values"])
    raise ValueError(f"unknown kind {kind!r}")


def _objects(column: Mapping[str, Any], name: str, known: Known) -> list[Any]:
    if name not in known:
        raise ValueError(f"unknown class {name!r}")
    names = [each.name for each in fields(known[name])]
    columns = [_values(column["fields"][each], known) for each in names]
    if not names:
        return [known[name]() for _ in range(column["length"])]
    made = zip(*columns, strict=True)
    return [known[name](**dict(zip(names, each, strict=True))) for each in made]


def _array(dtype: str, shape: Sequence[int], data: str) -> np.ndarray[Any, Any]:
    kind = np.dtype(dtype)
    if kind.hasobject:
        raise ValueError("an array of objects cannot be recorded in a ledger")
    return np.frombuffer(base64.b64decode(data), kind).reshape(shape)


def known_classes(*classes: type) -> dict[str, type]:
    """Map the names that `encode` uses to their dataclasses."""
    return {f"{each.__qualname__}:{each.__module__}": each for each in classes}

"""The dataclasses that a ledger may hold. No other class is ever built from one."""

from __future__ import annotations

from functools import cache

from karospace_stream.formats.registry import all_formats
from karospace_stream.model.blob import Receipt, Scratched
from karospace_stream.model.matrix import ValueFacts
from karospace_stream.pipeline.resume.codec import known_classes
from karospace_stream.transpose.array_scratch import ArraysReceipt
from karospace_stream.transpose.edges.receipts import EdgeBand, EdgeReceipt
from karospace_stream.transpose.scratch import FragmentReceipt

_SHARED = (Receipt, Scratched, FragmentReceipt, ValueFacts, EdgeReceipt, EdgeBand, ArraysReceipt)


@cache
def result_types() -> dict[str, type]:
    """Dataclasses of task results, by the names that `codec.encode` uses."""
    return known_classes(*_SHARED, *(kind for each in all_formats() for kind in each.result_types()))

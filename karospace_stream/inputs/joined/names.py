"""What several inputs are called together."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from karospace_stream.inputs.named import NamedInput
from karospace_stream.units import counted

_FEWEST_LETTERS = 3
_SEPARATORS = " _-.,"


def joined_name(inputs: Sequence[NamedInput]) -> str:
    """What the names of all inputs begin with, such as ``donor`` for ``donor_1`` and ``donor_2``."""
    names = [each.source.catalog.name for each in inputs]
    letters = itertools.takewhile(lambda each: len(set(each)) == 1, zip(*names, strict=False))
    common = "".join(each[0] for each in letters).rstrip(_SEPARATORS + "0123456789")
    if len(common) >= _FEWEST_LETTERS:
        return common
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def joined_location(inputs: Sequence[NamedInput]) -> str:
    """The first input, and how many there are."""
    first = inputs[0].source.catalog.location
    return first if len(inputs) == 1 else f"{first} and {counted(len(inputs) - 1, 'other input')}"

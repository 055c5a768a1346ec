"""Sums of genes in scratch, from the tasks that write genes to those that compare groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from karospace_stream.measures.sums import GeneTotals, GroupSums, Sums
from karospace_stream.transpose.array_scratch import Arrays, ArrayScratch, ArraysReceipt

#: Sums that a task holds until it writes them.
HELD_NBYTES = 8 << 20
_OF_GROUPS = ("n_cells", "n_expressing", "sums", "squares", "u", "ties")
_OF_GENES = ("n_expressing", "sums", "squares", "minimum", "maximum", "crossed", "moments")


def put_sums(scratch: ArrayScratch, sums: Sums) -> ArraysReceipt:
    """Store sums.

    Raises
    ------
    TargetError
        If they cannot be written.
    """
    arrays = {"genes": sums.genes, "n_cells": np.asarray(sums.totals.n_cells)}
    of_genes = {f"totals/{name}": getattr(sums.totals, name) for name in _OF_GENES}
    arrays |= {name: values for name, values in of_genes.items() if values is not None}
    for number, of_groups in enumerate(sums.groups):
        for name in _OF_GROUPS:
            if (values := getattr(of_groups, name)) is not None:
                arrays[f"groups/{number}/{name}"] = values
    return scratch.put("sums", int(sums.genes[0]), arrays)


def read_sums(
    scratch: ArrayScratch, receipts: Iterable[ArraysReceipt], groupings: Iterable[int]
) -> Iterator[Sums]:
    """The sums of each receipt, of some groupings."""
    numbers = tuple(groupings)
    groups = tuple(f"groups/{number}/" for number in numbers)
    for receipt in receipts:
        arrays = scratch.get(receipt, lambda name: not name.startswith("groups/") or name.startswith(groups))

        def values(name: str, arrays: Arrays = arrays) -> Any:
            return arrays.get(name)

        yield Sums(
            arrays["genes"],
            GeneTotals(int(arrays["n_cells"]), **{name: values(f"totals/{name}") for name in _OF_GENES}),
            tuple(
                GroupSums(**{name: values(f"groups/{number}/{name}") for name in _OF_GROUPS})
                for number in numbers
            ),
        )

"""Where tables of genes x groups are cut."""

from __future__ import annotations

from itertools import pairwise

import pytest

from karospace_stream.formats.karospace.statistics.size import table_cuts

MIB = 1 << 20


def test_a_table_of_the_size_of_a_part_is_one_file() -> None:
    assert table_cuts(100_000, 4 * 40, 64 * MIB) == [0, 100_000]


@pytest.mark.parametrize(("n_genes", "n_groups"), [(100_000, 1_000), (100_000, 42), (3, 10_000_000)])
def test_a_larger_one_has_small_parts(n_genes: int, n_groups: int) -> None:
    cuts = table_cuts(n_genes, 4 * n_groups, 64 * MIB)
    assert (cuts[0], cuts[-1]) == (0, n_genes)
    # One gene is the smallest part.
    assert all((stop - start) * 4 * n_groups <= max(MIB, 4 * n_groups) for start, stop in pairwise(cuts))


def test_parts_are_no_larger_than_files_may_be() -> None:
    cuts = table_cuts(1_000, 4 * 1_000, 100_000)
    assert max(stop - start for start, stop in pairwise(cuts)) == 25

"""Accession numbers, columns of symbols, and what each gene is called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from karospace_stream.model.catalog import ColumnInfo
from karospace_stream.model.column import Column
from karospace_stream.select.gene_names import (
    ACCESSION,
    are_accessions,
    are_symbols,
    filled,
    positions_of,
    symbol_columns,
    texts_of,
)


def names(*several: str) -> Any:
    return np.asarray(several, dtype=object)


@pytest.mark.parametrize(
    "name",
    [
        *("ENSG00000243485", "ENSG00000243485.5", "ENSMUSG00000051951", "ENSDARG00000102141.2"),
        *(
            "ENSG00000228572.7_PAR_Y",
            "GRCh38_ENSG00000243485",
            "mm10___ENSMUSG00000051951",
            "ENST00000456328",
        ),
        *("7157", "100287102", "FBgn0031208", "WBGene00022277", "AT1G01010", "ATCG00010"),
        *("HGNC:11998", "MGI:98834", "ZDB-GENE-990415-270"),
    ],
)
def test_accession_numbers(name: str) -> None:
    assert ACCESSION.fullmatch(name)


@pytest.mark.parametrize(
    "name",
    [
        *("CD3D", "ENSA", "Y_RNA", "7SK", "HLA-DRB1", "mt-Nd1", "GENE3", "g12", "AC007325.4", "LOC100287102"),
        *("ENSG", "", "1700001C19Rik", "FBgn", "Septin9", "ERCC-00002", "nan", "NKX2-5.1"),
    ],
)
def test_no_accession_numbers(name: str) -> None:
    assert not ACCESSION.fullmatch(name)


def test_most_of_the_names_decide() -> None:
    numbers = [f"ENSG{number:011d}" for number in range(80)]
    assert are_accessions(names(*numbers))
    assert are_accessions(names(*numbers, *(f"ERCC-{number:05d}" for number in range(20))))
    assert not are_accessions(names(*numbers, *(f"SYM{number}" for number in range(21))))
    assert not are_accessions(names())
    assert not are_accessions(names("", ""))
    assert are_accessions(names(*(f"ENSG{number:011d}" for number in range(100_000))))


def test_columns_are_known_by_name_and_kind() -> None:
    infos = [
        ColumnInfo("Symbol", "string", "str"),
        ColumnInfo("gene_name", "float", "float64"),
        ColumnInfo("feature_type", "category", "category"),
        ColumnInfo("feature_name", "category", "category"),
        ColumnInfo("gene_symbols", "string", "str"),
    ]
    assert symbol_columns(infos) == ["feature_name", "gene_symbols", "Symbol"]


def test_a_column_of_symbols_is_nearly_unique_and_names_most_genes() -> None:
    symbols = [f"SYM{number}" for number in range(100)]
    numbers = [f"ENSG{number:011d}" for number in range(100)]
    assert are_symbols(names(*symbols))
    assert are_symbols(names(*symbols[:92], *["Y_RNA"] * 8))
    assert not are_symbols(names(*symbols[:80], *["Y_RNA"] * 20))
    assert are_symbols(names(*symbols[:55], *[""] * 45))
    assert not are_symbols(names(*symbols[:45], *[""] * 55))
    assert are_symbols(names(*symbols[:30], *numbers[30:]))
    assert not are_symbols(names(*numbers))
    assert not are_symbols(names(*["protein_coding"] * 100))
    assert not are_symbols(names(""))


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (Column("", "category", np.array([1, -1, 0], "i4"), categories=("a", "b")), ["b", "", "a"]),
        (Column("", "string", names("x", "", "y"), np.array([False, True, False])), ["x", "", "y"]),
        (Column("", "integer", np.array([7, 8], "i8"), np.array([False, True])), ["7", ""]),
    ],
)
def test_values_as_text(column: Column, texts: list[str]) -> None:
    assert texts_of(column).tolist() == texts


def test_a_gene_without_a_name_is_called_as_in_the_index() -> None:
    assert filled(names("A", "", "A"), names("e1", "e2", "e3")).tolist() == ["A", "e2", "A"]


def test_a_name_is_sought_in_one_list_after_the_other() -> None:
    index, shown = names("e1", "e2", "e2", "A"), names("A", "A", "B", "C")
    found = positions_of(["A", "B", "e2", "no"], index, shown)
    assert found == {"A": [3], "B": [2], "e2": [1, 2], "no": []}
    assert list(found) == ["A", "B", "e2", "no"]

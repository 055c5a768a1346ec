"""The page finds names of genes by the exporter's rule."""

from __future__ import annotations

import re
from pathlib import Path

from karospace_stream.select import gene_names

SYMBOLS = Path(__file__).parents[2] / "viewer/src/bundle/formats/anndata/symbols.ts"


def test_the_rule_of_the_page_is_that_of_the_exporter() -> None:
    text = SYMBOLS.read_text("utf-8")
    pattern = re.search(r"ACCESSIONS = \[(.*?)\];", text, re.S)
    columns = re.search(r"SYMBOL_COLUMNS = \[(.*?)\];", text, re.S)
    assert pattern is not None
    assert columns is not None
    pieces = [piece.replace("\\\\", "\\") for piece in re.findall(r"'(.*?)'", pattern[1])]
    assert "|".join(pieces) == gene_names.ACCESSION.pattern
    assert tuple(re.findall(r"'(\w+)'", columns[1])) == gene_names.SYMBOL_COLUMNS
    for name in ("LOOKED_AT", "MOST", "UNIQUE", "NAMED", "SYMBOLS"):
        found = re.search(rf"const {name} = ([\d.]+);", text)
        assert found is not None
        assert float(found[1]) == getattr(gene_names, f"_{name}")

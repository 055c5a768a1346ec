"""Suggestions for a misspelled ``--genes``."""

from __future__ import annotations

import json
import re

from karospace_stream.similar.names import did_you_mean, similar_names

_TABLES = (".txt", ".csv", ".tsv")
_EXAMPLE = 'genes=["CD3D", "CD8A"]'


def meant_genes(text: str) -> str:
    """The end of a sentence: a valid spelling that is close, or how to name genes."""
    return did_you_mean(_similar_modes(text), str) or (
        "; to name genes, write one a line into a file and give list:PATH"
    )


def meant_genes_in_python(text: str) -> str:
    """The same for Python, which takes the names of genes in a list."""
    names = [name for name in re.split(r"[,;\s]+", text) if name]
    is_name = text.isprintable() and not (text.isdecimal() or ":" in text or text.endswith(_TABLES))
    listed = [f"genes={json.dumps(names, ensure_ascii=False)}"] if names and is_name else []
    meant = [f'genes="{each}"' for each in _similar_modes(text)]
    return did_you_mean([*meant, *listed], str) or f"; to name genes, give a list, as in {_EXAMPLE}"


def _similar_modes(text: str) -> list[str]:
    """A valid spelling that is close, or none."""
    mode, _, rest = text.partition(":")
    count = next((part for part in (rest, text) if part.isdecimal() and int(part)), "500")
    spelled = {
        "all": "all",
        "none": "none",
        "hvgs": f"hvgs:{count}",
        "top_mean": f"top_mean:{count}",
        "list": f"list:{rest or 'PATH'}",
    }
    if text.isdecimal():
        return [spelled["hvgs"]]
    if text.endswith(_TABLES) and ":" not in text:
        return [f"list:{text}"]
    found = similar_names(mode, spelled, 1) or [name for name in (mode,) if name in spelled]
    return [spelled[each] for each in found]

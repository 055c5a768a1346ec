"""Suggestions for a misspelled ``--genes``."""

from __future__ import annotations

from karospace_stream.similar.names import did_you_mean, similar_names

_TABLES = (".txt", ".csv", ".tsv")


def meant_genes(text: str) -> str:
    """The end of a sentence: a valid spelling that is close, or how to name genes."""
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
        return did_you_mean([spelled["hvgs"]], str)
    if text.endswith(_TABLES) and ":" not in text:
        return did_you_mean([f"list:{text}"], str)
    found = similar_names(mode, spelled, 1) or [name for name in (mode,) if name in spelled]
    if found:
        return did_you_mean([spelled[found[0]]], str)
    return "; to name genes, write one a line into a file and give list:PATH"

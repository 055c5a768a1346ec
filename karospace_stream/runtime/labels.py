"""Names of the stages, for people."""

from __future__ import annotations

STAGE_LABELS = {
    "means": "counting means",
    "variable": "finding variable genes",
    "scatter": "reading and transposing",
    "lengths": "measuring genes",
    "gather": "writing genes",
    "check": "reading objects",
    "statistics": "comparing groups",
    "markers": "markers of the input",
    "neighbourhoods": "counting neighbours",
    "tables": "writing tables",
    "arrays": "writing arrays",
    "columns": "writing columns",
    "points": "writing points",
    "vectors": "writing vectors",
    "graph": "transposing the graph",
    "outliers": "measuring outliers",
    "sections": "writing sections",
    "image": "drawing",
    "transcripts": "sorting transcripts",
    "slides": "cutting images into tiles",
    "shapes": "writing boundaries of cells",
    "seal": "sealing",
}


def stage_label(stage: str) -> str:
    """A stage's name for people."""
    return STAGE_LABELS.get(stage, stage)

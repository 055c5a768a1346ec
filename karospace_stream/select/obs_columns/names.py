"""Classify an obs column by its name: a label of cells, a usual number, or not worth showing."""

from __future__ import annotations

import re
from typing import NamedTuple

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD = re.compile(r"[^a-z0-9]+")


class Named(NamedTuple):
    """The meaning of a column's name.

    Attributes
    ----------
    rank
        From 0, the first to be taken.
    reason
        What the column holds, in words.
    """

    rank: int
    reason: str


# In the order in which they are taken.
_CELL_TYPE, _ANNOTATION, _CLUSTERS, _LEIDEN, _LOUVAIN = range(5)
# In the order in which they are asked for: "leiden_clusters" is Leiden's, "leiden_cell_type" is a cell type.
_LABELS = (
    (
        Named(_CELL_TYPE, "cell type"),
        re.compile(
            r"cell_?(types?|class(es)?|subclass(es)?|subtypes?|states?|labels?|identity|ontology_class)(?=_|\d|$)"
        ),
    ),
    (
        Named(_ANNOTATION, "annotation"),
        re.compile(
            r"(^|_)(ann|annots?|annotations?|annotated|majority_voting|predicted_labels?|labels?|singler|lineages?"
            r"|compartments?|class|classes|classification|subclass|supertypes?|identity)(?=_|\d|$)"
        ),
    ),
    (Named(_LEIDEN, "Leiden clusters"), re.compile(r"leiden")),
    (Named(_LOUVAIN, "Louvain clusters"), re.compile(r"louvain")),
    (
        Named(_CLUSTERS, "clusters"),
        re.compile(
            r"(^|_)((sub)?clusters?|clustering|graphclust|k_?means|phenograph|snn_res|(?<!orig_)ident)(?=_|\d|$)"
        ),
    ),
)
_NUMBERS = (
    (
        "counts of the cell",
        re.compile(
            r"(n_)?(total_)?(umis?|counts?|transcripts?)|total_counts?|n_counts?_[a-z0-9]+|(umi|transcript)_counts?"
        ),
    ),
    (
        "genes of the cell",
        re.compile(
            r"n_genes?(_by_counts|_detected)?|n_features?(_[a-z0-9]+)?|genes?_detected|(gene|feature)_counts?"
        ),
    ),
    (
        "mitochondrial share",
        re.compile(
            r"(?=.*(^|_)(pct|percent|percentage|perc|frac|fraction|prop|ratio)(_|$))"
            r"(?=.*(^|_)(mt|mito|mitochondrial)(_|$)).*"
        ),
    ),
    ("doublet score", re.compile(r"(.*_)?(doublets?|scrublet)_(.*_)?scores?")),
    ("score", re.compile(r"(.*_)?scores?")),
    ("time", re.compile(r"(.*_)?(pseudo_?time|latent_time)")),
)
#: Of which one column is enough.
SINGLE_NUMBERS = ("counts of the cell", "genes of the cell", "mitochondrial share", "doublet score")
_ONTOLOGY = re.compile(r"_(ontology(_term)?|term)(_ids?)?$|_ontology_term$")
_COLORS = re.compile(r"(^|_)colou?rs?(_hex)?$")
_IDS = re.compile(
    r"(.*_)?barcodes?|(cell|obs|soma|observation)_?(ids?|names?|index|joinid)|index|unnamed_\d+|bc"
)
#: Coordinates as columns: they tell where a cell lies, which the picture shows.
_POSITIONS = re.compile(
    r"(array|pxl|pixel|image)_(row|col|column|x|y)(_in_fullres)?"
    r"|[xyz](_?(centroid|coords?|coordinates?|positions?|locations?))?(_(global|local|slide))?(_(px|mm|um))?"
    r"|(centroid|coords?|center|position)_?[xyz](_(global|local|slide))?(_(px|mm|um))?"
)


def words_of(name: str) -> str:
    """The words of a name in lower case: ``predicted_cell_type`` for ``predicted.CellType``."""
    return _NO_WORD.sub("_", _CAMEL.sub("_", name).lower()).strip("_")


def label_of(name: str) -> Named | None:
    """Which kind of label a name promises: a cell type, an annotation, clusters; None if no such."""
    words = words_of(name)
    return next((named for named, pattern in _LABELS if pattern.search(words)), None)


def number_of(name: str) -> Named | None:
    """Which of the usual numbers of a cell a name promises, such as its counts; None if none."""
    words = words_of(name)
    matching = (rank for rank, (_, pattern) in enumerate(_NUMBERS) if pattern.fullmatch(words))
    return next((Named(rank, _NUMBERS[rank][0]) for rank in matching), None)


def passed_over(name: str) -> str:
    """Why nobody looks at a column of this name; empty if that is not known."""
    words = words_of(name)
    if _ONTOLOGY.search(words):
        return "ontology terms"
    if _COLORS.search(words):
        return "colours"
    if _POSITIONS.fullmatch(words):
        return "a position"
    return "an id of each cell" if _IDS.fullmatch(words) else ""

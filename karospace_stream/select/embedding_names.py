"""Classify an obsm entry by its name: tissue, a picture, a latent space, or a vector field.

Names are compared regardless of case and of the prefix ``X_``: scanpy writes ``X_umap``, zellkonverter
``UMAP``, anndataR ``umap``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Kind = Literal["tissue", "picture", "latent", "other"]

#: Methods that make pictures, the most usual first. A name counts if it contains one of these.
PICTURES = (
    "umap",
    "tsne",
    "sne",
    "draw_graph",
    "drawgraph",
    "force",
    "phate",
    "pacmap",
    "trimap",
    "densmap",
    "localmap",
)
_LATENT = (
    *(
        "pca",
        "scvi",
        "scanvi",
        "harmony",
        "latent",
        "lsi",
        "svd",
        "diffmap",
        "scanorama",
        "totalvi",
        "peakvi",
    ),
    *("multivi", "linearscvi", "poissonvi", "scgpt", "geneformer", "glue", "mofa", "factor", "topic"),
)
_LATENT_WORDS = frozenset(("emb", "embedding", "ica", "nmf", "mnn", "cca", "rpca", "lda", "dm", "pc", "pcs"))
_TISSUE = re.compile(r"spatial(\d+|\d*d)?")
_NARROW = (2, 3)
_DIMENSION = re.compile(r"_[123]d$", re.IGNORECASE)
_FIELDS = frozenset(
    (
        *("velocity", "velocities", "velo", "vel", "v", "fwd", "bwd", "acceleration", "curvature", "drift"),
        *("displacement", "displacements", "direction", "directions", "vector", "vectors", "vectorfield"),
        *("arrow", "arrows", "delta", "gradient", "transition", "transitions", "motion"),
    )
)


def plain_name(key: str) -> str:
    """The key in lower case, without ``X_``: ``umap`` of ``X_UMAP``; ``tsne`` of ``t-SNE``."""
    name = key.lower()
    name = name[2:] if name.startswith("x_") and len(name) > 2 else name
    return re.sub(r"\bt[-_. ]sne", "tsne", name)


def has_prefix(key: str) -> bool:
    """Whether the key begins with ``X_``, as scanpy's embeddings do."""
    return key.startswith("X_")


def stem_of(key: str) -> str:
    """The key without the dimension at its end: ``T_fwd_umap`` of ``T_fwd_umap_3d``."""
    return _DIMENSION.sub("", key)


def kind_of(key: str, width: int) -> Kind:
    """The kind of an entry, by its name and its number of columns.

    A word for a method outweighs ``spatial``: ``spatial_umap`` is no tissue. Something wide is tissue only
    under the usual name itself.
    """
    name = plain_name(key)
    words = _words(name)
    if any(method in name for method in PICTURES):
        return "picture"
    if any(method in name for method in _LATENT) or not _LATENT_WORDS.isdisjoint(words):
        return "latent"
    if name == "spatial" or (width in _NARROW and any(map(_TISSUE.fullmatch, words))):
        return "tissue"
    return "other"


def names_pixels(key: str) -> bool:
    """Whether it is the entry whose coordinates ``uns['spatial']`` scales to its images."""
    return plain_name(key) == "spatial"


def rank_of(key: str) -> tuple[int, int, bool, str, str]:
    """Rank of a name among those of its kind: the method, then its plain name, then others."""
    name = stem_of(plain_name(key))
    method = next((at for at, method in enumerate(PICTURES) if method in name), len(PICTURES))
    is_exact = name == "spatial" or name in PICTURES
    is_dimension = name != plain_name(key)
    return (
        method,
        0 if is_exact and not is_dimension else 1 + (not is_exact),
        not has_prefix(key),
        name,
        key,
    )


def field_of(key: str, keys: Iterable[str], *, methods: bool = True) -> tuple[str, str] | None:
    """The field and the basis of a vector field, ``<field>_<basis>``; None if the key is no such name.

    The field has a word for movement, such as ``velocity`` or ``T_fwd``, so that ``scvi_umap`` is an
    embedding; the basis is the name of an entry among ``keys``, or with ``methods`` of a method. Where
    several would do, the longest basis.
    """
    if key.lower().startswith("x_"):
        return None
    bases = {stem_of(plain_name(each)) for each in keys}
    stem = stem_of(key)
    for index in (index for index, letter in enumerate(stem) if letter == "_" and index > 0):
        field, basis = stem[:index], plain_name(stem[index + 1 :])
        moves = not _FIELDS.isdisjoint(_words(field.lower()))
        if moves and basis and (basis in bases or (methods and kind_of(basis, 2) != "other")):
            return field, basis
    return None


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", name) if word]

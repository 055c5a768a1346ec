"""Suggestions for keywords that a function does not have, also by the names of other programs."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_NAMES = {
    "format": "formats output_format type",
    "genes": "genelist genes_mode gene_identifiers features var_names",
    "anno": "annotation annotations columns obs_keys obs labels",
    "as_labels": "as_categories categorical categories",
    "coords": "coordinates basis embedding embeddings",
    "graph": "connectivities neighbors obsp",
    "vectors": "vector_fields velocity",
    "leave_out": "exclude without drop",
    "group_by": "groupby groups grouping",
    "markers": "method test rank_genes_groups",
    "marker_genes": "n_genes n_markers n_top_genes",
    "downsample": "subsample n_cells n_obs sample",
    "name": "dataset_name",
    "title": "heading headline",
    "description": "dataset_description about",
    "license": "licence",
    "source_citation": "citation cite doi",
    "source_url": "url homepage link",
    "gzip": "compress",
    "overwrite": "force",
    "resume": "restart",
    "memory": "mem memory_limit max_memory budget memory_nbytes",
    "workers": "n_jobs n_workers jobs threads num_workers processes",
    "scheduler": "client cluster dask",
    "scratch": "tmpdir temp tmp temp_dir cache_dir",
    "image": "image_path img",
    "max_asset_mb": "max_asset_mib chunk_mb",
    "latent": "latent_space",
    "obs_quantization": "obs_continuous_quantization",
    "categorical_dtype": "obs_categorical_dtype",
    "gene_names": "var_gene_id_column gene_symbols feature_name symbols",
}
#: The option that is meant, by another name of it.
MEANT = {other: name for name, others in _NAMES.items() for other in others.split()}


#: Keywords that other functions have, and why this one has none.
_NOT_HERE = {"progress": "it shows none, leave it out"}


def refuse_unknown(keywords: Iterable[str], known: Iterable[str], function: str) -> None:
    """Raise TypeError for the first keyword that a function does not have; names the one that was meant."""
    own = {name: name for name in known}
    meant = {other: name for other, name in MEANT.items() if name in own} | own
    for name in keywords:
        if name not in own:
            elsewhere = name in MEANT and name not in meant  # of an option that this function does not have
            close = [] if elsewhere else get_close_matches(name.lower(), meant, n=1)
            hint = f"did you mean {meant[close[0]]}=?" if close else f"help({function}) lists all"
            hint = _NOT_HERE.get(name, hint)
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}; {hint}")

"""Other names of the options, from people and other programs, for suggestions."""

from __future__ import annotations

_NAMES = {
    "format": "formats output_format type",
    "genes": "genelist genes_mode gene_identifiers features var_names",
    "anno": "annotation annotations columns obs_keys obs labels",
    "as_labels": "as_categories categorical categories",
    "coords": "coordinates basis embedding embeddings",
    "graph": "connectivities neighbors obsp",
    "vectors": "vector_fields velocity",
    "leave_out": "exclude without drop",
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

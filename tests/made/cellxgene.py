"""An AnnData as CELLxGENE Discover gives it out: the columns, gene names and colours of schema 5."""

from __future__ import annotations

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

#: Cell types, their terms and colours, from the most frequent to the rarest.
CELL_TYPES = {
    "CD4-positive, alpha-beta T cell": ("CL:0000624", "#1f77b4"),
    "B cell": ("CL:0000236", "#ff7f0e"),
    "natural killer cell": ("CL:0000623", "#2ca02c"),
    "classical monocyte": ("CL:0000860", "#d62728"),
    "plasmacytoid dendritic cell": ("CL:0000784", "#9467bd"),
}
#: Symbols of the genes that come first; the others are called as in Ensembl.
SYMBOLS = (
    "CD3D",
    "CD3E",
    "IL7R",
    "CCR7",
    "MS4A1",
    "CD79A",
    "NKG7",
    "GNLY",
    "LYZ",
    "S100A8",
    "IRF8",
    "LILRA4",
)
#: The columns that say what a cell is, in the order in which the ranking has to give them.
LABELS = ("cell_type", "author_cell_type", "leiden")
_ONE = {
    "assay": ("10x 3' v3", "EFO:0009922"),
    "disease": ("normal", "PATO:0000461"),
    "organism": ("Homo sapiens", "NCBITaxon:9606"),
    "self_reported_ethnicity": ("unknown", "unknown"),
    "tissue": ("blood", "UBERON:0000178"),
}
_TWO = {
    "development_stage": (("34-year-old stage", "HsapDv:0000128"), ("61-year-old stage", "HsapDv:0000155")),
    "sex": (("female", "PATO:0000383"), ("male", "PATO:0000384")),
}


def cellxgene(n_cells: int = 300, n_genes: int = 40, *, seed: int = 0) -> anndata.AnnData:
    """Cells of five types in clusters, with values as log1p in X and counts in raw.

    In the order of a real file: terms and donor first, then what authors add, then the labels that the portal
    adds. The colours of cell types belong to the column of terms, as the schema wants it. The names of genes
    are Ensembl's, ``feature_name`` has the symbols. ``uns`` names X_umap as the default; X_tsne is there too.
    """
    rng = np.random.default_rng(seed)
    kinds = rng.choice(len(CELL_TYPES), n_cells, p=[0.4, 0.25, 0.2, 0.1, 0.05])
    kinds[: len(CELL_TYPES)] = range(min(len(CELL_TYPES), n_cells))
    counts = _counts(rng, kinds, n_genes)
    depth = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    adata = anndata.AnnData(
        sparse.csr_matrix(np.log1p(counts / depth * 1e4).astype(np.float32)),
        obs=_obs(rng, kinds, counts),
        var=_var(n_genes),
    )
    adata.raw = anndata.AnnData(sparse.csr_matrix(counts.astype(np.float32)), obs=adata.obs, var=adata.var)
    angles = 2 * np.pi * kinds / len(CELL_TYPES)
    centres = 8 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    adata.obsm["X_pca"] = rng.normal(size=(n_cells, 10)).astype(np.float32)
    adata.obsm["X_tsne"] = (3 * centres[:, ::-1] + rng.normal(size=(n_cells, 2))).astype(np.float32)
    adata.obsm["X_umap"] = (centres + rng.normal(size=(n_cells, 2))).astype(np.float32)
    adata.obsm["velocity_umap"] = rng.normal(size=(n_cells, 2)).astype(np.float32)
    colors = dict(CELL_TYPES.values())
    adata.uns |= {
        "cell_type_ontology_term_id_colors": np.array(
            [colors[term] for term in adata.obs["cell_type_ontology_term_id"].cat.categories]
        ),
        "citation": "Publication: https://doi.org/10.0000/example Dataset Version: https://example.org/a.h5ad",
        "default_embedding": "X_umap",
        "schema_version": "5.2.0",
        "schema_reference": "https://github.com/chanzuckerberg/single-cell-curation/blob/main/schema/5.2.0/schema.md",
        "title": "Blood of two donors",
    }
    return adata


def _counts(rng: np.random.Generator, kinds: npt.NDArray[np.int64], n_genes: int) -> npt.NDArray[np.int64]:
    means = rng.uniform(0.1, 1.5, (len(CELL_TYPES), n_genes))
    for kind in range(len(CELL_TYPES)):
        means[kind, 2 * kind : 2 * kind + 2] += 6  # genes that mark a type
    return rng.poisson(means[kinds])


def _obs(
    rng: np.random.Generator, kinds: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> pd.DataFrame:
    n_cells = len(kinds)
    donors = rng.integers(2, size=n_cells)
    donors[:2] = (0, 1)[:n_cells]
    labels = {name: [label] * n_cells for name, (label, _) in _ONE.items()}
    terms = {name: [term] * n_cells for name, (_, term) in _ONE.items()}
    for name, pairs in _TWO.items():
        labels[name] = [pairs[donor][0] for donor in donors]
        terms[name] = [pairs[donor][1] for donor in donors]
    names = list(CELL_TYPES)
    labels["cell_type"] = [names[kind] for kind in kinds]
    terms["cell_type"] = [CELL_TYPES[names[kind]][0] for kind in kinds]
    columns: dict[str, object] = {
        "assay_ontology_term_id": pd.Categorical(terms["assay"]),
        "cell_type_ontology_term_id": pd.Categorical(terms["cell_type"]),
        "development_stage_ontology_term_id": pd.Categorical(terms["development_stage"]),
        "disease_ontology_term_id": pd.Categorical(terms["disease"]),
        "donor_id": pd.Categorical([f"donor {donor + 1}" for donor in donors]),
        "is_primary_data": np.ones(n_cells, bool),
        "organism_ontology_term_id": pd.Categorical(terms["organism"]),
        "self_reported_ethnicity_ontology_term_id": pd.Categorical(terms["self_reported_ethnicity"]),
        "sex_ontology_term_id": pd.Categorical(terms["sex"]),
        "suspension_type": pd.Categorical(["cell"] * n_cells),
        "tissue_ontology_term_id": pd.Categorical(terms["tissue"]),
        "tissue_type": pd.Categorical(["tissue"] * n_cells),
        "nCount_RNA": counts.sum(axis=1).astype(np.float32),
        "nFeature_RNA": (counts > 0).sum(axis=1).astype(np.int32),
        "percent.mt": rng.uniform(0, 10, n_cells).astype(np.float32),
        "leiden": pd.Categorical(kinds.astype(str)),
        "author_cell_type": pd.Categorical([f"{names[kind]} {kind}" for kind in kinds]),
    }
    order = ("assay", "cell_type", "development_stage", "disease", "organism", "self_reported_ethnicity")
    columns |= {name: pd.Categorical(labels[name]) for name in (*order, "sex", "tissue")}
    columns["observation_joinid"] = [f"{number:08x}#" for number in rng.permutation(n_cells)]
    return pd.DataFrame(columns, index=[f"{number:016d}-1" for number in range(n_cells)])


def _var(n_genes: int) -> pd.DataFrame:
    ids = [f"ENSG{10_000 + 37 * number:011d}" for number in range(n_genes)]
    symbols = [*SYMBOLS, *ids[len(SYMBOLS) :]][:n_genes]
    return pd.DataFrame(
        {
            "feature_is_filtered": np.zeros(n_genes, bool),
            "feature_name": pd.Categorical(symbols),
            "feature_reference": pd.Categorical(["NCBITaxon:9606"] * n_genes),
            "feature_biotype": pd.Categorical(["gene"] * n_genes),
            "feature_length": np.arange(500, 500 + n_genes, dtype=np.int32).astype(str),
            "feature_type": pd.Categorical(["protein_coding"] * n_genes),
        },
        index=pd.Index(ids, name="ensembl_id"),
    )

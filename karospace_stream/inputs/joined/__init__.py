"""Several inputs as one: rows one after another, genes matched by name, as ``anndata.concat`` does."""

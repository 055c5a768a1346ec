"""Sentences for names that do not exist, and what somebody may have meant."""

from __future__ import annotations

import pytest

from karospace_stream.errors import BadOptionError
from karospace_stream.select.genes import parse_genes
from karospace_stream.select.suggest import not_there
from karospace_stream.similar.names import did_you_mean, similar_names


@pytest.mark.parametrize(
    ("name", "names", "found"),
    [
        ("celltype", ["batch", "cell_type"], ["cell_type"]),
        ("CellType", ["cell_type", "cell.type"], ["cell_type", "cell.type"]),
        ("umap", ["X_pca", "X_umap", "X_umap_3d"], ["X_umap"]),
        ("X_umap", ["obsm:X_umap", "obsm:X_pca"], ["obsm:X_umap"]),
        ("obsm:X_umap", ["X_umap", "X_pca"], ["X_umap"]),
        ("cd3d", ["CD3D", "CD3E"], ["CD3D"]),
        ("liden", ["leiden", "louvain"], ["leiden"]),
        ("leiden", ["leiden_r1", "leiden_r2", "batch"], ["leiden_r1", "leiden_r2"]),
        ("pbmc3k", ["pbmc3k.h5ad", "notes.txt"], ["pbmc3k.h5ad"]),
        ("x", ["xenium", "y"], []),
        ("", ["a"], []),
        ("---", ["a"], []),
        ("batch", ["batch"], []),
        ("zebra", ["leiden", "batch"], []),
    ],
)
def test_similar_names(name: str, names: list[str], found: list[str]) -> None:
    assert similar_names(name, names) == found


def test_among_very_many() -> None:
    names = [f"ENSG{number:011}" for number in range(60_000)]
    assert similar_names("ENSG0000000123", names)[0].startswith("ENSG0000000")
    assert similar_names("ensg00000000123", names) == ["ENSG00000000123"]


def test_the_end_of_a_sentence() -> None:
    assert did_you_mean([]) == ""
    assert did_you_mean(["a"]) == "; did you mean 'a'?"
    assert did_you_mean(["a", "b", "c"], str) == "; did you mean a, b or c?"


@pytest.mark.parametrize(
    ("missing", "there", "sentence"),
    [
        (
            ["celltype"],
            ["cell_type"],
            "--anno: the file has no obs column 'celltype'; did you mean 'cell_type'?",
        ),
        (["a"], ["x", "y"], "--anno: the file has no obs column 'a'; it has 'x', 'y'"),
        (["a"], [], "--anno: the file has no obs column 'a'; it has none"),
        (
            ["liden", "btach"],
            ["leiden", "batch"],
            "--anno: the file has no obs columns 'liden', 'btach'; "
            "did you mean 'leiden' for 'liden' and 'batch' for 'btach'?",
        ),
        (
            ["leiden, batch"],
            ["leiden", "batch"],
            "--anno: the file has no obs column 'leiden, batch'; give each name by itself: 'leiden', 'batch'",
        ),
    ],
)
def test_names_that_are_not_there(missing: list[str], there: list[str], sentence: str) -> None:
    assert not_there("obs column", missing, there, option="--anno") == sentence


def test_nouns_in_the_plural() -> None:
    assert "the file has no obsm entries 'a', 'b';" in not_there("obsm entry", ["a", "b"], [], option="x")
    long = not_there("gene", [f"g{n}" for n in range(12)], [f"q{n}" for n in range(12)], option="x")
    assert "'g9' and 2 more; it has 'q0', " in long
    assert long.endswith("'q9', …")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("500", "hvgs:500"),
        ("hvg:200", "hvgs:200"),
        ("hvgs", "hvgs:500"),
        ("top:20", "top_mean:20"),
        ("genes.txt", "list:genes.txt"),
        ("liste:x.txt", "list:x.txt"),
        ("al", "all"),
        ("CD3D,CD4", None),
    ],
)
def test_genes_that_were_meant(text: str, meant: str | None) -> None:
    with pytest.raises(BadOptionError) as caught:
        parse_genes(text)
    end = f"did you mean {meant}?" if meant else "give list:PATH"
    assert str(caught.value).endswith(end)

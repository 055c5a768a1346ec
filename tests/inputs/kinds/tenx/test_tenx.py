"""The .h5 of Cell Ranger is read like an AnnData, without another copy of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.options import read_options
from karospace_stream.inputs.open import open_input
from karospace_stream.model.source import Source
from tests.made.tenx import N_CELLS, N_GENES, N_GUIDES, N_PROTEINS, Counts, counts, write_v2, write_v3
from tests.source.remote.servers import serving


def opened(path: Any, **options: Any) -> Source:
    return open_input(path, read_options(options))


def values(source: Source, step: int = 47) -> sparse.csr_matrix:
    reader: Any = source.matrix("X")
    n_cells, n_genes = reader.info.shape
    cuts = [*range(0, n_cells, step), n_cells]
    before = reader.count_before(np.array(cuts))
    blocks = [reader.read_rows(cuts[at], cuts[at + 1]) for at in range(len(cuts) - 1)]
    assert all(len(block.data) <= most for block, most in zip(blocks, np.diff(before), strict=True))
    return sparse.vstack(
        [sparse.csr_matrix((b.data, b.indices, b.indptr), (len(b.indptr) - 1, n_genes)) for b in blocks],
        format="csr",
    )


def same(source: Source, matrix: sparse.csr_matrix) -> None:
    found = values(source)
    assert found.shape == matrix.shape
    assert (found != matrix).nnz == 0


def test_the_genes_of_cell_ranger_3_are_read(tmp_path: Path) -> None:
    made = counts()
    source = opened(write_v3(tmp_path / "filtered_feature_bc_matrix.h5", made))
    same(source, made.genes())
    catalog = source.catalog
    assert (catalog.kind, catalog.n_cells, catalog.n_genes) == ("10x Genomics matrix", N_CELLS, N_GENES)
    assert catalog.matrix is not None
    assert (catalog.matrix.layout, catalog.matrix.nnz, catalog.unreadable) == ("csr", None, ())
    assert source.obs_names(0, N_CELLS).tolist() == made.barcodes
    assert source.var_names().tolist() == made.names[:N_GENES]
    assert [column.name for column in catalog.var] == ["gene_ids", "feature_types", "genome"]
    assert source.var_column("gene_ids").values.tolist() == made.ids[:N_GENES]
    (finding,) = catalog.findings
    assert (finding.code, finding.option, finding.value) == ("features-left-out", "feature_type", "all")
    assert finding.text == (
        "only features of the type Gene Expression are read; left out: Antibody Capture with "
        f"{N_PROTEINS} features, CRISPR Guide Capture with {N_GUIDES} features"
    )


@pytest.mark.parametrize(
    ("types", "wanted"),
    [
        ("all", {"Gene Expression", "Antibody Capture", "CRISPR Guide Capture"}),
        ("antibody capture", {"Antibody Capture"}),
        (["CRISPR Guide Capture", "Gene Expression"], {"CRISPR Guide Capture", "Gene Expression"}),
    ],
)
def test_other_types_are_read_on_demand(types: Any, wanted: set[str], tmp_path: Path) -> None:
    made = counts()
    source = opened(write_v3(tmp_path / "x.h5", made), feature_type=types)
    kept = np.flatnonzero([kind in wanted for kind in made.types])
    same(source, made.matrix[:, kept])
    assert source.var_names().tolist() == [made.names[at] for at in kept]
    assert [each.option for each in source.catalog.findings] == ([] if types == "all" else [""])
    if types == "all":
        assert source.catalog.matrix is not None
        assert source.catalog.matrix.nnz == made.matrix.nnz


def test_a_file_of_one_type_is_read_whole(tmp_path: Path) -> None:
    made = counts(several=False)
    source = opened(write_v3(tmp_path / "x.h5", made))
    same(source, made.matrix)
    assert not source.catalog.findings


def test_one_genome_of_two_is_read(tmp_path: Path) -> None:
    made = counts(genomes=("GRCh38", "mm10"))
    path = write_v3(tmp_path / "x.h5", made)
    same(opened(path), made.genes())
    kept = [genome == "mm10" for genome in made.genomes]
    same(opened(path, genome="mm10"), made.matrix[:, kept])
    with pytest.raises(BadOptionError, match=r"--genome must be a genome of .*GRCh38 with 30 .*got 'hg19'"):
        opened(path, genome="hg19")
    with pytest.raises(BadOptionError, match="no feature of --genome mm10 and --feature-type Antibody"):
        opened(path, genome="mm10", feature_type="Antibody Capture")


def test_an_unknown_type_is_refused(tmp_path: Path) -> None:
    path = write_v3(tmp_path / "x.h5", counts())
    with pytest.raises(
        BadOptionError, match=r"--feature-type must be .*Antibody Capture with 12 .*got 'RNA'"
    ):
        opened(path, feature_type=["Gene Expression", "RNA"])


def test_cell_ranger_2_has_a_group_for_each_genome(tmp_path: Path) -> None:
    human, mouse = counts(several=False), counts(several=False, n_cells=30)
    one = opened(write_v2(tmp_path / "one.h5", {"GRCh38": human}))
    same(one, human.matrix)
    assert one.var_names().tolist() == human.names
    assert one.var_column("gene_ids").values.tolist() == human.ids
    path = write_v2(tmp_path / "two.h5", {"hg19": human, "mm10": mouse})
    same(opened(path, genome="mm10"), mouse.matrix)
    with pytest.raises(BadOptionError, match=r"has 2 genomes \(hg19, mm10\); choose one with --genome hg19"):
        opened(path)
    with pytest.raises(BadOptionError, match=r"must be a genome of .*\(hg19, mm10\), got 'GRCh38'"):
        opened(path, genome="GRCh38")
    with pytest.raises(BadOptionError, match="takes no --feature-type"):
        opened(path, genome="mm10", feature_type="Antibody Capture")


def test_a_matrix_of_probes_is_read(tmp_path: Path) -> None:
    made = counts(several=False)
    path = write_v3(tmp_path / "raw_probe_bc_matrix.h5", made, filtered_barcodes=np.arange(N_CELLS) % 2 == 0)
    with h5py.File(path, "r+") as file:
        features = file["matrix/features"]
        features["gene_id"] = features["name"][()]
        features["filtered_probes"] = np.ones(N_GENES, bool)
        features.create_group("target_sets")
    source = opened(path)
    same(source, made.matrix)
    names = [column.name for column in source.catalog.var]
    assert names == ["gene_ids", "probe_ids", "feature_types", "filtered_probes", "genome"]
    assert source.var_column("probe_ids").values.tolist() == made.ids
    assert source.obs_column("filtered_barcodes", 0, 3).values.tolist() == [True, False, True]


def test_cellbender_s_files_are_read(tmp_path: Path) -> None:
    made = counts(several=False)
    path = write_v3(tmp_path / "cellbender_filtered.h5", made)
    with h5py.File(path, "r+") as file:
        file["droplet_latents/cell_probability"] = np.ones(N_CELLS)
        file["global_latents/ambient_expression"] = np.ones(N_GENES)
        file["metadata/barcodes_analyzed"] = np.array(made.barcodes, "S")
    same(opened(path), made.matrix)


def test_it_is_read_by_ranges_from_the_web(tmp_path: Path) -> None:
    made = counts()
    path = write_v3(tmp_path / "x.h5", made)
    with serving() as server:
        url = server.put(path)
        same(opened(url), made.genes())
        assert all(not request.whole for request in server.requests)


def broken(made: Counts) -> dict[str, tuple[dict[str, Any], str]]:
    n_values = made.matrix.nnz
    indptr, indices = made.matrix.indptr.astype(np.int64), made.matrix.indices.astype(np.int64)
    wrong = indices.copy()
    wrong[7] = 10_000
    return {
        "shape swapped": (
            {"shape": np.array(made.matrix.shape)},
            "says 210 features x 80 barcodes, but the tables name 80 features and 210 barcodes",
        ),
        "shape too large": (
            {"shape": np.array([1 << 40, 1 << 40])},
            "the tables name 80 features and 210 bar",
        ),
        "shape too long": ({"shape": np.array([1, 2, 3])}, "shape .* must be the numbers of features and"),
        "shape below zero": ({"shape": np.array([-1, 3])}, "shape .* must be the numbers of features and"),
        **{
            f"no {name}": ({name: None}, f"lacks matrix/{name}; the file is damaged, or not complete")
            for name in ("barcodes", "data", "indices", "indptr", "shape")
        },
        "fewer barcodes": ({"barcodes": np.array(made.barcodes[:-1], "S")}, "must name the 210 barcodes"),
        "fewer values": ({"data": made.matrix.data[:-3]}, "do not match"),
        "indptr too short": ({"indptr": indptr[:-1]}, "do not match"),
        "indptr beyond": ({"indptr": indptr * 2}, f"is {2 * n_values} at line|ends at {2 * n_values}"),
        "indptr falls": ({"indptr": np.r_[0, indptr[:0:-1]]}, "must not decrease"),
        "indices beyond": ({"indices": wrong}, "holds the index 10000"),
        "text as values": ({"data": np.array(["a"] * n_values, "S")}, "must be numbers|must hold numbers"),
    }


@pytest.mark.parametrize("name", broken(counts()))
def test_what_does_not_fit_together_is_refused(name: str, tmp_path: Path) -> None:
    made = counts()
    changes, sentence = broken(made)[name]
    path = write_v3(tmp_path / "x.h5", made, **changes)
    with pytest.raises(BadInputError, match=sentence) as refused:
        values(opened(path))
    assert "\n" not in str(refused.value)


def test_features_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = write_v3(tmp_path / "x.h5", counts())
    with h5py.File(path, "r+") as file:
        names = file["matrix/features/name"][:-1]
        del file["matrix/features/name"]
        file["matrix/features/name"] = names
    with pytest.raises(BadInputError, match="must name the 80 features of its matrix, but names 79"):
        opened(path)
    with h5py.File(path, "r+") as file:
        del file["matrix/features/name"], file["matrix/features/id"]
    with pytest.raises(BadInputError, match="has no names of features"):
        opened(path)


def test_types_and_genomes_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = write_v3(tmp_path / "x.h5", counts())
    with h5py.File(path, "r+") as file:
        for name in ("genome", "feature_type"):
            values = file[f"matrix/features/{name}"][:-1]
            del file[f"matrix/features/{name}"]
            file[f"matrix/features/{name}"] = values
    with pytest.raises(BadInputError, match=r"must say the feature_type of the 80 features .* that of 79;"):
        opened(path)
    with h5py.File(path, "r+") as file:
        del file["matrix/features/feature_type"]
    with pytest.raises(BadInputError, match="must say the genome of the 80 features"):
        opened(path, genome="GRCh38")
    source = opened(path)
    assert [each.code for each in source.catalog.findings] == ["features-without-types"]
    assert source.matrix("X").info.shape == (210, 80)


def test_an_array_in_place_of_the_matrix_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["matrix"] = np.arange(3)
    with pytest.raises(BadInputError, match=r"matrix of .* must be a group, but is an array"):
        opened(path)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = write_v3(tmp_path / "x.h5", counts())
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(BadInputError, match="is truncated"):
        opened(path)


def test_an_export_has_the_counts(tmp_path: Path) -> None:
    import anndata

    made = counts()
    path = write_v3(tmp_path / "x.h5", made)
    karospace_stream.export(path, tmp_path / "out.zarr", format="anndata", progress=False)
    written = anndata.read_zarr(tmp_path / "out.zarr")
    assert (sparse.csr_matrix(written.X) != made.genes()).nnz == 0
    assert written.obs_names.tolist() == made.barcodes
    assert karospace_stream.verify(tmp_path / "out.zarr", source=path, progress=False)


@pytest.mark.parametrize("options", [{"feature_type": "all"}, {"genome": "GRCh38"}])
def test_other_inputs_take_no_choice_of_features(options: dict[str, str], tmp_path: Path) -> None:
    import anndata

    anndata.AnnData(np.ones((3, 2), np.float32)).write_h5ad(tmp_path / "x.h5ad")
    with pytest.raises(
        BadOptionError, match=r"chooses among the features .* but .*x\.h5ad is an AnnData; leave"
    ):
        opened(tmp_path / "x.h5ad", **options)

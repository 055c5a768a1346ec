"""A matrix as text is read cell by cell, after its entries are sorted through scratch."""

from __future__ import annotations

import gzip
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest
from scipy import sparse

import karospace_stream
from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.options import read_options
from karospace_stream.inputs.listing.expand import expand
from karospace_stream.inputs.open import open_input
from karospace_stream.model.source import Source
from karospace_stream.pipeline.counting.prepare import StoreFiles
from karospace_stream.storage import Store, location_of
from tests.made.tenx import N_CELLS, N_GENES, counts, write_mtx, write_v3
from tests.source.remote.servers import serving


def opened(path: Any, **options: Any) -> Source:
    return open_input(path, read_options(options))


def prepared(source: Source, scratch: Path, task_nbytes: int = 1 << 20) -> Source:
    """As an export prepares it."""
    files = StoreFiles(Store(location_of(f"file://{scratch / 'files'}")))
    work = pickle.loads(pickle.dumps(source.preparation))
    results = [work.run(pickle.loads(pickle.dumps(step)), files) for step in work.steps(task_nbytes)]
    made: Source = pickle.loads(pickle.dumps(work.finish(pickle.loads(pickle.dumps(results)), files)))
    assert made.preparation is None
    return made


def values(source: Source, step: int = 33) -> sparse.csr_matrix:
    reader: Any = source.matrix("X")
    n_cells, n_genes = reader.info.shape
    cuts = [*range(0, n_cells, step), n_cells]
    blocks = [reader.read_rows(cuts[at], cuts[at + 1]) for at in range(len(cuts) - 1)]
    return sparse.vstack(
        [sparse.csr_matrix((b.data, b.indices, b.indptr), (len(b.indptr) - 1, n_genes)) for b in blocks],
        format="csr",
    )


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("packed", [True, False])
def test_every_value_is_read(version: int, packed: bool, tmp_path: Path) -> None:
    made = counts(several=version == 3)
    folder = write_mtx(tmp_path / "sample", made, version=version, packed=packed)
    source = opened(folder)
    catalog = source.catalog
    assert (catalog.kind, catalog.n_cells, catalog.n_genes) == (
        "10x Genomics matrix as text",
        N_CELLS,
        N_GENES,
    )
    assert catalog.name == "sample"
    assert catalog.matrix is not None
    assert catalog.matrix.nnz == (None if version == 3 else made.matrix.nnz)
    sorted_ = prepared(source, tmp_path)
    found = values(sorted_)
    assert (found != made.genes()).nnz == 0
    assert found.dtype == np.int32
    assert sorted_.matrix("X").info.nnz == made.genes().nnz
    assert sorted_.obs_names(3, 50).tolist() == made.barcodes[3:50]
    assert sorted_.var_names().tolist() == made.names[:N_GENES]
    assert sorted_.var_column("gene_ids").values.tolist() == made.ids[:N_GENES]
    if version == 3:
        assert set(sorted_.var_column("feature_types").values.tolist()) == {"Gene Expression"}
        assert [finding.code for finding in sorted_.catalog.findings] == ["features-left-out"]


def test_all_types_are_read_on_demand(tmp_path: Path) -> None:
    made = counts()
    folder = write_mtx(tmp_path / "sample", made)
    everything = prepared(opened(folder, feature_type="all"), tmp_path)
    assert (values(everything) != made.matrix).nnz == 0
    proteins = prepared(opened(folder, feature_type="Antibody Capture"), tmp_path)
    assert (values(proteins) != made.matrix[:, N_GENES : N_GENES + 12]).nnz == 0
    with pytest.raises(BadOptionError, match="takes no --genome"):
        opened(folder, genome="GRCh38")


def test_text_without_types_takes_no_type(tmp_path: Path) -> None:
    folder = write_mtx(tmp_path / "sample", counts(several=False), version=2)
    with pytest.raises(BadOptionError, match="has no types of features"):
        opened(folder, feature_type="Antibody Capture")


def test_plain_text_is_cut_at_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("karospace_stream.inputs.folders.mtx.preparation._STEP_NBYTES", 1001)
    monkeypatch.setattr("karospace_stream.inputs.folders.mtx.preparation._FEWEST", 50)
    made = counts()
    source = opened(write_mtx(tmp_path / "sample", made, packed=False), feature_type="all")
    assert source.preparation is not None
    assert len(source.preparation.steps(1)) > 30
    assert (values(prepared(source, tmp_path, 1)) != made.matrix).nnz == 0


def test_entries_by_gene_are_sorted_by_cell(tmp_path: Path) -> None:
    made = counts(several=False)
    folder = write_mtx(tmp_path / "sample", made, packed=False)
    path = folder / "matrix.mtx"
    head, entries = path.read_text().splitlines()[:3], path.read_text().splitlines()[3:]
    entries.sort(key=lambda line: int(line.split()[0]))
    path.write_text("\r\n".join([*head, *entries]))
    assert (values(prepared(opened(folder), tmp_path)) != made.matrix).nnz == 0


@pytest.mark.parametrize(("field", "text", "value"), [("real", " 1.5", 1.5), ("pattern", "", 1.0)])
def test_other_fields_are_read(field: str, text: str, value: float, tmp_path: Path) -> None:
    folder = write_mtx(tmp_path / "sample", counts(several=False), packed=False)
    (folder / "matrix.mtx").write_text(
        f"%%MatrixMarket matrix coordinate {field} general\n{N_GENES} {N_CELLS} 2\n1 1{text}\n60 210{text}\n"
    )
    found = values(prepared(opened(folder), tmp_path))
    assert (found.nnz, found[0, 0], found[-1, -1], found.dtype) == (2, value, value, np.float32)


def test_one_of_several_is_named(tmp_path: Path) -> None:
    one, two = counts(several=False), counts(several=False, n_cells=20)
    folder = write_mtx(tmp_path / "GSE1", one, prefix="GSM1_a_")
    write_mtx(folder, two, prefix="GSM2_b_")
    source = opened(folder / "GSM2_b_matrix.mtx.gz")
    assert source.catalog.name == "GSM2_b"
    assert source.catalog.location.endswith("GSM2_b_matrix.mtx.gz")
    assert (values(prepared(source, tmp_path)) != two.matrix).nnz == 0


def test_the_cells_of_a_folder_of_cell_ranger_are_read(tmp_path: Path) -> None:
    made, raw = counts(several=False), counts(several=False, n_cells=300)
    outs = tmp_path / "outs"
    write_mtx(outs / "filtered_feature_bc_matrix", made)
    write_mtx(outs / "raw_feature_bc_matrix", raw)
    assert opened(outs).catalog.n_cells == N_CELLS
    write_v3(outs / "raw_feature_bc_matrix.h5", raw)
    write_v3(outs / "filtered_feature_bc_matrix.h5", made)
    (outs / "molecule_info.h5").touch()
    source = opened(outs)
    assert source.catalog.location.endswith("filtered_feature_bc_matrix.h5")
    assert (values(source) != made.matrix).nnz == 0
    shutil.rmtree(outs / "filtered_feature_bc_matrix")
    (outs / "filtered_feature_bc_matrix.h5").unlink()
    assert opened(outs).catalog.n_cells == 300


@pytest.mark.parametrize("name", ["matrix.mtx.gz", "features.tsv.gz", "barcodes.tsv.gz"])
def test_a_truncated_file_is_refused(name: str, tmp_path: Path) -> None:
    folder = write_mtx(tmp_path / "sample", counts())
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[:-20])
    with pytest.raises(BadInputError, match=r"ends too early|is damaged") as refused:
        prepared(opened(folder), tmp_path)
    assert name in str(refused.value)


def edited(change: Callable[[list[str]], list[str]], folder: Path, name: str = "matrix.mtx.gz") -> None:
    path = folder / name
    lines = gzip.decompress(path.read_bytes()).decode().split("\n")
    path.write_bytes(gzip.compress("\n".join(change(lines)).encode()))


MISTAKES: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "fewer entries": (lambda lines: lines[:-5], r"must have [\d,]+ entries, .* but has [\d,]+; it is"),
    "more entries": (lambda lines: [*lines[:-1], "1 1 1", ""], r"must have .* but has more than"),
    "row 0": (lambda lines: [*lines[:5], "0 1 1", *lines[6:]], r"'0 1 1' that is no entry of a matrix of 80"),
    "row beyond": (lambda lines: [*lines[:5], "81 1 1", *lines[6:]], r"'81 1 1' .*row index out of bounds"),
    "column beyond": (lambda lines: [*lines[:5], "1 211 1", *lines[6:]], r"'1 211 1' .*column index"),
    "text": (lambda lines: [*lines[:5], "1 x 1", *lines[6:]], r"'1 x 1' that is no entry"),
    "a value short": (lambda lines: [*lines[:5], "1 1", *lines[6:]], r"'1 1' that is no entry"),
    "fraction": (
        lambda lines: [*lines[:5], "1 1 1.5", *lines[6:]],
        "must hold whole numbers, .* but holds 1.5",
    ),
    "four numbers": (lambda lines: [*lines[:5], "1 1 1 5", *lines[6:]], "must have 3 numbers in .*'1 1 1 5'"),
    "huge value": (lambda lines: [*lines[:5], "1 1 3000000000", *lines[6:]], r"whole numbers of up to 2,147"),
    "no banner": (lambda lines: lines[1:], "must be a Matrix Market file"),
    "array": (
        lambda lines: [lines[0].replace("coordinate", "array"), *lines[1:]],
        "must hold a sparse matrix",
    ),
    "symmetric": (lambda lines: [lines[0].replace("general", "symmetric"), *lines[1:]], "must hold a sparse"),
    "no sizes": (lambda lines: [*lines[:2], "1 2", *lines[3:]], "must say its numbers of rows, columns and"),
    "only comments": (lambda lines: lines[:2], "must begin with %%MatrixMarket and the numbers"),
    "far too many": (lambda lines: [*lines[:2], f"80 210 {10**17}", *lines[3:]], "but is too small for them"),
    "other size": (
        lambda lines: [*lines[:2], "80 209 100", *lines[3:]],
        "must name the 209 barcodes of .* 210 l",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_lying_matrix_is_refused(name: str, tmp_path: Path) -> None:
    folder = write_mtx(tmp_path / "sample", counts())
    change, sentence = MISTAKES[name]
    edited(change, folder)
    with pytest.raises(BadInputError, match=sentence) as refused:
        prepared(opened(folder), tmp_path)
    assert "\n" not in str(refused.value)


def test_tables_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    folder = write_mtx(tmp_path / "sample", counts())
    edited(lambda lines: lines[:-3], folder, "features.tsv.gz")
    with pytest.raises(BadInputError, match=r"must name the 80 features of .* but has 78 lines"):
        opened(folder)
    (folder / "features.tsv.gz").unlink()
    with pytest.raises(BadInputError, match=r"has no features beside it: there must be features\.tsv\.gz or"):
        opened(folder)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("version", [2, 3])
def test_blank_lines_of_tables_are_skipped(version: int, end: str, tmp_path: Path) -> None:
    made = counts(several=version == 3)
    folder = write_mtx(tmp_path / "sample", made, version=version, packed=version == 3)
    before = opened(folder)
    cells, features = before.obs_names(0, 210).tolist(), before.var_names().tolist()
    for path in (each for each in folder.iterdir() if ".tsv" in each.name):
        data = path.read_bytes()
        lines = (gzip.decompress(data) if version == 3 else data).decode().splitlines()
        text = end.join([lines[0], "", *lines[1:], "", " ", ""]).encode()
        path.write_bytes(gzip.compress(text, mtime=0) if version == 3 else text)
    source = opened(folder)
    assert source.obs_names(0, 210).tolist() == cells
    assert source.var_names().tolist() == features


def test_a_folder_without_its_matrix_says_so(tmp_path: Path) -> None:
    folder = write_mtx(tmp_path / "sample", counts())
    (folder / "matrix.mtx.gz").unlink()
    with pytest.raises(BadInputError, match=r"sample/matrix\.mtx\.gz is missing") as refused:
        opened(folder)
    assert "\n" not in str(refused.value)


def test_it_is_read_from_the_web_and_from_a_store(tmp_path: Path) -> None:
    made = counts(several=False)
    folder = write_mtx(tmp_path / "sample", made)
    with serving() as server:
        url = server.put_folder(folder)
        for name in ("", "/matrix.mtx.gz"):
            source = prepared(opened(f"{url}{name}"), tmp_path)
            assert (values(source) != made.matrix).nnz == 0
            assert source.catalog.remote


@pytest.mark.parametrize("scheduler", ["sync", pytest.param("processes", marks=pytest.mark.big)])
def test_an_export_has_the_counts(scheduler: str, tmp_path: Path) -> None:
    made = counts()
    folder = write_mtx(tmp_path / "sample", made)
    scratch = tmp_path / "scratch"
    karospace_stream.export(
        folder, tmp_path / "out.zarr", format="anndata", scheduler=scheduler, scratch=scratch, progress=False
    )
    written = anndata.read_zarr(tmp_path / "out.zarr")
    assert (sparse.csr_matrix(written.X) != made.genes()).nnz == 0
    assert written.obs_names.tolist() == made.barcodes
    assert not list(scratch.iterdir())
    if scheduler == "sync":
        verified = karospace_stream.verify(tmp_path / "out.zarr", source=folder, progress=False)
        assert verified, verified.faults


def test_a_damaged_entry_ends_the_export_and_leaves_nothing(tmp_path: Path) -> None:
    folder = write_mtx(tmp_path / "sample", counts())
    edited(lambda lines: [*lines[:900], "1 x 1", *lines[901:]], folder)
    with pytest.raises(BadInputError, match="'1 x 1' that is no entry"):
        karospace_stream.export(
            folder, tmp_path / "out.zarr", format="anndata", scratch=tmp_path / "scratch", progress=False
        )
    assert not (tmp_path / "out.zarr").exists()
    assert not list((tmp_path / "scratch").iterdir())


def test_several_matrices_in_a_folder_are_several_inputs(tmp_path: Path) -> None:
    folder = write_mtx(tmp_path / "GSE1", counts(several=False, n_cells=9), prefix="GSM1_a_")
    write_mtx(folder, counts(several=False, n_cells=20), prefix="GSM2_b.")
    listed = expand(folder)
    assert [Path(each.input).name for each in listed.inputs] == [
        "GSM1_a_matrix.mtx.gz",
        "GSM2_b.matrix.mtx.gz",
    ]
    assert [each.key for each in listed.inputs] == ["GSM1_a", "GSM2_b"]
    assert not listed.findings
    write_mtx(tmp_path / "one", counts(several=False, n_cells=9), prefix="GSM1_a_")
    assert not expand(tmp_path / "one").is_several


def test_several_samples_of_text_and_hdf5_are_joined(tmp_path: Path) -> None:
    """Each is prepared in scratch of its own."""
    samples = [counts(several=False, n_cells=n) for n in (30, 41, 23)]
    folder = write_mtx(tmp_path / "GSE1", samples[0], prefix="GSM1_")
    write_mtx(folder, samples[1], prefix="GSM2_")
    write_v3(folder / "GSM3_filtered_feature_bc_matrix.h5", samples[2])
    karospace_stream.export(
        folder, tmp_path / "out.zarr", format="anndata", scratch=tmp_path / "scratch", progress=False
    )
    written = anndata.read_zarr(tmp_path / "out.zarr")
    assert (sparse.csr_matrix(written.X) != sparse.vstack([each.matrix for each in samples])).nnz == 0
    assert written.var_names.tolist() == [*samples[0].names[:-1], f"{samples[0].names[-1]}-1"]
    assert not list((tmp_path / "scratch").iterdir())

"""Files that programs of other languages write: attributes of fixed length, and labels without a link."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from karospace_stream.source import open_source
from karospace_stream.source.elements.attributes import text_attribute, text_attributes

TEXT = h5py.string_dtype()


@pytest.fixture
def node(tmp_path):
    with h5py.File(tmp_path / "x.h5", "w") as root:
        yield root


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("csr_matrix", "csr_matrix"),
        (b"csr_matrix", "csr_matrix"),
        (np.bytes_("csr_matrix"), "csr_matrix"),  # HDF5.jl
        (np.array([b"csr_matrix"]), "csr_matrix"),  # R has no single values
        (np.array(["csr_matrix"], TEXT), "csr_matrix"),
        ("é", "é"),
        ("é".encode(), "é"),
        (b"\xff", "?"),
        (h5py.Empty("S3"), "none"),
        (np.zeros(0), "none"),
        (None, "none"),
        (3, "3"),
    ],
)
def test_one_text(node, value, text):
    if value is not None:
        node.attrs["name"] = value
    assert text_attribute(node, "name", "none") == text


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (np.array(["a", "é"], TEXT), ["a", "é"]),
        (np.array([b"a", "é".encode()]), ["a", "é"]),
        ("cell type", ["cell type"]),  # one column, as R writes it
        (b"cell type", ["cell type"]),
        (np.zeros(0), []),  # MuDataSeurat
        (h5py.Empty("f8"), []),
        (np.array([b"a", b"\xff"]), ["a", "\ufffd"]),
    ],
)
def test_several_texts(node, value, texts):
    node.attrs["name"] = value
    assert text_attributes(node, "name") == texts


@pytest.fixture
def seuratdisk(tmp_path):
    """What SeuratDisk::Convert writes: codes, and lists in ``__categories`` that no attribute links."""

    def write(codes, **lists):
        path = tmp_path / "seuratdisk.h5ad"
        with h5py.File(path, "w") as root:
            root["X"] = np.ones((4, 2), "f4")
            for key, names, columns in (
                ("obs", ["a", "b", "c", "d"], ["kind", "n"]),
                ("var", ["g", "h"], []),
            ):
                frame = root.create_group(key)
                frame.create_dataset("_index", data=names, dtype=TEXT)
                frame.attrs.update({"_index": "_index", "encoding-type": "dataframe"})
                frame.attrs.create("column-order", np.array(columns, object), dtype=TEXT)
            root["obs/kind"], root["obs/n"] = codes, np.arange(4)
            for name, values in lists.items():
                root[f"obs/__categories/{name}"] = values
        return open_source(path)

    return write


def test_labels_that_fit(seuratdisk):
    source = seuratdisk(np.array([0, 1, 1, -1], "i4"), kind=np.array([b"B", b"T"]))
    kind, number = source.catalog.obs
    assert (kind.kind, kind.n_categories, number.kind, number.note) == ("category", 2, "integer", "")
    assert "labels are taken from __categories" in kind.note
    column = source.obs_column("kind", 1, 4)
    assert (column.categories, column.values.tolist()) == (("B", "T"), [1, 1, -1])


@pytest.mark.parametrize(
    ("codes", "labels"),
    [
        ([0, 1, 2, 0], [b"B", b"T"]),
        ([0, 1, -2, 0], [b"B", b"T"]),
        ([0, 1, 1, 0], [b"B", b"B"]),
        ([0, 1, 1, 0], [b"B", b"\xff"]),
        ([0, 1, 1, 0], [[b"B", b"T"]]),
    ],
)
def test_labels_that_do_not_fit(seuratdisk, codes, labels):
    """The numbers stay, as anndata reads them, and the user is told."""
    source = seuratdisk(np.array(codes, "i4"), kind=np.array(labels))
    kind = source.catalog.obs[0]
    assert (kind.kind, source.catalog.unreadable) == ("integer", ())
    assert "exported as numbers" in kind.note
    assert source.obs_column("kind", 0, 4).values.tolist() == codes


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (np.array([-(2**31), 0, 1, -1], "i4"), "; R's NA (-2147483648) counts as missing"),
        (np.array([-(2**31), 0, 1, -1], "i8"), "; R's NA (-2147483648) counts as missing"),
        (np.array([np.nan, 0, 1, -1]), "; NaN counts as missing"),
        (np.array([np.nan, 0, 1, np.nan], "f4"), "; NaN counts as missing"),
        (np.array([-1.0, 0, 1, -1]), ""),
        (np.array([-1, 0, 1, -1], "i1"), ""),
    ],
)
def test_missing_labels_of_r(seuratdisk, codes, said):
    source = seuratdisk(codes, kind=np.array([b"B", b"T"]))
    kind = source.catalog.obs[0]
    assert (kind.kind, kind.note) == (
        "category",
        f"its labels are taken from __categories, though nothing in the file links the two{said}",
    )
    column = source.obs_column("kind", 0, 4)
    assert (column.categories, column.values.tolist()) == (("B", "T"), [-1, 0, 1, -1])


@pytest.mark.parametrize("codes", [[0.5, 0, 1, 0], [np.inf, 0, 1, 0], [2.0, np.nan, 1, 0], [-2.0, 0, 1, 0]])
def test_numbers_that_are_no_codes(seuratdisk, codes):
    kind = seuratdisk(np.array(codes), kind=np.array([b"B", b"T"])).catalog.obs[0]
    assert (kind.kind, kind.note.startswith("exported as numbers")) == ("float", True)


def test_no_labels_for_values_of_another_type(seuratdisk):
    source = seuratdisk(
        np.array([True, False, True, False]), kind=np.array([b"B", b"T"]), n=np.array([b"p"] * 3)
    )
    assert [(info.name, info.kind) for info in source.catalog.obs] == [("kind", "bool"), ("n", "integer")]

"""File names from keys: safe everywhere, and never two keys for one file."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karospace_stream.errors import BadInputError
from karospace_stream.formats.cellucid.layout.names import (
    Layout,
    check_names,
    collisions,
    safe_name,
)
from karospace_stream.formats.cellucid.layout.stored import CodesDtype, Stored, codes_dtype

hostile = st.text() | st.sampled_from(
    ["..", "../../etc/passwd", "a/b\\c", "\0", "<script>", "_", "é", "CON", "\ud800"]
)


@given(hostile)
def test_a_safe_name_is_one_plain_part_of_a_path(key: str) -> None:
    name = safe_name(key)
    assert re.fullmatch(r"[A-Za-z0-9-]([A-Za-z0-9._-]*[A-Za-z0-9-])?", name)
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("n.counts", "n.counts"),
        ("%mito (raw)", "mito_raw"),
        ("__x__", "x"),
        (".hidden", "hidden"),
        ("a__b", "a__b"),
        ("é", "field"),
        ("", "field"),
        ("HLA-DRA.1", "HLA-DRA.1"),
        ("a / b", "a_b"),
    ],
)
def test_safe_names(key: str, name: str) -> None:
    assert safe_name(key) == name


@given(st.lists(hostile, unique=True, max_size=12))
def test_names_that_pass_are_different_files_whatever_the_case(keys: list[str]) -> None:
    files = [safe_name(key).lower() for key in keys]
    clashing = {key for group in collisions(keys) for key in group}
    assert clashing == {key for key, file in zip(keys, files, strict=True) if files.count(file) > 1}
    if clashing:
        with pytest.raises(BadInputError, match="overwrite"):
            check_names(keys, "gene")
    else:
        check_names(keys, "gene")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["x", "a b", "a/b"], r"genes 'a b' and 'a/b' would both be the file 'a_b'"),
        (["Gapdh", "x", "GAPDH"], r"'Gapdh' and 'GAPDH' would both be the file 'Gapdh'.*rename"),
        (["é", "ü", "A", "a"], r"'é' and 'ü' .*'field' \(2 such names in all\)"),
        (["g", "g"], r"'g' and 'g' are the same, .*Leave one of them out"),
        (["x" * 300], r"300 characters"),
    ],
)
def test_what_is_refused_names_the_keys_and_the_way_out(keys: list[str], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        check_names(keys, "gene")


def test_the_longest_name_fits_a_file_system(tmp_path) -> None:
    key = "x" * 239
    check_names([key], "column")
    path = tmp_path / Layout(gzip=True).obs_outliers(key, "u16")
    path.parent.mkdir()
    path.touch()
    with pytest.raises(BadInputError):
        check_names([key + "x"], "column")


def test_paths() -> None:
    plain, zipped = Layout(gzip=False), Layout(gzip=True, obs_folder="o", var_folder="v")
    assert plain.points(2) == "points_2d.bin"
    assert plain.obs_values("a b", "f32") == "obs/a_b.values.f32"
    assert plain.edges("src") == "connectivity/edges.src.bin"
    assert plain.media_type == "application/octet-stream"
    assert zipped.obs_codes("a b", "u8") == "o/a_b.codes.u8.gz"
    assert zipped.obs_outliers("../x", "u16") == "o/x.outliers.u16.gz"
    assert zipped.gene("../x", "u8") == "v/x.values.u8.gz"
    assert zipped.vectors("velocity_umap", 3) == "vectors/velocity_umap_3d.bin.gz"
    assert zipped.media_type == "application/gzip"


def test_types() -> None:
    assert [(Stored(bits).extension, Stored(bits).dtype) for bits in (None, 8, 16)] == [
        ("f32", "float32"),
        ("u8", "uint8"),
        ("u16", "uint16"),
    ]
    assert codes_dtype("k", 254, "auto") == CodesDtype("uint8")
    assert codes_dtype("k", 255, "auto") == CodesDtype("uint16")
    assert codes_dtype("k", 0, "uint16") == CodesDtype("uint16")
    assert (CodesDtype("uint8").missing, CodesDtype("uint16").missing) == (255, 65_535)
    assert codes_dtype("k", 65_535, "auto").extension == "u16"


@pytest.mark.parametrize(
    ("n", "choice", "said"),
    [
        (
            255,
            "uint8",
            r"'k' has 255 categories, but uint8 codes hold 254; leave --cat.* at auto",
        ),
        (65_536, "auto", r"65,536 categories, but uint16 codes hold 65,535; leave the column out"),
        (65_536, "uint8", r"leave the column out"),
    ],
)
def test_more_categories_than_codes(n: int, choice: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        codes_dtype("k", n, choice)  # type: ignore[arg-type]

"""Which key is which vector field."""

from __future__ import annotations

import pytest

from karospace_stream.errors import BadInputError
from karospace_stream.formats.cellucid.layout.names import Layout
from karospace_stream.formats.cellucid.layout.vectors import VectorField, vector_fields, vectors_entry
from karospace_stream.formats.layout.labels import label_of


def test_keys_that_name_their_dimension_win_and_come_first() -> None:
    widths = {"b": 2, "a_3d": 3, "b_2d": 2, "b_1d": 1, "a": 2, "_2d_2d": 2}
    with pytest.raises(BadInputError, match="'_2d' cannot be a file name; rename it to '2d'"):
        vector_fields(widths, [1, 2, 3])
    del widths["_2d_2d"]
    found = vector_fields(widths, [2, 3])
    assert found.kept == (VectorField("a", 2, "a"), VectorField("a", 3, "a_3d"), VectorField("b", 2, "b_2d"))
    assert found.without_points == (VectorField("b", 1, "b_1d"),)


def test_a_field_without_points_may_be_of_any_width_if_its_key_names_the_dimension() -> None:
    assert vector_fields({"a_3d": 5}, [2]).without_points == (VectorField("a", 3, "a_3d"),)


@pytest.mark.parametrize(
    ("widths", "said"),
    [
        ({"a": 5}, r"'a' must have 1 or 2 or 3 components, but it has 5"),
        ({"a": 0}, r"it has 0"),
        ({"a_2d": 3}, r"'a_2d' must have 2 components, but it has 3"),
        ({"../a": 2}, r"'../a' cannot be a file name; rename it to 'a'"),
        ({"_2d": 2}, r"'' cannot be a file name; rename it to 'field'"),
        ({"a_2d\n": 2}, r"rename it to 'a_2d'"),
        ({"é": 2}, r"cannot be a file name"),
        ({"V_umap": 2, "v_umap_3d": 3}, r"'v_umap' and 'V_umap' would overwrite each other"),
    ],
)
def test_refusals(widths: dict[str, int], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        vector_fields(widths, [1, 2, 3])


@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("velocity_umap", "Velocity (UMAP)"),
        ("T_fwd_umap", "T fwd (UMAP)"),
        ("pca_drift", "Pca drift"),
        ("x", "X"),
        ("_umap", "_umap (UMAP)"),
        ("a_umap_umap", "A umap (UMAP)"),
    ],
)
def test_labels(field: str, label: str) -> None:
    assert label_of(field) == label


def test_the_entry_of_the_identity() -> None:
    kept = vector_fields({"zeta_umap": 2, "zeta_umap_3d": 3, "alpha": 1}, [1, 2, 3]).kept
    entry = vectors_entry(Layout(gzip=False), kept)
    assert entry == {
        "default_field": "alpha",
        "fields": {
            "zeta_umap": {
                "label": "Zeta (UMAP)",
                "available_dimensions": [2, 3],
                "default_dimension": 3,
                "files": {"2d": "vectors/zeta_umap_2d.bin", "3d": "vectors/zeta_umap_3d.bin"},
                "basis": "umap",
            },
            "alpha": {
                "label": "Alpha",
                "available_dimensions": [1],
                "default_dimension": 1,
                "files": {"1d": "vectors/alpha_1d.bin"},
            },
        },
    }
    kept = vector_fields({"a": 2, "velocity_umap": 2}, [2]).kept
    shown = vectors_entry(Layout(gzip=False), kept)
    assert shown is not None
    assert shown["default_field"] == "velocity_umap"
    assert vectors_entry(Layout(gzip=False), ()) is None

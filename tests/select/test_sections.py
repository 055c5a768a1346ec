"""Names of section columns, libraries of images, coordinates of a tissue, and the order of people."""

from __future__ import annotations

import pytest

from karospace_stream.errors import BadOptionError
from karospace_stream.select.natural import natural_key
from karospace_stream.select.sections.names import library_column, section_columns, section_rank
from karospace_stream.select.sections.spatial import spatial_embedding
from tests.select.catalogs import catalog


@pytest.mark.parametrize(
    "name",
    [
        *(
            "section",
            "Section",
            "sections",
            "section_id",
            "sectionID",
            "brain_section_label",
            "tissue_section",
        ),
        *("library_id", "library", "libraries", "sample", "Sample_ID", "sampleid", "slide", "slide_name"),
        *("fov", "FOV", "roi", "core", "capture_area", "image_id", "imageID", "batch", "batches", "puck_id"),
    ],
)
def test_names_of_sections(name: str) -> None:
    assert section_rank(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "cell_type",
            "leiden",
            "sample_type",
            "batch_corrected_leiden",
            "donor_id",
            "id",
            "region",
            "x_fov",
        ),
        *("n_counts", "phase", "", "imagerow", "library_preparation_protocol", "tissue", "disease"),
    ],
)
def test_names_of_other_columns(name: str) -> None:
    assert section_rank(name) is None


def test_the_most_certain_name_comes_first() -> None:
    made = catalog(
        obs={
            "batch": "category",
            "fov": "integer",
            "score": "float",
            "library_id": "category",
            "section": "string",
        }
    )
    assert [info.name for info in section_columns(made.obs)] == ["section", "library_id", "fov", "batch"]


@pytest.mark.parametrize(
    ("libraries", "columns", "wanted"),
    [
        (["s1", "s2"], {"cell_type": ["T", "B"], "library_id": ["s1", "s2"]}, "library_id"),
        (["s1", "s2"], {"library_id": ["s1", "s2", "s3"]}, "library_id"),
        (["s1", "s2", "s3"], {"library_id": ["s1"]}, "library_id"),
        (["s1", "s2"], {"donor": ["s1", "s2"]}, "donor"),
        (["s1", "s2"], {"donor": ["s1", "s2", "s3"]}, None),  # no name of a section, and others beside
        (["0", "1"], {"leiden": ["0", "1"]}, None),
        (["1", "2"], {"leiden": ["1", "2"], "section": ["1", "2"]}, "section"),
        (["s1", "s2"], {"batch": ["s1", "s2"], "library_id": ["s1", "s2"]}, "library_id"),
        (["s1", "s2"], {"library_id": ["s1"], "sample": ["s1", "s2"]}, "sample"),
        (["s1"], {"sample": ["a", "b"]}, None),
        ([], {"sample": ["a", "b"]}, None),
    ],
)
def test_the_column_of_the_libraries(
    libraries: list[str], columns: dict[str, list[str]], wanted: str | None
) -> None:
    assert library_column(libraries, columns.items()) == wanted


@pytest.mark.parametrize(
    ("obsm", "coords", "wanted"),
    [
        ({"X_umap": 2, "spatial": 2}, "auto", "spatial"),
        ({"X_umap": 2, "spatial": 2}, "obsm:X_umap", "spatial"),
        ({"X_umap": 2, "X_spatial": 3}, "auto", "X_spatial"),
        ({"spatial": 2, "places": 2}, "obsm:places", "places"),
        ({"X_umap": 2}, "auto", None),
        ({"X_umap": 2}, "obsm:X_umap", None),
        ({}, "auto", None),
    ],
)
def test_the_coordinates_of_the_tissue(obsm: dict[str, int], coords: str, wanted: str | None) -> None:
    found = spatial_embedding(catalog(obsm), coords)
    assert (None if found is None else found.key) == wanted


def test_columns_of_positions_are_a_tissue_where_they_are_drawn() -> None:
    obs = {"x_centroid": "float", "y_centroid": "float"}
    found = spatial_embedding(catalog(obs=obs), "auto")
    assert found is not None
    assert found.key == "x_centroid, y_centroid"
    assert spatial_embedding(catalog({"X_umap": 2}, obs), "auto") is None
    grid = {"array_row": "integer", "array_col": "integer"}
    assert spatial_embedding(catalog(obs=grid), "auto") is None


def test_coordinates_that_are_not_there_are_refused() -> None:
    with pytest.raises(BadOptionError, match="absent"):
        spatial_embedding(catalog({"spatial": 2}), "obsm:absent")


def test_numbers_in_names_are_counted() -> None:
    names = ["10", "2", "1", "s10", "s2", "S1", "a2b10", "a2b9", "", "02", "2"]
    wanted = ["", "1", "02", "2", "2", "10", "a2b9", "a2b10", "S1", "s2", "s10"]
    assert sorted(names, key=natural_key) == wanted

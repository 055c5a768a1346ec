"""What an export says about its data: options, the texts of uns, where they are stored; in all formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest
import zarr

import karospace_stream
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.registry import FORMATS
from karospace_stream.preview.export_list import exports_in
from karospace_stream.runtime.events import ignore
from tests.made.cellxgene import cellxgene

CITATION = "Publication: https://doi.org/10.0000/example Dataset Version: https://example.org/a.h5ad"
SCHEMA = {
    "version": "5.2.0",
    "reference": "https://github.com/chanzuckerberg/single-cell-curation/blob/main/schema/5.2.0/schema.md",
}
OPTIONS = {
    "name": "short",
    "title": "A title",
    "description": "What it is.",
    "license": "CC-BY-4.0",
    "source_name": "Our lab",
    "source_url": "https://example.org/data",
    "source_citation": "Doe (2024)",
}
VALUES = {"matrix": "X", "kind": "normalised"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("about") / "file.h5ad"
    adata = cellxgene(60, 12)
    adata.uns["organism"] = "Homo sapiens"
    adata.write_h5ad(path)
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("about") / "plain.h5ad"
    adata = cellxgene(60, 12)
    for key in ("title", "citation", "schema_version", "schema_reference"):
        del adata.uns[key]
    adata.write_h5ad(path)
    return path


def exported(source: Any, folder: Path, **options: Any) -> Path:
    karospace_stream.export(source, folder, scheduler="sync", progress=False, **options)
    return folder


def stored(folder: Path, format: str) -> dict[str, Any]:
    """What an export says, by the keys of each format."""
    if format == "karospace":
        atlas = json.loads((folder / "atlas.json").read_bytes())
        assert "about" not in json.loads((folder / "manifest.json").read_bytes())
        return {"name": atlas["dataset_name"], **atlas.get("about", {})}
    if format == "cellucid":
        identity = json.loads((folder / "dataset_identity.json").read_bytes())
        return {key: identity[key] for key in ("name", "description", "source", "about") if identity.get(key)}
    uns = anndata.read_zarr(folder).uns
    own = uns.pop("cellucid")
    texts = {key: value for key, value in uns.items() if isinstance(value, str)}
    return {
        **texts,
        "own": {key: own[key] for key in ("name", "description", "source", "citation") if key in own},
    }


def test_a_file_of_cellxgene_says_what_it_is(source: Path, tmp_path: Path) -> None:
    exported(source, tmp_path, format=FORMATS)
    assert stored(tmp_path / "karospace", "karospace") == {
        "name": "file",
        "title": "Blood of two donors",
        "citation": CITATION,
        "organism": "Homo sapiens",
        "schema": SCHEMA,
        "values": VALUES,
    }
    assert stored(tmp_path / "cellucid", "cellucid") == {
        "name": "file",
        "source": {"citation": CITATION},
        "about": {
            "title": "Blood of two donors",
            "organism": "Homo sapiens",
            "schema": SCHEMA,
            "values": VALUES,
        },
    }
    assert stored(tmp_path / "anndata", "anndata") == {
        "title": "Blood of two donors",
        "citation": CITATION,
        "organism": "Homo sapiens",
        "schema_version": SCHEMA["version"],
        "schema_reference": SCHEMA["reference"],
        "own": {"name": "file", "citation": {"text": CITATION}},
    }


@pytest.mark.parametrize("format", FORMATS)
def test_an_address_needs_no_name(format: str, plain: Path, tmp_path: Path) -> None:
    exported(plain, tmp_path, format=[format], source_url="https://example.org/data")
    folder = tmp_path / format if (tmp_path / format).is_dir() else tmp_path
    assert "https://example.org/data" in json.dumps(stored(folder, format))


def test_options_win_over_the_file(source: Path, tmp_path: Path) -> None:
    exported(source, tmp_path, format=FORMATS, **OPTIONS)
    web = {"name": "Our lab", "url": "https://example.org/data"}
    about = {
        "title": "A title",
        "license": "CC-BY-4.0",
        "organism": "Homo sapiens",
        "schema": SCHEMA,
        "values": VALUES,
    }
    assert stored(tmp_path / "karospace", "karospace") == {
        "name": "short",
        "description": "What it is.",
        "citation": "Doe (2024)",
        "source": web,
        **about,
    }
    assert stored(tmp_path / "cellucid", "cellucid") == {
        "name": "short",
        "description": "What it is.",
        "source": {**web, "citation": "Doe (2024)"},
        "about": about,
    }
    assert stored(tmp_path / "anndata", "anndata") == {
        "title": "A title",
        "license": "CC-BY-4.0",
        "organism": "Homo sapiens",
        "schema_version": SCHEMA["version"],
        "schema_reference": SCHEMA["reference"],
        "own": {
            "name": "short",
            "description": "What it is.",
            "source": web,
            "citation": {"text": "Doe (2024)"},
        },
    }
    for format in FORMATS:
        assert karospace_stream.verify(tmp_path / format, source=source).faults == ()


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_is_stored_where_nothing_is_said(plain: Path, format: str, tmp_path: Path) -> None:
    """As before these options: only the names, not even what the values are."""
    found = stored(exported(plain, tmp_path / "out", format=format), format)
    expected: dict[str, Any] = {"name": "plain"}
    assert found == (expected if format != "anndata" else {"title": "plain", "own": expected})


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ({}, "Blood of two donors"),
        ({"name": "short"}, ""),
        ({"name": "short", "title": "T"}, "T"),
        ({"title": "T"}, "T"),
        ({"title": ""}, ""),
        ({"leave_out": "uns:title"}, ""),
        ({"leave_out": "uns"}, ""),
    ],
    ids=str,
)
def test_the_title_is_the_option_else_a_given_name_else_that_of_uns(
    source: Path, options: dict[str, Any], title: str
) -> None:
    assert karospace_stream.plan_export(source, **options).selection.about.title == title


def test_empty_texts_and_parts_taken_out_say_nothing(source: Path) -> None:
    about = karospace_stream.plan_export(source, source_citation="", leave_out="uns:organism").selection.about
    assert (about.citation, about.organism) == ("", "")
    assert about.from_uns == ("title", "schema_version", "schema_reference")


def test_what_is_used_is_not_left_out(source: Path) -> None:
    plan = karospace_stream.plan_export(source, format=FORMATS, title="Another")
    for format in FORMATS:
        parts = {each.part for each in plan.left_out[format]}
        assert "uns:title" in parts  # another title is given
        assert not parts & {"uns:citation", "uns:organism", "uns:schema_version"}


@pytest.mark.parametrize("format", FORMATS)
def test_strange_texts_of_uns_are_bounded_or_passed_over(format: str, tmp_path: Path) -> None:
    adata = cellxgene(40, 8)
    adata.uns |= {
        "title": 3,
        "description": "x" * 1_000_000,
        "license": {"name": "a group"},
        "doi": np.array(["10.1/a", "10.1/b"]),
        "citation": "<b>one</b>\n\u0007two\t" + "\ud800",
        "organism": "  ",
    }
    plan = karospace_stream.plan_export(adata, format=format)
    about = plan.selection.about
    assert (about.title, about.license, about.doi, about.organism) == ("", "", "", "")
    assert about.citation == "<b>one</b>\ntwo"
    assert (len(about.description), about.description[-1]) == (20_000, "…")
    cut = [each for each in plan.findings if each.code == "text-cut"]
    assert [(each.option, each.text) for each in cut] == [
        ("description", "uns['description'] has 1,000,000 characters; the export has the first 20,000")
    ]
    found = stored(exported(adata, tmp_path / "out", format=format), format)
    said = found.get("source", {}).get("citation") or found.get("citation")
    assert said == "<b>one</b>\ntwo"


def test_an_array_of_uns_never_takes_the_place_of_a_text(tmp_path: Path) -> None:
    adata = cellxgene(40, 8)
    adata.uns["license"] = np.arange(3)
    exported(adata, tmp_path / "out", format="anndata", license="CC0-1.0", uns="all")
    uns = zarr.open_group(tmp_path / "out", mode="r")["uns"]
    assert uns["license"][()] == "CC0-1.0"
    assert uns["license-1"][:].tolist() == [0, 1, 2]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"title": "x" * 501}, "title= must have at most 500 characters, got 501"),
        ({"description": 3}, "description= must be a text, got 3"),
        ({"source_url": "javascript:alert(1)", "source_name": "a"}, "source_url= must be an address"),
        ({"source_url": "www.example.org", "source_name": "a"}, "source_url= must be an address"),
    ],
    ids=["long", "number", "script", "bare"],
)
def test_texts_that_cannot_be_shown_are_refused(
    source: Path, options: dict[str, Any], words: str, format: str
) -> None:
    with pytest.raises(BadOptionError, match=words):
        karospace_stream.plan_export(source, format=format, **options)


def test_the_report_tells_how_it_was_made(source: Path, tmp_path: Path) -> None:
    folder = exported(
        source, tmp_path / "out", genes="top_mean:5", downsample=40, anno=["sex", "cell_type"], preview=False
    )
    report = json.loads((folder / "report.json").read_bytes())
    assert report["options"] == [
        ["Genes", "the 5 with the highest means"],
        ["Annotations", "sex, cell_type"],
        ["Number of cells", "40"],
        ["Loading picture", "no"],
    ]
    assert (report["n_cells"], report["n_cells_source"]) == (40, 60)
    assert (report["n_genes"], report["n_genes_source"]) == (5, 12)
    assert report["values"] == VALUES
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert report["n_objects"] == len(files)
    assert report["nbytes"] == sum(path.stat().st_size for path in files if path.name != "report.json")


@pytest.mark.parametrize("choice", [["CD3D"], "list:genes.txt"], ids=["names", "file"])
def test_the_report_names_no_file_of_this_machine(
    source: Path, tmp_path: Path, choice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    genes = [str(anndata.read_h5ad(source, backed="r").var_names[0])]
    Path("genes.txt").write_text(genes[0])
    folder = exported(
        source, tmp_path / "out", genes=genes if isinstance(choice, list) else choice, image=False
    )
    report = json.loads((folder / "report.json").read_bytes())
    assert report["options"] == [["Genes", "by name"], ["Tissue images", "none"]]


def test_the_list_of_exports_has_the_description(source: Path, tmp_path: Path) -> None:
    for format in ("karospace", "cellucid"):
        exported(source, tmp_path / format, format=format, description="Words.")
    assert [each.description for each in exports_in(tmp_path, ignore)] == ["Words.", "Words."]


@pytest.mark.parametrize(
    "options",
    [{}, OPTIONS, {"license": "", "source_citation": "", "title": "", "description": "Words."}],
    ids=["file", "options", "empty"],
)
def test_a_zip_which_records_no_options_is_verified(
    source: Path, options: dict[str, str], tmp_path: Path
) -> None:
    target = exported(source, tmp_path / "a.zarr.zip", format="anndata", **options)
    assert karospace_stream.verify(target, source=source).faults == ()

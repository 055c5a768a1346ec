"""*About this data*: what people read, and how the export was made; strange texts; the keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import karospace_stream
from karospace_stream.formats.registry import FORMATS
from tests.browser.axe import violations
from tests.browser.page import NOT_FOUND, Said, ViewerPage
from tests.browser.test_looks import SIZES
from tests.made.cellxgene import cellxgene

TITLE = "Blood of two donors"
LINKS = {
    "https://doi.org/10.0000/example": "https://doi.org/10.0000/example",
    "https://example.org/a.h5ad": "https://example.org/a.h5ad",
    "version 5.2.0": "https://github.com/chanzuckerberg/single-cell-curation/blob/main/schema/5.2.0/schema.md",
}


def opened(page: Page) -> Locator:
    """The dialog, once all is there."""
    page.get_by_role("button", name="About this data").click()
    dialog = page.get_by_role("dialog", name="About this data")
    expect(dialog.get_by_role("region")).to_have_attribute("aria-busy", "false")
    return dialog


def rows(dialog: Locator) -> dict[str, str]:
    """What stands beside each term; of two, the first."""
    terms, texts = dialog.locator("dt").all_inner_texts(), dialog.locator("dd").all_inner_texts()
    return dict(reversed(list(zip(terms, texts, strict=True))))


def links(dialog: Locator) -> dict[str, str]:
    found = dialog.locator("a")
    assert all(
        (each.get_attribute("target"), each.get_attribute("rel")) == ("_blank", "noopener noreferrer")
        for each in found.all()
    )
    return {each.inner_text(): str(each.get_attribute("href")) for each in found.all()}


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as CELLxGENE gives it out, exported without any option about the data."""
    folder = tmp_path_factory.mktemp("about")
    cellxgene(200, 20).write_h5ad(folder / "download.h5ad")
    karospace_stream.export(folder / "download.h5ad", folder / "out", format=FORMATS, genes="top_mean:6")
    return folder / "out"


@pytest.mark.parametrize("format", FORMATS)
def test_a_download_of_cellxgene_tells_what_it_is(
    viewer: ViewerPage, served: Callable[[Path], str], exports: Path, format: str, said: Said
) -> None:
    page = viewer.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    viewer.open(served(exports / format))
    said.were_expected(NOT_FOUND)  # the marks of the formats that are looked for first
    assert not {"report.json", "checksums.json"} & set(asked)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert page.title() == f"{TITLE} · KaroSpace"
    dialog = opened(page)
    assert ("report.json" if format == "karospace" else "checksums.json") in asked
    expect(dialog.get_by_role("heading", level=2)).to_have_text(TITLE)
    assert links(dialog) == LINKS
    found = rows(dialog)
    assert found["Name"] == "download"
    assert found["Cite as"].startswith("Publication: https://doi.org/10.0000/example Dataset Version: ")
    assert found["Made with"].startswith("karospace-stream ")
    assert found["Cells"] == "200"
    assert found["Genes"] == ("6" if format == "anndata" else "6 of 20")
    assert ("Values" in found) is (format != "anndata")
    n_files = sum(1 for path in (exports / format).rglob("*") if path.is_file())
    assert found["Size"].startswith(f"{n_files:,} files, ")
    expect(dialog.get_by_role("heading", level=4).filter(has_text="Options")).to_have_count(1)
    if format == "karospace":
        assert found["Values"] == "X holds normalised values"
        expect(dialog.get_by_role("listitem").filter(has_text="raw counts are in raw")).to_have_count(1)


def test_it_works_by_keyboard_and_keeps_to_the_window(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], exports: Path
) -> None:
    for size, scheme in (("wide", "light"), ("narrow", "dark")):
        viewer = new_page(viewport=SIZES[size], color_scheme=scheme)
        page = viewer.page
        viewer.open(served(exports / "karospace"))
        button = page.get_by_role("button", name="About this data")
        button.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="About this data")
        expect(dialog.get_by_role("region")).to_be_focused()
        expect(dialog.get_by_role("region")).to_have_attribute("aria-busy", "false")
        assert violations(page) == []
        box = dialog.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= SIZES[size]["width"]
        assert box["y"] + box["height"] <= SIZES[size]["height"]
        assert dialog.evaluate("box => box.scrollWidth <= box.clientWidth")
        page.keyboard.press("Tab")
        expect(dialog.locator("a").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(button).to_be_focused()
        opened(page).get_by_role("button", name="Close").click()
        expect(dialog).to_have_count(0)


SCRIPT = "</script><img src=x onerror=alert(1)>"
HOSTILE: dict[str, Any] = {
    "title": SCRIPT + "t" * 100_000,
    "description": f"{SCRIPT}\n<b>bold</b> javascript:alert(1) https://example.org/\u202egpj.exe "
    + "d" * 1_000_000,
    "citation": "javascript:alert(2) data:text/html,x " + "https://example.org/a " * 5_000,
    "license": "https://example.org/licence\"onmouseover='alert(1)'",
    "doi": 10.1,
    "source": {"name": "click", "url": "javascript:alert(3)"},
    "organism": ["mouse"],
    "schema": {"version": "1", "reference": "data:text/html,<script>alert(4)</script>"},
    "values": {"matrix": SCRIPT, "kind": "counts"},
}


def test_hostile_texts_are_shown_as_text_and_cut(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], bundle: Path
) -> None:
    atlas = json.loads((bundle / "atlas.json").read_bytes())
    (bundle / "atlas.json").write_text(json.dumps({**atlas, "about": HOSTILE, "created_at": SCRIPT}))
    report = {
        "options": [[SCRIPT, "o" * 1_000]] * 1_000,
        "findings": [{"text": SCRIPT}] * 1_000,
        "seconds": -1,
    }
    (bundle / "report.json").write_text(json.dumps(report))
    for size in ("wide", "narrow"):
        viewer = new_page(viewport=SIZES[size])
        page = viewer.page
        viewer.open(served(bundle))
        dialog = opened(page)
        assert dialog.locator("img, script, b").count() == 0
        addresses = set(links(dialog).values())
        assert addresses == {
            "https://example.org/gpj.exe",
            "https://example.org/a",
            "https://example.org/licence",
        }
        found = rows(dialog)
        assert (found["Source"], found["Schema"]) == (
            "click, javascript:alert(3)",
            "version 1, data:text/html,<script>alert(4)</script>",
        )
        assert found["On"].startswith("</script>")
        assert not {"DOI", "Organism", "Took"} & set(found)
        assert len(dialog.inner_text()) < 100_000
        assert dialog.get_by_role("listitem").count() == 50
        assert dialog.evaluate("box => box.scrollWidth <= box.clientWidth")
        heading = page.get_by_role("heading", level=1).bounding_box()
        assert heading is not None
        assert heading["height"] < 60
        page.keyboard.press("Escape")


def test_a_report_that_cannot_be_read_is_said_beside_the_rest(
    viewer: ViewerPage, served: Callable[[Path], str], bundle: Path
) -> None:
    (bundle / "report.json").write_text("{cut")
    viewer.open(served(bundle))
    dialog = opened(viewer.page)
    expect(dialog.locator(".failure")).to_contain_text("report.json is not JSON")
    expect(dialog.get_by_role("heading", level=2)).to_have_text("sample")
    assert rows(dialog)["Made with"].startswith("karospace-stream ")


def test_the_sums_of_an_export_can_be_saved(
    new_page: Callable[..., ViewerPage], served: Callable[[Path], str], tmp_path: Path
) -> None:
    cellxgene(200, 20).write_h5ad(tmp_path / "download.h5ad")
    out = tmp_path / "out"
    karospace_stream.export(tmp_path / "download.h5ad", out, pseudobulk=["donor_id", "cell_type"])
    for size, scheme in (("wide", "light"), ("narrow", "dark")):
        viewer = new_page(viewport=SIZES[size], color_scheme=scheme)
        page = viewer.page
        viewer.open(served(out))
        dialog = opened(page)
        assert "X summed by donor_id, cell_type (" in rows(dialog)["Sums"]
        dialog.get_by_role("button", name="pseudobulk.h5ad").scroll_into_view_if_needed()
        page.screenshot(path=tmp_path / f"sums_{scheme}_{size}.png")
        assert violations(page) == []
        with page.expect_download() as saved:
            dialog.get_by_role("button", name="pseudobulk.h5ad").click()
        assert saved.value.suggested_filename == "download_pseudobulk.h5ad"
        assert Path(saved.value.path()).read_bytes() == (out / "pseudobulk.h5ad").read_bytes()

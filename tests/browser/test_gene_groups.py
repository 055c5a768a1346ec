"""Features of several modalities: the search of genes is kept to one of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

import karospace_stream
from tests.browser.axe import violations
from tests.browser.page import ViewerPage
from tests.inputs.kinds.mudata.conftest import partly, write_h5mu


@pytest.mark.parametrize("modality", ["all", "rna"])
def test_a_switch_between_modalities(
    modality: str, viewer: ViewerPage, served: Callable[[Path], str], tmp_path: Path
) -> None:
    path = write_h5mu(tmp_path / "data.h5mu", partly("csr", "dense"))
    karospace_stream.export(path, tmp_path / "out", modality=modality)
    viewer.open(served(tmp_path / "out"))
    page = viewer.page
    field = page.get_by_role("combobox", name="Gene", exact=True)
    switch = page.get_by_role("combobox", name="Genes of")
    options = page.get_by_role("listbox").get_by_role("option")
    field.fill("cd")
    if modality == "rna":
        expect(options).to_have_text(["CD3E"])
        expect(switch).to_have_count(0)
        return
    expect(options).to_have_count(4)
    assert sorted(options.all_inner_texts()) == ["CD4", "CD8A", "prot:CD3E", "rna:CD3E"]
    field.press("Escape")
    expect(switch.get_by_role("option")).to_have_text(["all", "rna", "prot"])
    switch.select_option("prot")
    field.fill("cd")
    expect(options).to_have_count(3)
    assert sorted(options.all_inner_texts()) == ["CD4", "CD8A", "prot:CD3E"]
    assert not violations(page)
    chosen = options.first.inner_text()
    field.press("Enter")
    expect(viewer.caption.locator("strong")).to_have_text(chosen)
    switch.select_option("rna")
    field.fill("")
    expect(options).to_have_count(31)

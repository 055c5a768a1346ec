"""The graphical exporter, from a file to the viewer, as a person without a terminal goes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from karospace_stream.testing.synth import write_synthetic
from tests.app.client import DATA, Client, running
from tests.browser.page import Said, ViewerPage
from tests.made.sections import make_sections

NUMBERS = ["age(days)", "n_counts", "velocity_pseudotime", "latent_time", "dpt_pseudotime"]
USUAL = ["clusters", "clusters_enlarged", *NUMBERS]
HOSTILE = '<img src=x onerror="window.pwned=1">'
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with running(tmp_path / "state") as client:
        yield client


@pytest.fixture
def page(client: Client, new_page: Callable[..., ViewerPage]) -> Page:
    page = new_page(viewport=SIZES["wide"]).page
    page.goto(client.server.url)
    return page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a real file in it."""
    source = DATA / "cellrank50_velocity_umap.h5ad"
    if not source.is_file():
        pytest.skip(f"the shared data are not at {DATA}")
    folder = tmp_path / "place"
    folder.mkdir()
    shutil.copy(source, folder / "real.h5ad")
    return folder


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("slow") / "slow.h5ad"
    write_synthetic(path, n_cells=6_000, n_genes=1_000)
    return path


def fill(page: Page, label: str, text: str) -> None:
    field = page.get_by_role("combobox", name=label, exact=True)
    field.fill(text)
    field.press("Escape")


def choose(page: Page, source: Path, target: Path) -> None:
    fill(page, "Input", str(source))
    fill(page, "Output", str(target))
    expect(page.get_by_label("The plan")).to_be_visible()


def export(page: Page) -> None:
    button = page.locator(".begin .primary")
    expect(button).to_be_enabled()
    button.click()


def newest(page: Page) -> Locator:
    return page.locator("article.run").first


def problem(page: Page, field: str) -> Locator:
    return page.locator(f"#{field}-problem")


def test_what_is_left_out_is_listed(page: Page, tmp_path: Path) -> None:
    source = tmp_path / "in.h5ad"
    obsm = {"X_umap": np.zeros((4, 2)), HOSTILE: np.zeros((4, 9))}
    uns = {"first": [1, 2], "second": {"third": 3}}
    anndata.AnnData(np.ones((4, 3), np.float32), obsm=obsm, uns=uns).write_h5ad(source)
    choose(page, source, tmp_path / "out")
    expect(page.get_by_label("The plan")).to_contain_text(
        re.compile(r"Output\d+ files, about 1\.\d( to 1\.\d)? MB")
    )
    page.get_by_text("Left out: 3 parts of the input").click()
    listed = page.locator(".left-out li")
    expect(listed.filter(has_text="2 entries of uns")).to_contain_text("first, second")
    expect(listed.filter(has_text="1 entry of obsm")).to_contain_text(HOSTILE)
    assert page.evaluate("window.pwned") is None


def test_from_the_pickers_to_the_viewer(page: Page, client: Client, folder: Path) -> None:
    page.get_by_role("button", name="Browse: Input").click()
    picker = page.get_by_role("dialog", name="Input")
    picker.get_by_label("Folder", exact=True).fill(str(folder.parent))
    picker.get_by_role("button", name="Go", exact=True).click()
    picker.get_by_role("button", name="place").click()
    picker.get_by_role("button", name="real.h5ad").click()
    holds = page.get_by_role("region", name="What the input holds")
    expect(holds).to_contain_text("50 cells \u00d7 143 genes")
    expect(page.get_by_role("combobox", name="Output", exact=True)).to_have_value(
        str(folder / "real-karospace")
    )

    page.get_by_role("button", name="Browse: Output").click()
    picker = page.get_by_role("dialog", name="Output")
    picker.get_by_role("button", name="New folder").click()
    picker.get_by_label("Name of the new folder").fill("made here")
    picker.get_by_role("button", name="Make").click()
    expect(picker.get_by_label("Folder", exact=True)).to_have_value(str(folder / "made here"))
    picker.get_by_label("Name of the bundle").fill("bundle")
    picker.get_by_role("button", name="Save here").click()
    target = folder / "made here" / "bundle"
    expect(page.get_by_role("combobox", name="Output", exact=True)).to_have_value(str(target))

    page.get_by_label("Which genes").select_option("list")
    page.get_by_label("Search a gene to add").fill("tmeff")
    page.get_by_role("button", name="+ Tmeff2").click()
    page.get_by_label("Upload a list of genes").set_input_files(
        files=[{"name": "genes.txt", "mimeType": "text/plain", "buffer": b"Tmeff2\nArpc2\nNoSuchGene\n"}]
    )
    expect(page.get_by_text("2 of 3 genes are in the file; left out: NoSuchGene")).to_be_visible()
    page.get_by_role("group", name="Which annotations").get_by_role("button", name="Choose").click()
    page.get_by_label("Search annotations").fill("root")
    page.get_by_role("checkbox", name=re.compile("root_cells")).check()
    page.get_by_role("button", name="Move root_cells up").click()
    page.get_by_role("button", name="Leave clusters_enlarged out").click()
    page.get_by_role("radio", name="X_diffmap").check(force=True)
    plan = page.get_by_label("The plan")
    expect(plan).to_contain_text("50 \u00d7 2")
    expect(plan).to_contain_text("Diffusion map")
    expect(plan).to_contain_text("clusters, age(days), n_counts")
    expect(plan).to_contain_text("latent_time, root_cells, dpt_pseudotime")

    export(page)
    run = newest(page)
    expect(run.get_by_role("button", name="Open in the viewer")).to_be_visible()
    assert (target / "manifest.json").is_file()
    run.locator("summary", has_text="Log").click()
    run.get_by_label("Search the log").fill("done")
    expect(run.get_by_role("list", name="Log")).to_contain_text("done: ")
    with page.expect_download() as saved:
        run.get_by_role("link", name="Save", exact=True).click()
    assert "done: " in saved.value.path().read_text()

    with page.expect_popup() as opened:
        run.get_by_role("button", name="Open in the viewer").click()
    viewer = ViewerPage(opened.value)
    viewer.wait()
    viewer.choose_gene("Arpc2")
    assert opened.value.evaluate("() => window.opener") is None
    shown = opened.value.url
    run.get_by_role("button", name="Stop showing it").click()
    expect(run.get_by_role("button", name="Stop showing it")).to_have_count(0)
    assert page.request.get(shown).status == 404


@pytest.mark.parametrize("name", ["Cellucid", "AnnData"])
def test_one_other_format_alone(page: Page, folder: Path, name: str) -> None:
    choose(page, folder / "real.h5ad", folder / "out")
    group = page.get_by_role("group", name="Format")
    group.get_by_role("checkbox", name=re.compile(name)).check()
    group.get_by_role("checkbox", name=re.compile("KaroSpace")).uncheck()
    plan = page.get_by_label("The plan")
    expect(plan).to_contain_text("50 \u00d7 143")
    expect(plan.get_by_text("Embeddings" if name == "AnnData" else "Shown first")).to_be_visible()
    expect(page.locator(".wrong")).to_have_count(0)
    page.get_by_text("More options").click()
    expect(page.get_by_text("No image")).to_have_count(0)
    export(page)
    expect(newest(page)).to_contain_text("Done")
    assert {path.name for path in (folder / "out").iterdir()} & {".zgroup", "dataset_identity.json"}


def test_choosing_annotations_waits_for_the_usual_ones(page: Page, folder: Path) -> None:
    held: list[Route] = []
    page.route("**/api/plan", lambda route: held.append(route))
    fill(page, "Input", str(folder / "real.h5ad"))
    fill(page, "Output", str(folder / "out"))
    expect(page.get_by_role("region", name="What the input holds")).to_contain_text("50 cells")
    group = page.get_by_role("group", name="Which annotations")
    group.get_by_role("button", name="Choose").click()
    group.get_by_role("button", name="Choose").click()
    waiting = page.get_by_text("Finding the usual annotations")
    expect(waiting).to_be_visible()
    expect(page.get_by_label("Search annotations")).to_have_count(0)

    held[-1].continue_()  # the page has given up the others
    page.unroute("**/api/plan")
    chosen = page.get_by_role("list", name="Chosen annotations, in their order").locator("li")
    expect(chosen.locator(".name")).to_have_text(USUAL)
    expect(waiting).to_have_count(0)
    # Left out one by one they do not come back.
    for name in USUAL:
        page.get_by_role("button", name=f"Leave {name} out").click()
    expect(page.get_by_text("None yet: choose below.")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("root_cells")).check()
    expect(chosen.locator(".name")).to_have_text(["root_cells"])


def test_a_run_goes_on_over_a_reload_and_is_cancelled(
    page: Page, client: Client, slow: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out" / "bundle"
    target.parent.mkdir()
    choose(page, slow, target)
    page.get_by_text("Memory and workers").click()
    page.get_by_label("Scheduler").fill("sync")
    export(page)
    expect(newest(page)).to_contain_text("Running")
    with client.held(client.exporter.runs.to_json()[0]["id"]):
        page.reload()
        expect(newest(page)).to_contain_text("Running")
        expect(newest(page).get_by_role("list", name="Stages")).to_be_visible()
        expect(page.get_by_text("You can close this page")).to_be_visible()
        expect(page.get_by_role("combobox", name="Input", exact=True)).to_have_value(str(slow))
        newest(page).get_by_role("button", name="Cancel").click()
        expect(newest(page)).to_contain_text("Cancelling")
    expect(newest(page)).to_contain_text("Cancelled")
    assert list(target.parent.iterdir()) == []
    newest(page).get_by_role("button", name="Start again").click()
    expect(newest(page)).to_contain_text("Done")
    assert [path.name for path in target.parent.iterdir()] == ["bundle"]


def test_what_is_wrong_is_said_beside_its_field(page: Page, folder: Path) -> None:
    (folder / "bad.h5ad").write_text("no HDF5")
    fill(page, "Input", str(folder / "bad.h5ad"))
    expect(problem(page, "source")).to_contain_text("bad.h5ad is a text file, not an AnnData")
    expect(page.locator(".begin .primary")).to_be_disabled()
    fill(page, "Input", str(folder / "gone.h5ad"))
    expect(problem(page, "source")).to_contain_text("does not exist")
    choose(page, folder / "real.h5ad", folder / "real.h5ad" / "below")
    expect(problem(page, "source")).to_have_text("")
    expect(problem(page, "target")).to_contain_text("must be outside the input")
    fill(page, "Output", "/proc/self/bundle")
    expect(problem(page, "target")).to_contain_text(re.compile("is not writable|no room|free"))
    fill(page, "Output", str(folder / "bundle"))
    expect(problem(page, "target")).to_have_text("")
    page.get_by_text("Memory and workers").click()
    page.get_by_label("Memory", exact=True).fill("1MB")
    expect(problem(page, "memory")).to_contain_text("too small")
    page.get_by_role("list", name="Problems to correct").or_(page.locator(".wrong")).get_by_role(
        "button", name="Show"
    ).first.click()
    expect(page.get_by_label("Memory", exact=True)).to_be_focused()
    page.get_by_label("Memory", exact=True).fill("")
    page.get_by_label("Which genes").select_option("hvgs")
    page.get_by_label("Number of genes").fill("many")
    expect(problem(page, "genes")).to_contain_text("hvgs:N")
    expect(page.locator(".begin .primary")).to_be_disabled()


def test_another_input_forgets_the_names_of_the_former_one(page: Page, slow: Path, tmp_path: Path) -> None:
    make_sections().write_h5ad(tmp_path / "sections.h5ad")
    choose(page, tmp_path / "sections.h5ad", tmp_path / "bundle")
    page.get_by_role("button", name="Set “Arrange by” to section").first.click()
    page.get_by_text("Memory and workers").click()
    page.get_by_label("Memory", exact=True).fill("2GB")
    command = page.locator("pre").filter(has_text="karospace-stream")
    expect(command.first).to_contain_text("--arrange-by section")
    fill(page, "Input", str(slow))
    expect(command.first).to_contain_text(slow.name)
    expect(page.locator(".begin .primary")).to_be_enabled()
    expect(command.first).to_contain_text("--memory 2GB")
    expect(command.first).not_to_contain_text("--arrange-by")


def test_the_form_and_the_results_have_words_of_their_own(page: Page, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    adata = anndata.AnnData(rng.poisson(1, (60, 3)).astype(np.float32))
    adata.obs["kind"] = pd.Categorical(["a", "b"] * 30)
    adata.obsm["X_umap"] = rng.random((60, 2))
    adata.write_h5ad(tmp_path / "in.h5ad")
    choose(page, tmp_path / "in.h5ad", tmp_path / "out")
    plan = page.get_by_label("The plan")
    expect(plan.locator("div", has=page.get_by_text("Shown first", exact=True)).last).to_have_text(
        "Shown firstUMAP"
    )
    page.get_by_label("Number of cells").fill("abc")
    expect(problem(page, "downsample")).to_have_text("“Number of cells” must be a whole number, got 'abc'")
    page.get_by_label("Number of cells").fill("")
    expect(page.get_by_text("Only for KaroSpace")).to_be_visible()
    page.get_by_text("What people read about the data").click()
    description = page.get_by_label("Description")
    assert description.evaluate("e => [e.tagName, e.clientHeight > 80]") == ["TEXTAREA", True]
    description.fill("One line.\nAnother.")
    export(page)
    run = newest(page)
    expect(run).to_contain_text("Done")
    heads = run.locator(".results .primary, .results summary").all_text_contents()
    assert heads[:3] == ["Open in the viewer", "Put it online", "2 notes"]
    notes = [run.get_by_text(text) for text in ("X holds raw counts", "groups are compared by raw counts")]
    for note in notes:
        expect(note).to_be_hidden()
    run.get_by_text("2 notes").click()
    for note in notes:
        expect(note).to_be_visible()
    run.get_by_text("Put it online").click()
    expect(run).to_contain_text("“Put an export online” in the documentation, docs/howto/online.md")
    documents = [path.read_text() for path in (tmp_path / "out").rglob("*.json")]
    assert any("One line.\\nAnother." in text for text in documents)


def test_names_of_any_kind_run_nothing(page: Page, tmp_path: Path) -> None:
    adata = anndata.AnnData(np.random.default_rng(0).random((20, 3)).astype("float32"))
    adata.var_names = [HOSTILE, "b", "c"]
    adata.obs[HOSTILE] = pd.Categorical([HOSTILE, "b"] * 10)
    adata.obsm["X_<img src=x onerror=window.pwned=1>"] = np.random.default_rng(0).random((20, 2))
    source = tmp_path / f"{HOSTILE}.h5ad"
    adata.write_h5ad(source)
    choose(page, source, tmp_path / f"{HOSTILE} out")
    expect(page.get_by_role("region", name="What the input holds")).to_contain_text(HOSTILE)
    page.get_by_role("group", name="Which annotations").get_by_role("button", name="Choose").click()
    expect(page.get_by_role("list", name="Columns of obs")).to_contain_text(HOSTILE)
    page.get_by_label("Which genes").select_option("list")
    page.get_by_label("Search a gene to add").fill("<img")
    page.get_by_role("button", name=f"+ {HOSTILE}").click()
    expect(page.get_by_text("1 gene, all of them in the file")).to_be_visible()
    page.get_by_role("button", name="Browse: Input").click()
    expect(page.get_by_role("dialog", name="Input")).to_contain_text(f"{HOSTILE}.h5ad")
    page.get_by_role("button", name="Close").click()
    export(page)
    expect(newest(page)).to_contain_text("Done")
    assert page.evaluate("() => window.pwned") is None


def test_keys_alone_complete_a_path(page: Page, folder: Path) -> None:
    field = page.get_by_role("combobox", name="Input", exact=True)
    field.focus()
    page.keyboard.type(f"{folder}/re")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value(str(folder / "real.h5ad"))
    expect(page.get_by_role("region", name="What the input holds")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.few(1)
def test_nothing_is_cut_off(
    client: Client, new_page: Callable[..., ViewerPage], folder: Path, tmp_path: Path, scheme: str, size: str
) -> None:
    page = new_page(viewport=SIZES[size], color_scheme=scheme).page
    page.goto(client.server.url)
    choose(page, folder / "real.h5ad", tmp_path / "out")
    for fold in page.locator("main details.fold > summary").all():
        fold.click()
    overflow = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
    wide = "e => e.scrollWidth - e.clientWidth"
    assert [each.evaluate(wide) for each in page.locator("section.part").all()] == [0, 0, 0, 0, 0]
    page.screenshot(path=tmp_path / f"exporter_{scheme}_{size}.png")
    shade = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert (min(map(int, re.findall(r"\d+", shade))) > 200) == (scheme == "light")


def test_an_exporter_that_was_stopped_is_said(client: Client, page: Page, said: Said) -> None:
    expect(page.get_by_text("What to export")).to_be_visible()
    client.server.stop()
    expect(page.get_by_role("alert")).to_contain_text("The exporter does not answer")
    said.were_expected()  # the browser's own words about the connection

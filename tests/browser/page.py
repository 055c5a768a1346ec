"""What a person does on the page, and what they see."""

from __future__ import annotations

import io
import re

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Locator, Page, expect

WAIT_MS = 60_000  # software rendering on a busy machine is slow
expect.set_options(timeout=WAIT_MS)
#: The browser's own words about a file that our server does not have.
NOT_FOUND = "error: Failed to load resource: the server responded with a status of 404 (Not Found)"
#: What lies over the canvas.
OVERLAYS = ".caption, .rail, .notice, .labels .section, .section-bar, .section-switch, .scale-bar"
#: Waits until three pictures could be drawn.
FRAMES = """() => new Promise((done) => {
  let left = 3;
  const next = () => (left-- ? requestAnimationFrame(next) : done());
  next();
})"""


class Said(list[str]):
    """What the pages of a test say on the console, in the order in which it is heard."""

    def __init__(self) -> None:
        super().__init__()
        self._expected: set[str] = set()

    def were_expected(self, *more: str) -> None:
        """Take out what is there. More of the same may be heard later: the console comes after the page."""
        self._expected.update(self, more)
        self.clear()

    def unexpected(self) -> list[str]:
        return [line for line in self if line not in self._expected]


class ViewerPage:
    """A page with the viewer, driven by its labels as a reader of screens would."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stage = page.locator(".stage")
        self.canvas = page.locator(".stage canvas")
        self.caption = page.locator(".caption")
        self.tooltip = page.get_by_role("tooltip")

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.leave_grid()
        self.wait()

    def leave_grid(self) -> None:
        """Show all cells in one picture, if the page shows a panel for each section."""
        expect(self.stage.or_(self.page.get_by_role("alert")).first).to_be_attached()
        if self.page.locator(".section-grid").count():
            self.page.get_by_role("button", name="All", exact=True).click()

    def open_elsewhere(self, url: str) -> None:
        """Follow a link whose ``?data=`` leads to another host, and agree to that host."""
        self.page.goto(url)
        self.agree()
        self.wait()

    def agree(self) -> None:
        self.page.get_by_role("button", name="Open it").click()

    def wait(self) -> None:
        """Until the cells are drawn, can be pointed at, and nothing is being loaded."""
        expect(self.stage).to_have_attribute("data-searchable", "true")
        expect(self.page.locator(".busy")).to_have_count(0)
        self.settle()

    def settle(self) -> None:
        """Until no new picture has been drawn for a moment, which is longer where the page is slow."""
        before = -1
        while (now := int(self.stage.get_attribute("data-drawn") or 0)) != before:
            before = now
            self.stage.evaluate(FRAMES)
            self.page.wait_for_timeout(100)

    def wait_for_link(self, part: str) -> None:
        """Wait until the address has this after its hash; the page forbids functions that wait inside it."""
        expect(self.page).to_have_url(re.compile(f"#.*{re.escape(part)}"))

    def choose_gene(self, name: str) -> None:
        """Type a name and press Enter."""
        field = self.page.get_by_role("combobox", name="Gene", exact=True)
        field.fill(name)
        field.press("Enter")
        expect(self.caption.locator("strong")).to_have_text(name)
        self.wait()

    def choose_column(self, name: str) -> None:
        self.page.get_by_label("Annotation").select_option(label=name)
        expect(self.caption.locator("strong")).to_have_text(name)
        self.wait()

    def toggle(self, category: str) -> None:
        """Click a category of the legend."""
        row = self.page.locator(".legend li").filter(has_text=category)
        row.locator(".name").first.click()
        self.settle()

    def slide(self, name: str, value: str) -> None:
        self.page.get_by_role("slider", name=name).fill(value)
        self.settle()

    def pixels(self) -> npt.NDArray[np.uint8]:
        """What the canvas shows, ``(height, width, 3)``, without what lies over it."""
        self.page.mouse.move(0, 0)
        # Not by the screenshot's own styles, which the page's security policy refuses.
        self._show_overlays("hidden")
        png = self.canvas.screenshot(caret="initial")
        self._show_overlays("visible")
        return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))

    def _show_overlays(self, visibility: str) -> None:
        overlays = self.page.locator(OVERLAYS)
        overlays.evaluate_all(f"all => all.forEach((e) => {{ e.style.visibility = '{visibility}' }})")
        # Nor the line around the plot while keys lead to it.
        outline = "none" if visibility == "hidden" else ""
        self.stage.evaluate("(stage, outline) => { stage.style.outline = outline }", outline)

    def spots(self, *, under_tools: bool = False) -> npt.NDArray[np.int64]:
        """Pixels of the canvas, not background, ``(n, 2)`` as x and y: that can be pointed at, or all."""
        picture = self.pixels().astype(int)
        painted = np.abs(picture - picture[1, 1]).sum(axis=2) > 60
        stage, controls = self.canvas.bounding_box(), self.page.locator(".rail").bounding_box()
        assert stage is not None
        assert controls is not None
        # The buttons lie over this corner.
        if not under_tools:
            painted[int(controls["y"] - stage["y"]) - 8 :, int(controls["x"] - stage["x"]) - 8 :] = False
        y, x = np.nonzero(painted)
        return np.stack([x, y], axis=1)

    def point_at(self, x: float, y: float) -> None:
        """Move the mouse to a pixel of the canvas."""
        box = self.canvas.bounding_box()
        assert box is not None
        self.page.mouse.move(float(box["x"] + x), float(box["y"] + y))

    def told(self) -> tuple[str, dict[str, str]]:
        """Cell id and values of the tooltip."""
        expect(self.tooltip.locator(".cell-id")).to_be_visible()
        names = self.tooltip.locator("dt").all_text_contents()
        values = self.tooltip.locator("dd").all_text_contents()
        return self.tooltip.locator(".cell-id").inner_text(), dict(zip(names, values, strict=True))

    def ring(self) -> tuple[float, float]:
        """Where the ring around the pointed cell is, in pixels of the canvas."""
        style = self.page.locator(".ring").get_attribute("style") or ""
        found = re.search(r"left: ([-\d.]+)px; top: ([-\d.]+)px", style)
        assert found, style
        return float(found[1]), float(found[2])

    def alert(self) -> Locator:
        return self.page.get_by_role("alert")


def changed(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]) -> int:
    """How many pixels differ for an eye."""
    return int((np.abs(before.astype(int) - after.astype(int)).sum(axis=2) > 24).sum())

"""Hears of the long tasks of a page."""

from __future__ import annotations

from playwright.sync_api import Page

WATCH = """
  window.watch = { tasks: [] };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.watch.tasks.push(duration);
  }).observe({ type: 'longtask' });
"""
_FRAMES = """() => new Promise((done) => {
  let left = 3;
  const next = () => (left-- ? requestAnimationFrame(next) : done());
  next();
})"""
_QUIET_MS = 300


class Watched:
    """A page that is watched."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def clear(self) -> None:
        """Forget what was heard."""
        self._page.evaluate("watch.tasks = []")

    def tasks(self) -> list[float]:
        """The long tasks since then, in milliseconds."""
        return [float(each) for each in self._page.evaluate("watch.tasks")]

    def settle(self) -> None:
        """Until all cells are drawn, and nothing has been loaded or drawn for a moment."""
        stage = self._page.locator(".stage[data-searchable=true]")
        stage.wait_for()
        self._page.locator(".busy").wait_for(state="detached")
        before = ""
        while (now := stage.get_attribute("data-drawn") or "") != before:
            before = now
            stage.evaluate(_FRAMES)
            self._page.wait_for_timeout(_QUIET_MS)


def watched(page: Page) -> Watched:
    return Watched(page)
